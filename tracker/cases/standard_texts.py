"""Reads of standard texts: those that a unit keeps, and what one of them says in a case."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select, union_all

from tracker.cases.models import Case, StandardText
from tracker.core.db import db
from tracker.rules import standard_texts as rules
from tracker.rules.vietnamese import collate, format_date
from tracker.units.administration import managed
from tracker.units.models import Membership, Unit, UnitSuccession
from tracker.units.queries import Viewer


def kept(actor: Viewer) -> list[tuple[StandardText, Unit]]:
    """The texts of the units that `actor` administers, retired ones as well, by unit and name."""
    rows = db.session.execute(
        select(StandardText, Unit)
        .join(Unit, Unit.id == StandardText.unit_id)
        .where(StandardText.unit_id.in_(managed(actor)))
    )
    found = [(text, unit) for text, unit in rows]
    return sorted(found, key=lambda row: (collate(row[1].name), collate(row[0].name)))


def find(text_id: UUID) -> StandardText | None:
    """The text, None where there is none."""
    return db.session.get(StandardText, text_id)


def offered(viewer: Viewer, action: str, today: date) -> list[StandardText]:
    """What `viewer` may choose from in the form of `action`, by name: texts of the units at which
    the person has a role on the local date, of those above, and of those whose work they took
    over."""
    found = db.session.scalars(
        select(StandardText).where(
            StandardText.unit_id.in_(_upwards(viewer, today)), StandardText.retired_on.is_(None)
        )
    )
    return sorted(
        (text for text in found if action in text.actions.split()),
        key=lambda text: collate(text.name),
    )


def _upwards(viewer: Viewer, today: date) -> Select[Any]:
    own = (
        select(Membership.unit_id)
        .where(
            Membership.user_id == viewer.user_id,
            Membership.valid_from <= today,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
        .cte("upwards", recursive=True)
    )
    edges = union_all(
        select(Unit.id.label("from_id"), Unit.parent_id.label("to_id")).where(
            Unit.parent_id.is_not(None)
        ),
        select(UnitSuccession.successor_id, UnitSuccession.unit_id),
    ).subquery()
    upwards = own.union(select(edges.c.to_id).where(edges.c.from_id == own.c.unit_id))
    return select(upwards.c.unit_id)


def filled(texts: Sequence[StandardText], case: Case, viewer: Viewer) -> list[str]:
    """What each of the texts says in `case`, written by `viewer`."""
    receiving = db.session.get_one(Unit, case.unit_id)
    values = {
        "mã": case.code,
        "ngày tiếp nhận": format_date(case.received_on),
        "đơn vị tiếp nhận": receiving.name,
        "đơn vị": viewer.unit_name,
    }
    return [rules.fill(text.body, values) for text in texts]
