"""The verbs of meetings that come again. Their meetings are planned ahead, as rows of their own."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.reception import event_queries, queries
from tracker.reception.models import Event, EventSeries
from tracker.reception.service.ahead import due, make, particulars_of
from tracker.reception.service.event_rows import (
    Particulars,
    check_unit,
    differences,
    note,
    snapshot,
)
from tracker.rules.meetings import Every, Sort
from tracker.rules.vietnamese import format_date
from tracker.units.queries import Viewer

_DAY = timedelta(days=1)
_LARGEST_DAY = {"month": 31, "week": 5}
# As they stand in the story, which is the office's own record and in its language.
_ENDED = "Lịch định kỳ kết thúc từ ngày {day}"
_CHANGED = "Lịch định kỳ thay đổi từ ngày {day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """When meetings come again: see `Recurrence`. ends_on: the last day that the rule may give."""

    every: Every
    days: tuple[int, ...]
    starts_on: date
    ends_on: date | None = None

    def checked(self) -> "Pattern":
        """The pattern itself; raises Refused where it gives no day."""
        if not self.days:
            raise Refused(_("Hãy chọn ít nhất một ngày."), "days")
        if any(not 1 <= day <= _LARGEST_DAY[self.every] for day in self.days):
            raise Refused(
                _("Ngày trong tháng từ 1 đến 31; trong tuần từ thứ Hai đến thứ Sáu."), "days"
            )
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise Refused(_("Ngày kết thúc trước ngày bắt đầu."), "ends_on")
        return self


def plan_series(
    series_id: UUID,
    *,
    actor: Viewer,
    unit_id: UUID,
    sort: Sort,
    pattern: Pattern,
    particulars: Particulars,
    now: datetime,
) -> EventSeries:
    """Plans meetings that come again, and those of the coming year; the same `series_id` once."""
    with transaction():
        if (known := db.session.get(EventSeries, series_id)) is not None:
            return _found(known.id, actor)
        check_unit(unit_id, actor, pattern.starts_on)
        if pattern.starts_on < local_date(now):
            raise Refused(_("Ngày bắt đầu đã qua."), "starts_on")
        series = _add(series_id, unit_id, sort, pattern, particulars, actor, now)
        make(series, due(series, series.starts_on, now), actor, now)
    return series


def change_series(
    series_id: UUID,
    *,
    actor: Viewer,
    successor_id: UUID,
    pattern: Pattern,
    particulars: Particulars,
    now: datetime,
) -> EventSeries:
    """From `pattern.starts_on` on the series is another, `successor_id`, made by the page.

    Its planned meetings from that day on go over to it where it has that day too, and are
    cancelled with a word where it hasn't. What somebody said of one of them alone stays.
    """
    with transaction():
        series = _found(series_id, actor)
        if db.session.get(EventSeries, successor_id) is not None:
            return _found(successor_id, actor)
        first = pattern.starts_on
        _check_from(series, first, now)
        sort = Sort(series.kind, series.form)
        successor = _add(successor_id, series.unit_id, sort, pattern, particulars, actor, now)
        wanted = {each.nominal: each for each in due(successor, first, now)}
        differing = _differing(series, successor)
        why = _CHANGED.format(day=format_date(first))
        for event in event_queries.planned_of(series_id, first):
            occurrence = wanted.pop(event.planned_on or event.held_on, None)
            if occurrence is None:
                _cancel(event, actor, now, why)
            else:
                _hand_over(event, successor, differing, actor, now, why)
        make(successor, wanted.values(), actor, now)
        series.ends_on = max(first - _DAY, series.starts_on)
    return successor


def end_series(series_id: UUID, *, actor: Viewer, first: date, now: datetime) -> EventSeries:
    """From the day `first` on the series has no meetings: those planned are cancelled."""
    with transaction():
        series = _found(series_id, actor)
        if series.ends_on is not None and series.ends_on < first:
            return series
        _check_from(series, first, now)
        why = _ENDED.format(day=format_date(first))
        for event in event_queries.planned_of(series_id, first):
            _cancel(event, actor, now, why)
        series.ends_on = max(first - _DAY, series.starts_on)
    return series


def _add(
    series_id: UUID,
    unit_id: UUID,
    sort: Sort,
    pattern: Pattern,
    particulars: Particulars,
    actor: Viewer,
    now: datetime,
) -> EventSeries:
    pattern = pattern.checked()
    series = EventSeries(
        id=series_id,
        unit_id=unit_id,
        kind=sort.kind,
        form=sort.form,
        every=pattern.every,
        days=sorted(set(pattern.days)),
        starts_on=pattern.starts_on,
        ends_on=pattern.ends_on,
        user_id=actor.user_id,
        recorded_at=now,
        **particulars.checked(sort).given(),
    )
    db.session.add(series)
    db.session.flush()
    return series


def _differing(old: EventSeries, new: EventSeries) -> dict[str, tuple[Any, Any]]:
    before, after = particulars_of(old).given(), particulars_of(new).given()
    return {name: (before[name], after[name]) for name in after if before[name] != after[name]}


def _hand_over(
    event: Event,
    successor: EventSeries,
    differing: dict[str, tuple[Any, Any]],
    actor: Viewer,
    now: datetime,
    why: str,
) -> None:
    before = snapshot(event)
    event.series_id = successor.id
    for name, (old, new) in differing.items():
        if getattr(event, name) == old:
            setattr(event, name, new)
    changes = differences(before, snapshot(event))
    note(event, "correct", actor, now, changes=changes, text=why)


def _cancel(event: Event, actor: Viewer, now: datetime, why: str) -> None:
    event.state = "cancelled"
    note(event, "cancel", actor, now, text=why)


def _check_from(series: EventSeries, first: date, now: datetime) -> None:
    if first < local_date(now):
        raise Refused(_("Chỉ đổi được từ hôm nay trở đi."), "starts_on")
    if series.ends_on is not None and series.ends_on < first:
        raise Refused(_("Lịch định kỳ này đã kết thúc trước ngày ấy."), "starts_on")


def _found(series_id: UUID, actor: Viewer) -> EventSeries:
    series = event_queries.find_series(actor, series_id, for_update=True)
    if series is None or actor.user_id is None:
        raise NotAllowed(_("Không tìm thấy lịch định kỳ này."))
    if series.unit_id not in queries.units_for(actor, "event:manage"):
        raise NotAllowed(_("Bạn không tổ chức buổi tiếp dân của đơn vị này."))
    return series
