"""What the story of a case holds: its entries, their chain, and the versions beside them."""

from itertools import pairwise

from sqlalchemy import select

from tracker.cases import story
from tracker.cases.models import FOREVER, REPORTABLE, Case, CaseVersion, Entry
from tracker.core.db import db


def entries(case: Case) -> list[Entry]:
    return list(
        db.session.scalars(select(Entry).where(Entry.case_id == case.id).order_by(Entry.sequence))
    )


def versions(case: Case) -> list[CaseVersion]:
    return list(
        db.session.scalars(
            select(CaseVersion)
            .where(CaseVersion.case_id == case.id)
            .order_by(CaseVersion.recorded_from)
        )
    )


def assert_chain(case: Case) -> None:
    """Every entry says what it said, and follows the one before it."""
    previous = story.FIRST_DIGEST
    columns = [column.key for column in Entry.__table__.columns if column.key != "digest"]
    for number, entry in enumerate(entries(case), start=1):
        assert entry.sequence == number
        said = {name: getattr(entry, name) for name in columns}
        assert story.sealed(previous, said)["digest"] == entry.digest
        previous = entry.digest


def assert_versions(case: Case) -> None:
    """The versions follow each other without a gap, and the last is the case as it stands."""
    found = versions(case)
    for earlier, later in pairwise(found):
        assert earlier.recorded_to == later.recorded_from
    assert found[-1].recorded_to == FOREVER
    for name in REPORTABLE:
        assert getattr(found[-1], name) == getattr(case, name), name
