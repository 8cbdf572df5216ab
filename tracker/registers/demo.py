"""The sample office: a district's units, one person for each role, and its register."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from tracker.cases.models import Case
from tracker.cases.reference import FIRST_UNIT_CODE
from tracker.core.db import db, transaction
from tracker.registers import service
from tracker.registers.catalogue import unit_key
from tracker.rules.workflow import Role
from tracker.units.models import Unit, User
from tracker.units.queries import command_line
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


def load(now: datetime) -> list[Account]:
    """Loads the sample office; gives the accounts, whose passwords are kept nowhere else."""
    office = _units()
    accounts = [
        Account(login, secrets.token_urlsafe(9), name, role) for login, name, role, _code in PEOPLE
    ]
    for account, (_login, _name, _role, code) in zip(accounts, PEOPLE, strict=True):
        add_user(
            login=account.login,
            name=account.name,
            role=account.role,
            unit_code=code,
            password=account.password,
            on=SINCE,
        )
    service.take_in(
        SAMPLE.read_bytes(), file_name=SAMPLE.name, actor=command_line(office), now=now
    )
    return accounts


def _units() -> Unit:
    """The district with its departments and wards below it, as they were in 2016."""
    with transaction():
        office = db.session.scalars(select(Unit).where(Unit.code == FIRST_UNIT_CODE)).one()
        office.name, office.folded_name = COMMITTEE, unit_key(COMMITTEE)
        office.paper, office.place = "party", "Long Biên"
        government = _unit(*GOVERNMENT, office)
        for code, name in DEPARTMENTS:
            _unit(code, name, government)
        for number, ward in enumerate(WARDS, start=1):
            _unit(f"P{number:02d}", f"UBND phường {ward}", government)
    return office


def _unit(code: str, name: str, parent: Unit) -> Unit:
    unit = Unit(
        code=code, name=name, folded_name=unit_key(name), parent_id=parent.id, valid_from=SINCE
    )
    db.session.add(unit)
    db.session.flush()
    return unit
