"""The report on receptions, and the meetings and cases behind its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from tracker.core.clock import local_date
from tracker.core.errors import Refused
from tracker.core.web import instant, number
from tracker.reception import event_days, satisfaction
from tracker.reception.event_days import OfPeriod
from tracker.reception.satisfaction import Satisfaction
from tracker.reports import queries, reception_queries
from tracker.reports.reception_queries import (
    NOTHING_BROUGHT,
    RECEPTION_BREAKDOWNS,
    AskedOfReceptions,
    ReceptionBreakdown,
)
from tracker.reports.service import Row
from tracker.rules.labels import mark as _m
from tracker.rules.reception_counting import RECEPTION_MEASURES
from tracker.rules.reception_days import Span
from tracker.rules.vietnamese import collate
from tracker.units.queries import Viewer

RECEPTION = "reception"
# What may be asked after, by kind of meeting.
MEETING_LABELS = {
    "reception": _m("Tiếp công dân"),
    "dialogue": _m("Hội nghị đối thoại"),
    "voter_meeting": _m("Tiếp xúc cử tri"),
    "briefing": _m("Giao ban dư luận xã hội"),
    "supervision": _m("Giám sát"),
    "inspection": _m("Kiểm tra"),
}
SATISFACTION_LABELS = {
    "satisfied": _m("Hài lòng"),
    "unsatisfied": _m("Chưa hài lòng"),
    "waiting": _m("Chưa hài lòng, chờ xem xét"),
}


@dataclass(frozen=True, slots=True)
class ReceptionReport:
    """The figures of a period.

    kind: of meetings. heads: how often the head of each unit received, for receptions only.
    satisfaction: what citizens said in the period of how their cases ended.
    """

    first: date
    last: date
    asked_at: datetime
    kind: str
    by: str | None
    total: Mapping[str, int]
    rows: list[Row]
    heads: list[OfPeriod]
    satisfaction: Satisfaction
    notes: list[str]


@dataclass(frozen=True, slots=True)
class ReceptionFigure:
    """A figure: what it is called, its sentence, the row in which it stands; what is behind it."""

    label: str
    sentence: str
    key: str
    conditions: list[ColumnElement[bool]]


def reception_report(
    viewer: Viewer,
    *,
    first: date,
    last: date,
    by: str | None = None,
    unit_code: str | None = None,
    kind: str | None = None,
    now: datetime,
) -> ReceptionReport:
    """The figures of the meetings of a period, as far as `viewer` sees them and their cases.

    first, last: local dates, both included. by: a name in `RECEPTION_BREAKDOWNS`. unit_code: only
    what this unit and those below it held. kind: of meetings, receptions where None. Raises
    Refused for what can't be asked.
    """
    asked = _asked(viewer, first, last, unit_code, kind)
    breakdown = _breakdown(by)
    total = reception_queries.counts(asked, None).get("") or dict.fromkeys(RECEPTION_MEASURES, 0)
    rows = _rows(breakdown, reception_queries.counts(asked, breakdown)) if breakdown else []
    heads = []
    if asked.kind == RECEPTION:
        span = Span(first, last)
        heads = event_days.of_period(viewer, span, local_date(now), asked.unit_ids)
    return ReceptionReport(
        first=first,
        last=last,
        asked_at=now,
        kind=asked.kind,
        by=by,
        total=total,
        rows=rows,
        heads=heads,
        satisfaction=satisfaction.counted(viewer, first, last, asked.unit_ids),
        notes=_notes(total, rows, now),
    )


def reception_cases(
    viewer: Viewer,
    *,
    measure: str,
    key: str = "",
    first: date,
    last: date,
    by: str | None = None,
    unit_code: str | None = None,
    kind: str | None = None,
) -> ReceptionFigure:
    """The cases behind one figure of `reception_report`, asked with the same words.

    measure: of cases or turns, or one of `SATISFACTION_LABELS`. key: the row's `key_id`, empty for
    the total. Raises Refused as the report does, and for an unknown measure or key.
    """
    asked = _asked(viewer, first, last, unit_code, kind)
    if measure in SATISFACTION_LABELS:
        spoken = satisfaction.cases_behind(measure, first, last, asked.unit_ids)
        sentence = _("Ý kiến của công dân ở trang tra cứu, ghi trong kỳ.")
        return ReceptionFigure(_(SATISFACTION_LABELS[measure]), sentence, "", spoken)
    if measure not in RECEPTION_MEASURES or measure == "sessions":
        raise Refused(_("Không có chỉ tiêu này."), "measure")
    told, breakdown = RECEPTION_MEASURES[measure], _breakdown(by)
    name = _name_of(breakdown, key)
    conditions = reception_queries.cases_behind(asked, told, breakdown, key)
    return ReceptionFigure(_(told.label), _(told.sentence), name, conditions)


def reception_meetings(
    viewer: Viewer,
    *,
    key: str = "",
    first: date,
    last: date,
    by: str | None = None,
    unit_code: str | None = None,
    kind: str | None = None,
) -> ReceptionFigure:
    """The meetings behind a figure of `reception_report`; conditions on `Event`."""
    asked, breakdown = _asked(viewer, first, last, unit_code, kind), _breakdown(by)
    told, name = RECEPTION_MEASURES["sessions"], _name_of(breakdown, key)
    conditions = reception_queries.meetings_behind(asked, breakdown, key)
    return ReceptionFigure(_(told.label), _(told.sentence), name, conditions)


def _asked(
    viewer: Viewer, first: date, last: date, unit_code: str | None, kind: str | None
) -> AskedOfReceptions:
    if first > last:
        raise Refused(_("Ngày đầu kỳ sau ngày cuối kỳ."), "first")
    if kind and kind not in MEETING_LABELS:
        raise Refused(_("Không có loại buổi “%(kind)s”.", kind=kind), "kind")
    unit_ids: frozenset[UUID] | None = queries.unit_and_below(unit_code) if unit_code else None
    if unit_ids is not None and not unit_ids:
        raise Refused(_("Không có đơn vị mã “%(code)s”.", code=unit_code), "unit")
    return AskedOfReceptions(viewer, first, last, kind or RECEPTION, unit_ids)


def _breakdown(by: str | None) -> ReceptionBreakdown | None:
    if by and by not in RECEPTION_BREAKDOWNS:
        raise Refused(_("Không có cách chia “%(by)s”.", by=by), "by")
    return RECEPTION_BREAKDOWNS[by] if by else None


def _rows(by: ReceptionBreakdown, counted: dict[str, dict[str, int]]) -> list[Row]:
    names = _names(by, counted)
    order = list(by.words or ())
    rows = [Row(names[key], key, dict(values)) for key, values in counted.items()]
    return sorted(
        rows,
        key=lambda row: (
            row.key_id == NOTHING_BROUGHT,
            order.index(row.key_id) if row.key_id in order else 0,
            collate(row.key),
        ),
    )


def _names(by: ReceptionBreakdown, keys: Mapping[str, object]) -> dict[str, str]:
    """The name of each of `keys`."""
    nothing = {NOTHING_BROUGHT: str(_("(không ghi)"))}
    if by.words is not None:
        return {key: _(word) for key, word in by.words.items()} | nothing
    if by.catalogue is not None:
        return reception_queries.names(by) | nothing
    return {key: key for key in keys}


def _name_of(by: ReceptionBreakdown | None, key: str) -> str:
    """The name of a row. Raises Refused for what is no key."""
    if not key:
        return ""
    try:
        if by is None:
            raise ValueError(key)
        by.has(key)
        return _names(by, {key: None})[key]
    except (ValueError, KeyError) as error:
        raise Refused(_("Không có dòng này trong báo cáo."), "key") from error


def _notes(total: Mapping[str, int], rows: list[Row], now: datetime) -> list[str]:
    notes = [
        _(
            "Đếm các buổi và lượt như hệ thống ghi đến %(instant)s (giờ Việt Nam); chỉ tính những"
            " buổi và vụ việc người lập được xem.",
            instant=instant(now),
        )
    ]
    for name, told in (
        ("matters", _m("%(count)s lần vụ việc được nêu ở nhiều dòng; tổng cộng chỉ tính một lần.")),
        ("sessions", _m("%(count)s lần buổi có mặt ở nhiều dòng; tổng cộng chỉ tính một lần.")),
    ):
        more = sum(int(row.values[name] or 0) for row in rows) - total[name]
        if rows and more:
            notes.append(_(told) % {"count": number(more)})
    return notes
