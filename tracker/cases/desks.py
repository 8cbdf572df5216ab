"""What waits for each role, as named lists with their counts."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, literal, not_, or_, select

from tracker.cases import clocks
from tracker.cases.conditions import to_sql
from tracker.cases.models import WAITS, Assignment, Case, CitizenFeedback
from tracker.cases.orders import OPEN_CASE, ORDERS, Order, by_own_dates
from tracker.cases.queries import agencies, visible
from tracker.core.db import db
from tracker.rules import counting
from tracker.rules.counting import DUE_SOON, NEAR, OVERDUE, PAST, WAITING, Question
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Role, State
from tracker.units.queries import Viewer

COUNTED_UP_TO = 1_000

_OFFICE = frozenset({Role.COORDINATOR, Role.LEADER, Role.AUDITOR})
_AGENCY = frozenset({Role.AGENCY_WORKER, Role.AGENCY_HEAD})

Condition = Callable[["Asked"], ColumnElement[bool]]


class Asked(NamedTuple):
    """Who asks, on which local date, and which date is the last that is due soon."""

    viewer: Viewer
    today: date
    soon_until: date


@dataclass(frozen=True, slots=True)
class Desk:
    """A list that a role works through, in its `order`; `level` picks the colour of its count."""

    name: str
    label: str
    roles: frozenset[Role]
    order: str
    condition: Condition
    level: str = ""


class Count(NamedTuple):
    """How many cases a list has, None where nobody counted; is_capped: there are more."""

    desk: Desk
    number: int | None
    is_capped: bool


def _in(state: State) -> Condition:
    return lambda _asked: and_(OPEN_CASE, Case.state == state)


def _returned(_asked: Asked) -> ColumnElement[bool]:
    return and_(OPEN_CASE, Case.state == State.VERIFYING, Case.return_count > 0)


def _to_assign(_asked: Asked) -> ColumnElement[bool]:
    return and_(OPEN_CASE, Case.state == State.VERIFYING, Case.return_count == 0)


def soon(asked: Asked) -> ColumnElement[bool]:
    """The cases that wait and are due soon."""
    return and_(OPEN_CASE, to_sql(DUE_SOON, Case, _question(asked)))


def overdue(asked: Asked) -> ColumnElement[bool]:
    """The cases that wait and are past their due date."""
    return and_(OPEN_CASE, to_sql(OVERDUE, Case, _question(asked)))


def _question(asked: Asked) -> Question:
    return Question(asked.today, asked.soon_until, as_of=asked.today)


def _waits_for_ruling(_asked: Asked) -> ColumnElement[bool]:
    return and_(OPEN_CASE, Case.ruling_due_on.is_not(None))


def _unsatisfied(_asked: Asked) -> ColumnElement[bool]:
    return Case.id.in_(select(CitizenFeedback.case_id).where(WAITS))


def _mine(asked: Asked) -> ColumnElement[bool]:
    return Case.logged_by_id == asked.viewer.user_id


def _on_desk(asked: Asked, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The cases that an agency of the asking person has in hand, by its open assignment."""
    held = select(Assignment.case_id).where(
        Assignment.unit_id.in_(sorted(agencies(asked.viewer))),
        Assignment.ended_on.is_(None),
        *conditions,
    )
    return and_(OPEN_CASE, Case.state == State.ASSIGNED, Case.id.in_(held))


def _taken_on(asked: Asked) -> ColumnElement[bool]:
    """Without a word in time a unit has taken on what it was asked."""
    may_reply_since = clocks.may_still_reply_since(asked.today)
    return or_(Assignment.accepted_on.is_not(None), Assignment.assigned_on < may_reply_since)


def _waits_by_own_date(asked: Asked, condition: counting.Condition) -> ColumnElement[bool]:
    """The cases in hand that wait, where the due date of the agency's own assignment is so."""
    question = _question(asked)
    return and_(
        _on_desk(asked, to_sql(condition, Assignment, question)), to_sql(WAITING, Case, question)
    )


