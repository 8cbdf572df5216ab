"""Units, people and cases for tests, made as the application makes them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tracker.cases import queries, service
from tracker.cases.models import Area, Case, Channel, Field
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.rules.vietnamese import fold
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.models import Membership, Unit, User
from tracker.units.queries import Viewer, viewer

SINCE = date(2016, 1, 1)


def make_unit(name: str, parent: Unit | None = None) -> Unit:
    """A unit that exists since `SINCE`, below `parent`."""
    unit = Unit(
        id=new_id(),
        code=fold(name).replace(" ", "-"),
        name=name,
        folded_name=fold(name),
        parent_id=parent.id if parent else None,
        valid_from=SINCE,
    )
    db.session.add(unit)
    db.session.commit()
    return unit


def make_user(role: Role, unit: Unit, *, name: str = "") -> User:
    """Somebody who has `role` at `unit`; the password can't be used."""
    login = f"{role}-{new_id().hex[-12:]}"
    user = User(id=new_id(), login=login, name=name or login, password_hash="!")
    db.session.add(user)
    db.session.flush()
    give_role(user, role, unit)
    return user


def give_role(user: User, role: Role, unit: Unit) -> None:
    """Lets `user` have one more role."""
    db.session.add(Membership(user_id=user.id, unit_id=unit.id, role=role, valid_from=SINCE))
    db.session.commit()


def as_viewer(user: User, on: date = date(2026, 3, 2)) -> Viewer:
    """The person behind `user`, as the application sees them on a local date."""
    person = viewer(user.id, on)
    assert person is not None
    return person


def make_named(table: type[Field] | type[Area] | type[Channel], name: str) -> UUID:
    """The id of a new field, area or channel."""
    row = table(id=new_id(), name=name, folded_name=fold(name))
    db.session.add(row)
    db.session.commit()
    return row.id


@dataclass
class Office:
    """A committee with two agencies below it, and somebody in each role.

    The agency's people are of `agency`; `other_agency` has nobody's cases. on: the local date on
    which they hold their roles.
    """

    committee: Unit
    agency: Unit
    other_agency: Unit
    users: dict[Role, User]
    on: date = date(2026, 3, 2)

    def user(self, role: Role) -> User:
        return self.users[role]

    def viewer(self, role: Role) -> Viewer:
        return as_viewer(self.users[role], self.on)

    def log(self, now: datetime, **given: Any) -> Case:
        """A case that the coordinator logged on the day of `now`."""
        wanted = {
            "actor": self.viewer(Role.COORDINATOR),
            "kind": Kind.OPINION,
            "content": "Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm",
            "received_on": local_date(now),
            "now": now,
        }
        return service.log(**(wanted | given))

    def case_in(self, state: State, now: datetime, **given: Any) -> Case:
        """A case brought to `state` by the verbs, one a minute, up to `now`."""
        coordinator = self.viewer(Role.COORDINATOR)
        worker = self.viewer(Role.AGENCY_WORKER)
        steps = list(State)
        reached = steps.index(state)
        case = self.log(now - timedelta(minutes=reached), **given)
        for number, step in enumerate(steps[1 : reached + 1], start=1):
            at = now - timedelta(minutes=reached - number)
            if step is State.VERIFYING:
                service.verify(case.id, actor=coordinator, now=at)
            elif step is State.ASSIGNED:
                service.assign(case.id, actor=coordinator, lead_id=self.agency.id, now=at)
            elif step is State.ANSWERED:
                service.answer(
                    case.id,
                    actor=worker,
                    text="Đã thay bóng đèn",
                    answered_on=local_date(at),
                    outcome=Outcome.RESOLVED,
                    now=at,
                )
            else:
                service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=at)
        found = queries.find(coordinator, case.id)
        assert found is not None
        return found


def make_office(name: str = "Quận ủy Long Biên") -> Office:
    """An office with all its people."""
    committee = make_unit(name)
    agency = make_unit(f"{name}, Phòng Quản lý đô thị", committee)
    other_agency = make_unit(f"{name}, Phòng Y tế", committee)
    at_agency = {Role.AGENCY_WORKER, Role.AGENCY_HEAD}
    users = {role: make_user(role, agency if role in at_agency else committee) for role in Role}
    return Office(committee, agency, other_agency, users)
