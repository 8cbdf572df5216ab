"""The sample office's meetings: two receptions a month by the head, a dialogue, a briefing."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from tracker.core.clock import VIET_NAM, local_date
from tracker.core.db import new_id
from tracker.reception import service
from tracker.reception.service import Particulars, Pattern
from tracker.rules.meetings import Sort
from tracker.units.queries import Viewer

HALL = "Trụ sở tiếp công dân, số 1 phố Vạn Hạnh"
HEAD = Particulars(
    starts_at=time(8),
    place=HALL,
    chair="Bí thư Quận ủy",
    present="Trưởng Ban Nội chính\nChủ nhiệm Ủy ban Kiểm tra\nChánh Thanh tra quận",
)
DIALOGUE = Particulars(
    starts_at=time(14),
    title="Đối thoại với nhân dân phường Ngọc Lâm",
    place="Nhà văn hóa phường Ngọc Lâm",
    chair="Bí thư Quận ủy",
)
BRIEFING = Particulars(starts_at=time(8, 30), place="Phòng họp số 2", chair="Trưởng Ban Tuyên giáo")

# Days ago, sort, particulars, how many came.
HELD = (
    (35, Sort("reception", "periodic"), HEAD, 31),
    (21, Sort("reception", "periodic"), HEAD, 24),
    (16, Sort("dialogue"), DIALOGUE, 140),
    (7, Sort("reception", "regular"), Particulars(place=HALL, chair="Ban Tiếp công dân"), 9),
)
# Sort, days of each month, particulars.
TO_COME: tuple[tuple[Sort, tuple[int, ...], Particulars], ...] = (
    (Sort("reception", "periodic"), (10, 25), HEAD),
    (Sort("briefing"), (28,), BRIEFING),
)


def hold(unit_id: UUID, *, actor: Viewer, now: datetime) -> None:
    """Meetings of the past weeks, held by `actor`, and those of the year to come."""
    today = local_date(now)
    tomorrow = today + timedelta(days=1)
    for days, sort, particulars, attendance in HELD:
        _held(unit_id, today - timedelta(days), sort, particulars, attendance, actor)
    for sort, month_days, particulars in TO_COME:
        service.plan_series(
            new_id(),
            actor=actor,
            unit_id=unit_id,
            sort=sort,
            pattern=Pattern(every="month", days=month_days, starts_on=tomorrow),
            particulars=particulars,
            now=now,
        )
    service.plan(
        new_id(),
        actor=actor,
        unit_id=unit_id,
        sort=Sort("reception", "regular"),
        held_on=today,
        particulars=Particulars(starts_at=time(8)),
        now=now,
    )


def _held(
    unit_id: UUID, day: date, sort: Sort, particulars: Particulars, attendance: int, actor: Viewer
) -> None:
    begun = datetime.combine(day, particulars.starts_at or time(8), tzinfo=VIET_NAM)
    event = service.start(
        new_id(),
        actor=actor,
        unit_id=unit_id,
        sort=sort,
        particulars=particulars,
        now=begun,
    )
    ended = begun + timedelta(hours=3)
    service.close(event.id, actor=actor, attendance=attendance, now=ended)