DESKS = {
    desk.name: desk
    for desk in (
        Desk("new", _m("Mới tiếp nhận"), _OFFICE, "oldest", _in(State.RECEIVED)),
        Desk("returned", _m("Bị trả lại"), _OFFICE, "oldest", _returned),
        Desk("to_assign", _m("Chờ giao"), _OFFICE, "oldest", _to_assign),
        Desk("to_check", _m("Chờ kiểm tra kết quả"), _OFFICE, "oldest", _in(State.ANSWERED)),
        Desk("to_rule", _m("Chờ ý kiến lãnh đạo"), frozenset({Role.LEADER, Role.COORDINATOR}),
             "oldest", _waits_for_ruling),
        Desk("unsatisfied", _m("Công dân chưa hài lòng"), frozenset({Role.COORDINATOR}), "oldest",
             _unsatisfied),
        Desk("soon", _m("Sắp đến hạn"), _OFFICE, "due", soon, "soon"),
        Desk("overdue", _m("Quá hạn"), _OFFICE, "due", overdue, "overdue"),
        Desk("assigned_to_us", _m("Mới giao cho đơn vị"), _AGENCY, "due",
             lambda asked: _on_desk(asked, not_(_taken_on(asked)))),
        Desk("in_hand", _m("Đơn vị đang làm"), _AGENCY, "due",
             lambda asked: _on_desk(asked, _taken_on(asked))),
        Desk("in_hand_soon", _m("Đơn vị sắp đến hạn"), _AGENCY, "due",
             lambda asked: _waits_by_own_date(asked, NEAR), "soon"),
        Desk("in_hand_overdue", _m("Đơn vị quá hạn"), _AGENCY, "due",
             lambda asked: _waits_by_own_date(asked, PAST), "overdue"),
        Desk("mine", _m("Tôi ghi nhận"), frozenset({Role.RECEPTION_OFFICER}), "newest", _mine),
    )
}  # fmt: skip


# What a list's filter "due" narrows by: of the citizen's date, and of an agency's own.
STANDINGS: dict[str, tuple[Condition, counting.Condition]] = {
    "soon": (soon, NEAR),
    "overdue": (overdue, PAST),
}


def standing(asked: Asked, name: str, desk: Desk | None) -> ColumnElement[bool]:
    """The cases of a list that are `name`, by the due dates that it shows."""
    of_citizens, own = STANDINGS[name]
    is_own = _has_own_dates(asked.viewer, desk)
    return _waits_by_own_date(asked, own) if is_own else of_citizens(asked)


def order(viewer: Viewer, name: str, desk: Desk | None) -> Order:
    """The order `name` of a list, with the due dates that it shows."""
    return dated(ORDERS[name], viewer, desk)


def dated(order: Order, viewer: Viewer, desk: Desk | None) -> Order:
    """`order` with the due dates that a list shows: an agency's, those of its own assignments."""
    return by_own_dates(order, agencies(viewer)) if _has_own_dates(viewer, desk) else order


def _has_own_dates(viewer: Viewer, desk: Desk | None) -> bool:
    return (desk.roles if desk else viewer.roles) <= _AGENCY


def of(viewer: Viewer) -> list[Desk]:
    """The lists that `viewer`'s roles work through."""
    return [desk for desk in DESKS.values() if not desk.roles.isdisjoint(viewer.roles)]


def uncounted(viewer: Viewer) -> list[Count]:
    """The lists of `viewer`, for a page that doesn't wait for their counts."""
    return [Count(desk, None, is_capped=False) for desk in of(viewer)]


def counts(asked: Asked) -> list[Count]:
    """The lists of whoever asks, each with its count. One query."""
    desks = of(asked.viewer)
    if not desks:
        return []
    found = db.session.execute(select(*(_how_many(desk, asked) for desk in desks))).one()
    return [_counted(desk, number) for desk, number in zip(desks, found, strict=True)]


def count(desk: Desk, asked: Asked) -> Count:
    """One list of whoever asks, with its count. One query."""
    return _counted(desk, db.session.execute(select(_how_many(desk, asked))).scalar_one())


def _counted(desk: Desk, number: int) -> Count:
    return Count(desk, min(number, COUNTED_UP_TO), number > COUNTED_UP_TO)


def _how_many(desk: Desk, asked: Asked) -> ColumnElement[int]:
    some = (
        select(literal(1))
        .select_from(Case)
        .where(desk.condition(asked), visible(asked.viewer))
        .limit(COUNTED_UP_TO + 1)
        .subquery()
    )
    return select(func.count()).select_from(some).scalar_subquery()


def sees_any(viewer: Viewer) -> bool:
    """Whether there is a case at all, even an ended one, that `viewer` may see."""
    return bool(db.session.scalar(select(select(Case.id).where(visible(viewer)).exists())))
