"""An office for tests of reports: its catalogues, and cases put in with their past."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from tracker.cases.models import FOREVER, REPORTABLE, Area, Case, CaseVersion, Channel, Field
from tracker.core.db import db, new_id
from tracker.rules import counting
from tracker.rules.vietnamese import fold
from tracker.rules.workflow import Outcome, Role
from tracker.units.models import Membership, Unit, User

LONG_AGO = datetime(2016, 1, 1, tzinfo=UTC)
COUNTS = {"round": 1, "return_count": 0, "redo_count": 0}


@dataclass(frozen=True)
class Standing:
    """What was recorded of a case at an instant; what counts follows from it."""

    received_on: date
    recorded_at: datetime = LONG_AGO
    due_on: date | None = None
    outcome: Outcome | None = None
    answered_on: date | None = None
    suspended_on: date | None = None
    closed_on: date | None = None
    kind: str = "opinion"
    unit_id: UUID | None = None
    lead_unit_id: UUID | None = None
    area_id: UUID | None = None
    field_id: UUID | None = None
    channel_id: UUID | None = None
    code: str = ""

    @property
    def ended_on(self) -> date | None:
        return counting.ended_on(self.outcome, self.answered_on, self.closed_on)

    def columns(self) -> dict[str, Any]:
        blank: dict[str, Any] = dict.fromkeys(REPORTABLE)
        own = {name: getattr(self, name) for name in blank if hasattr(self, name)}
        state = "closed" if self.outcome else "received"
        return {**blank, **own, "state": state, **COUNTS, "confidentiality": "normal"}


@dataclass
class Office:
    """Units, areas, fields and channels by name, and the number of cases so far."""

    units: dict[str, Unit]
    areas: dict[str, Area]
    fields: dict[str, Field]
    channels: dict[str, Channel]
    serial: int = field(default=0)

    @property
    def unit(self) -> Unit:
        """The unit that receives."""
        return next(iter(self.units.values()))

    def put(self, history: Iterable[Standing]) -> list[Standing]:
        """Write a case as its history says, first word first; return it with code and unit."""
        self.serial += 1
        told = [
            replace(each, code=f"DLXH-{self.serial:05}", unit_id=each.unit_id or self.unit.id)
            for each in history
        ]
        case_id = new_id()
        now = told[-1].columns()
        texts = {"content": f"Nội dung {self.serial}", "note": "", "version": 1}
        db.session.execute(insert(Case).values(id=case_id, serial=self.serial, **texts, **now))
        ends = [*(each.recorded_at for each in told[1:]), FOREVER]
        for each, recorded_to in zip(told, ends, strict=True):
            db.session.execute(
                insert(CaseVersion).values(
                    case_id=case_id,
                    recorded_from=each.recorded_at,
                    recorded_to=recorded_to,
                    **each.columns(),
                )
            )
        return told

    def person(self, role: Role, unit: Unit | None = None, language: str = "vi") -> User:
        """Somebody with a role at a unit, at the receiving one if none is named."""
        user = User(login=f"{role}-{new_id()}", name="Người dùng", password_hash="-")
        user.language = language
        db.session.add(user)
        db.session.flush()
        unit_id = (unit or self.unit).id
        db.session.add(
            Membership(user_id=user.id, unit_id=unit_id, role=role, valid_from=date(2010, 1, 1))
        )
        db.session.commit()
        return user


def make_office() -> Office:
    """An office of a Party committee with two wards below it and a third beside it."""
    top = Unit(code="BTG", name="Ban Tuyên giáo", parent_id=None, paper="party")
    top.letterhead, top.place = "QUẬN ỦY LONG BIÊN\nBAN TUYÊN GIÁO", "Long Biên"
    rows = [top]
    db.session.add(_folded(top))
    db.session.flush()
    for code, name, parent in (
        ("BD", "Bồ Đề", top.id),
        ("DG", "Đức Giang", top.id),
        ("YT", "Phòng Y tế", None),
    ):
        unit = Unit(code=code, name=name, parent_id=parent, paper="government")
        rows.append(unit)
        db.session.add(_folded(unit))
    office = Office(
        {row.code: row for row in rows},
        *(_named(table, names) for table, names in CATALOGUES.items()),
    )
    db.session.commit()
    return office


CATALOGUES: dict[Any, tuple[str, ...]] = {
    Area: ("Ái Mộ", "Bồ Đề", "Đức Giang"),
    Field: ("Môi trường", "Đất đai"),
    Channel: ("Cộng tác viên", '=HYPERLINK("http://x")'),
}


def _folded(row: Any) -> Any:
    row.folded_name = fold(row.name)
    return row


def _named(table: Any, names: tuple[str, ...]) -> dict[str, Any]:
    rows = {name: _folded(table(name=name)) for name in names}
    db.session.add_all(rows.values())
    return rows
