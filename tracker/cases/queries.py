"""Reads of cases. `visible` is the one gate: nothing reads cases without it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Row,
    Select,
    and_,
    bindparam,
    column,
    exists,
    false,
    func,
    null,
    or_,
    select,
    true,
)
from sqlalchemy import (
    table as sql_table,
)
from sqlalchemy.orm import InstrumentedAttribute, joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from tracker.cases import file_rows, own_part, together
from tracker.cases.file_rows import FileRow
from tracker.cases.models import (
    Answer,
    Assignment,
    Case,
    CaseVersion,
    Channel,
    Entry,
    Reading,
    Submission,
)
from tracker.core.clock import local_date
from tracker.core.db import Instant, db, is_sqlite
from tracker.rules.access import (
    EVERYTHING,
    KEPT_BY_LEAD,
    NORMAL,
    SHOWN_TO_ADMINISTRATOR,
    SIGHT,
    Confidentiality,
    Reach,
    Sight,
    clearance_of_logged,
)
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import Role
from tracker.units.models import Unit, User
from tracker.units.queries import Viewer

# Registers stand above cases: only these two columns of theirs are known here.
IMPORT_RUN = sql_table("import_run", column("id", Case.id.type), column("file_name"))

CaseTable = type[Case] | type[CaseVersion]


def visible(viewer: Viewer, table: CaseTable = Case) -> ColumnElement[bool]:
    """The condition under which `viewer` may see a row of `table`.

    It joins what each of the roles sees (`rules.access.SIGHT`) and what the person logged, as
    long as a role reaches the unit that received it and whoever has that role may see it. Of a
    past version of what is protected now, it is today's case that decides.
    """
    if viewer.sees_everything:
        return true()
    ties = [
        _tie(sight, units, table)
        for role, units in viewer.reach.items()
        if (sight := SIGHT[role]) is not None
    ]
    if not ties:
        return false()
    seen = or_(*ties, _logged(viewer, table))
    if viewer.seen_by is not None:
        seen = and_(seen, _cleared(SHOWN_TO_ADMINISTRATOR, table))
    return seen if table is Case else and_(seen, CaseVersion.case_id.not_in(_closed_to(viewer)))


def _closed_to(viewer: Viewer) -> CompoundSelect[UUID]:
    """The protected cases that `viewer` may not see today, whoever had them once."""
    protected = select(Case.id).where(Case.confidentiality.in_(sorted(EVERYTHING - NORMAL)))
    return protected.except_(protected.where(visible(viewer)))


def agencies(viewer: Viewer) -> frozenset[UUID]:
    """The units for which `viewer` works on what they are asked."""
    return frozenset(
        unit_id
        for role, reached in viewer.reach.items()
        if (sight := SIGHT[role]) is not None and sight.reach is Reach.ASSIGNED
        for unit_id in reached
    )


def _logged(viewer: Viewer, table: CaseTable) -> ColumnElement[bool]:
    columns: tuple[Any, ...] = (table.logged_by_id, table.unit_id, Case.confidentiality)
    if is_sqlite():
        # It would go by the indexes on these columns and then sort all that it finds.
        columns = tuple(func.coalesce(each, null()) for each in columns)
    logged_by, unit, level = columns
    reached: dict[frozenset[Confidentiality], frozenset[UUID]] = defaultdict(frozenset)
    for role, units in viewer.reach.items():
        reached[clearance_of_logged(role)] |= units
    there = [
        unit.in_(units)
        if clearance == EVERYTHING
        else unit.in_(units)
        & (level.in_(sorted(clearance)) if table is Case else _cleared(clearance, table))
        for clearance, units in reached.items()
        if clearance
    ]
    return and_(logged_by == viewer.user_id, or_(false(), *there))


def _tie(sight: Sight, units: frozenset[UUID], table: CaseTable) -> ColumnElement[bool]:
    cleared = _cleared(sight.clearance, table)
    if sight.reach is Reach.RECEIVED:
        return and_(table.unit_id.in_(units), cleared)
    on_desk = select(Assignment.case_id).where(
        Assignment.unit_id.in_(units), Assignment.ended_on.is_(None)
    )
    return or_(_led(units, table), and_(_case_id(table).in_(on_desk), cleared))


def counts_normal_ones(viewer: Viewer) -> bool:
    """Whether `viewer` sees no case and is told how many normal ones a change concerns."""
    return viewer.roles == {Role.ADMINISTRATOR} and viewer.seen_by is None


def counted(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which a case is counted to `viewer` before a change of many.

    An administrator sees none of them: those of normal confidentiality of the units administered
    are counted, and no others, so that a number never tells of a denunciation.
    """
    if not counts_normal_ones(viewer):
        return visible(viewer)
    units = viewer.reach[Role.ADMINISTRATOR]
    of_these_units = or_(Case.unit_id.in_(units), Case.lead_unit_id.in_(units))
    return and_(of_these_units, _cleared(NORMAL, Case))


def _cleared(clearance: frozenset[Confidentiality], table: CaseTable) -> ColumnElement[bool]:
    # Of past versions `_closed_to` holds back all that is protected.
    return Case.confidentiality.in_(sorted(clearance)) if table is Case else true()


def _led(units: frozenset[UUID], table: CaseTable) -> ColumnElement[bool]:
    led = and_(Case.lead_unit_id.in_(units), Case.confidentiality.in_(sorted(KEPT_BY_LEAD)))
    return led if table is Case else CaseVersion.case_id.in_(select(Case.id).where(led))


