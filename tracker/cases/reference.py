"""What every office needs before its first case: itself, and the ways in."""

from sqlalchemy import select

from tracker.cases.models import Channel
from tracker.core.db import db, transaction
from tracker.rules.vietnamese import fold
from tracker.units.models import AdministrationEntry, Unit

CHANNELS = (
    "Tiếp công dân định kỳ",
    "Hội nghị đối thoại",
    "Giao ban dư luận xã hội",
    "Cộng tác viên dư luận xã hội",
    "MTTQ và các đoàn thể",
    "Đường dây nóng",
    "Báo chí, mạng xã hội",
    "Đơn thư",
    "Trực tuyến",
)
FIRST_UNIT_CODE = "VP"
FIRST_UNIT_NAME = "Văn phòng cấp ủy"


def _renamed() -> set[str]:
    """The names that channels had before an administrator gave them another."""
    renamed = select(AdministrationEntry.changes).where(
        AdministrationEntry.subject == Channel.__tablename__,
        AdministrationEntry.action == "rename",
    )
    return {fold(changes["name"][0]) for changes in db.session.scalars(renamed)}


def load() -> None:
    """Adds what is missing of the reference data; what is there stays as it is."""
    with transaction():
        known = set(db.session.scalars(select(Channel.folded_name))) | _renamed()
        for name in CHANNELS:
            if fold(name) not in known:
                db.session.add(Channel(name=name, folded_name=fold(name)))
        if db.session.scalars(select(Unit.id).limit(1)).first() is None:
            name = FIRST_UNIT_NAME
            db.session.add(Unit(code=FIRST_UNIT_CODE, name=name, folded_name=fold(name)))
