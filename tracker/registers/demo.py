"""The sample office: a district's units, a person for each role, texts, meetings, a register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from tracker.cases.models import Case
from tracker.cases.reference import FIRST_UNIT_CODE
from tracker.cases.service import standard_texts
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.registers import demo_meetings, service
from tracker.registers.demo_texts import TEXTS
from tracker.registers.plan import Plan
from tracker.rules.vietnamese import fold
from tracker.rules.workflow import Role
from tracker.units.models import Unit, User
from tracker.units.passwords import generated
from tracker.units.queries import command_line, viewer
from tracker.units.service import add_user

SAMPLE = Path(__file__).parent / "sample" / "so-theo-doi-dlxh.xlsx"
SINCE = date(2016, 1, 1)
COMMITTEE = "Quận ủy Long Biên"
GOVERNMENT = ("UBND", "UBND quận Long Biên")
DEPARTMENTS = (
    ("QLDT", "Phòng Quản lý đô thị"),
    ("TNMT", "Phòng Tài nguyên và Môi trường"),
    ("LDTBXH", "Phòng Lao động - Thương binh và Xã hội"),
    ("GDDT", "Phòng Giáo dục và Đào tạo"),
    ("YT", "Phòng Y tế"),
    ("VPUB", "Văn phòng HĐND-UBND quận"),
    ("DTTXD", "Đội Quản lý trật tự xây dựng đô thị"),
    ("CA", "Công an quận Long Biên"),
)
WARDS = (
    "Bồ Đề",
    "Cự Khối",
    "Đức Giang",
    "Gia Thụy",
    "Giang Biên",
    "Long Biên",
    "Ngọc Lâm",
    "Ngọc Thụy",
    "Phúc Đồng",
    "Phúc Lợi",
    "Sài Đồng",
    "Thạch Bàn",
    "Thượng Thanh",
    "Việt Hưng",
)
PEOPLE = (
    ("tiepdan", "Nguyễn Thị Tiếp Dân", Role.RECEPTION_OFFICER, FIRST_UNIT_CODE),
    ("dieuphoi", "Trần Văn Điều Phối", Role.COORDINATOR, FIRST_UNIT_CODE),
    ("chuyenvien", "Lê Thị Chuyên Viên", Role.AGENCY_WORKER, "QLDT"),
    ("thutruong", "Phạm Văn Thủ Trưởng", Role.AGENCY_HEAD, "QLDT"),
    ("lanhdao", "Hoàng Thị Lãnh Đạo", Role.LEADER, FIRST_UNIT_CODE),
    ("thanhtra", "Vũ Văn Thanh Tra", Role.AUDITOR, FIRST_UNIT_CODE),
    ("quantri", "Đặng Thị Quản Trị", Role.ADMINISTRATOR, FIRST_UNIT_CODE),
)


@dataclass(frozen=True)
class Account:
    """A person of the sample office, with the password made for this installation."""

    login: str
    password: str
    name: str
    role: Role


def is_needed() -> bool:
    """Whether the database is empty: nobody can sign in and no case is kept."""
    people = db.session.scalar(select(func.count()).select_from(User))
    cases = db.session.scalar(select(func.count()).select_from(Case))
    return people == 0 and cases == 0


def load(now: datetime, show: Callable[[Account], object] = str) -> Plan:
    """Loads the sample office, and gives what became of its register.

    show: is given each account as soon as it exists, as its password is kept nowhere else.
    """
    office = _make_units()
    for login, name, role, unit_code in PEOPLE:
        account = Account(login, generated(), name, role)
        add_user(
            login,
            name=name,
            role=role,
            unit_code=unit_code,
            password=account.password,
            today=local_date(now),
        )
        show(account)
    for name, actions, body in TEXTS:
        standard_texts.add(
            actor=command_line(office),
            unit_id=office.id,
            name=name,
            actions=actions.split(),
            body=body,
            now=now,
        )
    officer = viewer(_id_of(PEOPLE[0][0]), local_date(now))
    assert officer is not None
    demo_meetings.hold(office.id, actor=officer, now=now)
    return service.take_in(SAMPLE, file_name=SAMPLE.name, actor=command_line(office), now=now).plan


def _id_of(login: str) -> UUID:
    return db.session.scalars(select(User.id).where(User.login == login)).one()


def _make_units() -> Unit:
    """Adds the district with its departments and wards below it, as they were in 2016.

    May be called again where an earlier call was followed by nothing.
    """
    with transaction():
        office = db.session.scalars(select(Unit).where(Unit.code == FIRST_UNIT_CODE)).one()
        if office.name == COMMITTEE:
            return office
        office.name, office.folded_name = COMMITTEE, fold(COMMITTEE)
        office.paper, office.place, office.level = "party", "Long Biên", "district"
        government = _add_unit(*GOVERNMENT, office, level="district")
        for code, name in DEPARTMENTS:
            _add_unit(code, name, government)
        for number, ward in enumerate(WARDS, start=1):
            _add_unit(f"P{number:02d}", f"UBND phường {ward}", government, level="commune")
    return office


def _add_unit(code: str, name: str, parent: Unit, level: str | None = None) -> Unit:
    unit = Unit(
        code=code,
        name=name,
        folded_name=fold(name),
        parent_id=parent.id,
        level=level,
        valid_from=SINCE,
    )
    db.session.add(unit)
    db.session.flush()
    return unit