def _case_id(table: CaseTable) -> InstrumentedAttribute[UUID]:
    return Case.id if table is Case else CaseVersion.case_id


def find(viewer: Viewer, case_id: UUID, *, for_update: bool = False) -> Case | None:
    """The case, if it exists and `viewer` may see it: to others it doesn't exist.

    for_update: read afresh and kept from other writers until the transaction ends.
    """
    statement = select(Case).where(Case.id == case_id, visible(viewer))
    if for_update:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


def id_of_code(viewer: Viewer, code: str) -> UUID | None:
    """The case with exactly this `code`, if `viewer` may see it, or an own part of it."""
    opens = or_(visible(viewer), own_part.had_on_desk(viewer))
    return db.session.scalars(select(Case.id).where(Case.code == clean(code), opens)).first()


@dataclass(frozen=True, slots=True)
class WholeCase:
    """A case with all that its page shows.

    logged_by: the name of who logged it. writers: the names of the others who write on it just
    now, None where nobody does. is_noted: whether it is on record already that the reader opened
    the case today. story: each entry, then `user`, `unit` and `file`,
    latest first. turns: each with `channel`.
    """

    case: Case
    logged_by: str | None
    writers: str | None
    story: Sequence[Row[Any]]
    turns: Sequence[
        Row[
            date,
            int,
            str,
            UUID | None,
            UUID,
            UUID | None,
            datetime | None,
            UUID | None,
            datetime,
        ]
    ]
    answers: Sequence[Answer]
    files: Sequence[FileRow]
    is_noted: bool


def whole(viewer: Viewer, case_id: UUID, now: datetime) -> WholeCase | None:
    """The case with its story, if `viewer` may see it. Five queries, whatever its length."""
    asked = _whole_case(is_sqlite(), viewer.may("case:read_detached")).where(visible(viewer))
    reader_id = viewer.seen_by or viewer.user_id
    given = {"reader_id": reader_id, "now": now, "today": local_date(now), "case_id": case_id}
    found = db.session.execute(asked, given).first()
    if found is None:
        return None
    case, logged_by, files, writers, is_noted = found
    of_case = {"case_id": case_id}
    assignments = db.session.scalars(_ASSIGNMENTS, of_case).all()
    set_committed_value(case, "assignments", list(assignments))
    answers = db.session.scalars(_ANSWERS, of_case).all()
    set_committed_value(case, "answers", list(answers))
    return WholeCase(
        case,
        logged_by,
        writers,
        db.session.execute(_STORY, of_case).all(),
        db.session.execute(_TURNS, of_case).all(),
        answers,
        file_rows.parse(files),
        is_noted,
    )


# What belongs to a case is asked for at each of its pages: put together once, not every time.
_OF_CASE = bindparam("case_id", type_=Case.id.type)
_READER = bindparam("reader_id", type_=User.id.type)


@cache
def _whole_case(_on_sqlite: bool, with_removed: bool) -> Select[Any]:
    """The case with what stands on its page, before it is narrowed to what somebody may see.

    Each database has words of its own for it.
    """
    # Whether it is on record already that the reader opened it on this day.
    noted = exists().where(
        Reading.case_id == Case.id,
        Reading.user_id == _READER,
        Reading.read_on == bindparam("today", type_=Date()),
        Reading.way == "opened",
        Reading.export_id.is_(None),
    )
    return (
        select(
            Case,
            User.name,
            file_rows.of_case(with_removed=with_removed),
            together.writers(_READER, bindparam("now", type_=Instant())),
            noted,
        )
        .outerjoin(User, User.id == Case.logged_by_id)
        .options(joinedload(Case.extension_request), joinedload(Case.last_work))
        .options(undefer(Case.awaits_reply))
        .where(Case.id == _OF_CASE)
    )


_ASSIGNMENTS = (
    select(Assignment)
    .options(joinedload(Assignment.unit))
    .where(Assignment.case_id == _OF_CASE)
    .order_by(Assignment.assigned_on, Assignment.part, Assignment.id)
)
_STORY = (
    select(
        Entry.action,
        Entry.happened_on,
        Entry.recorded_at,
        Entry.to_state,
        Entry.changes,
        Entry.text,
        Entry.import_row,
        User.name.label("user"),
        Unit.name.label("unit"),
        IMPORT_RUN.c.file_name.label("file"),
    )
    .outerjoin(User, User.id == Entry.user_id)
    .outerjoin(Unit, Unit.id == Entry.unit_id)
    .outerjoin(IMPORT_RUN, IMPORT_RUN.c.id == Entry.import_id)
    .where(Entry.case_id == _OF_CASE)
    .order_by(Entry.sequence.desc())
)
_TURNS = (
    select(
        Submission.received_on,
        Submission.persons,
        Channel.name.label("channel"),
        Submission.merge_id,
        Submission.id,
        Submission.person_id,
        Submission.voided_at,
        Submission.logged_by_id,
        Submission.recorded_at,
    )
    .outerjoin(Channel, Channel.id == Submission.channel_id)
    .where(Submission.case_id == _OF_CASE)
    .order_by(Submission.received_on, Submission.id)
)
_ANSWERS = (
    select(Answer)
    .options(joinedload(Answer.unit))
    .where(Answer.case_id == _OF_CASE)
    .order_by(Answer.answered_on, Answer.recorded_at)
)
