"""The report of public opinion, and the cases behind its figures."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from tracker.cases.queries import CaseTable
from tracker.core.clock import local_date
from tracker.core.errors import Refused
from tracker.core.web import instant, number
from tracker.reports import queries
from tracker.reports.breakdowns import BREAKDOWNS, NOT_RECORDED, Breakdown
from tracker.rules.counting import (
    MEASURES,
    RATES,
    RULES_VERSION,
    Question,
    exact_percentage,
    percentage,
)
from tracker.rules.vietnamese import collate
from tracker.units.queries import Viewer

OPINION = "opinion"
Value = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one area, unit, month, …

    key: its name, or 2016-05. key_id: how links name it. values: measure or rate -> figure.
    """

    key: str
    key_id: str
    values: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Report:
    """A report's figures.

    as_of: the instant for which it speaks. asked_at: when it was made. by: what its rows are.
    """

    name: str
    first: date
    last: date
    as_of: datetime
    asked_at: datetime
    by: str | None
    total: dict[str, Value]
    rows: list[Row]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Behind:
    """The cases behind a figure: conditions on `table`, and what the figure is called."""

    table: CaseTable
    conditions: list[ColumnElement[bool]]
    measure: str
    key: str


def opinion_report(
    viewer: Viewer,
    *,
    first: date,
    last: date,
    as_of: datetime | None = None,
    by: str | None = None,
    unit_code: str | None = None,
    now: datetime,
) -> Report:
    """The figures of public opinion received in a period, as far as `viewer` sees its cases.

    first, last: local dates, both included. as_of: the instant whose records are asked for,
    None for those of `now`. by: a name in `BREAKDOWNS`. unit_code: only what this unit and those
    below it received. Raises Refused for a period or an instant that can't be, and for an
    unknown breakdown or unit.
    """
    asked = _asked(viewer, first, last, as_of, unit_code, now)
    breakdown = _breakdown(by)
    under = breakdown.counted_under() if breakdown and breakdown.counted_under else {}
    counted = queries.counts(asked, breakdown, under)
    total = {name: sum(row[name] for row in counted.values()) for name in queries.COUNTED}
    return Report(
        name=OPINION,
        first=first,
        last=last,
        as_of=as_of or now,
        asked_at=now,
        by=by,
        total=_with_rates(total),
        rows=_rows(breakdown, counted) if breakdown else [],
        notes=_notes(asked, total, as_of or now) + _split_units(under, counted),
    )


def opinion_cases(
    viewer: Viewer,
    *,
    measure: str,
    key: str = "",
    first: date,
    last: date,
    as_of: datetime | None = None,
    by: str | None = None,
    unit_code: str | None = None,
    now: datetime,
) -> Behind:
    """The cases behind one figure of `opinion_report`, asked with the same words.

    key: the row's `key_id`, empty for the total. Raises Refused as the report does, and for an
    unknown measure or key.
    """
    asked = _asked(viewer, first, last, as_of, unit_code, now)
    breakdown = _breakdown(by)
    if measure not in MEASURES:
        raise Refused(_("Không có chỉ tiêu này."), "measure")
    if key and breakdown is None:
        raise Refused(_("Không có dòng này trong báo cáo."), "key")
    try:
        conditions = queries.behind(asked, measure, breakdown, key)
    except ValueError as error:
        raise Refused(_("Không có dòng này trong báo cáo."), "key") from error
    name = _name(key, queries.names(breakdown, [key])) if breakdown and key else ""
    return Behind(asked.table, conditions, measure, name)


def exact_rate(values: dict[str, Value], name: str) -> Decimal | None:
    """A rate in percent, not rounded; None where there is no denominator."""
    rate = RATES[name]
    part, whole = values[rate.numerator], values[rate.denominator]
    assert isinstance(part, int)
    assert isinstance(whole, int)
    return exact_percentage(part, whole)


def _asked(
    viewer: Viewer,
    first: date,
    last: date,
    as_of: datetime | None,
    unit_code: str | None,
    now: datetime,
) -> queries.Asked:
    if first > last:
        raise Refused(_("Ngày đầu kỳ sau ngày cuối kỳ."), "first")
    if as_of is not None and as_of > now:
        raise Refused(_("Thời điểm tính số liệu không được sau hiện tại."), "as_of")
    unit_ids = queries.unit_and_below(unit_code) if unit_code else None
    if unit_ids is not None and not unit_ids:
        raise Refused(_("Không có đơn vị mã “%(code)s”.", code=unit_code), "unit")
    question = Question(first, last, local_date(as_of or now))
    return queries.Asked(viewer, question, as_of, unit_ids)


def _breakdown(by: str | None) -> Breakdown | None:
    if by is not None and by not in BREAKDOWNS:
        raise Refused(_("Không có cách chia “%(by)s”.", by=by), "by")
    return BREAKDOWNS[by] if by else None


def _rows(breakdown: Breakdown, counted: dict[str, dict[str, int]]) -> list[Row]:
    # A row of cases that no measure counts, such as duplicates, would say nothing.
    told = {key: values for key, values in counted.items() if any(values.values())}
    names = queries.names(breakdown, told)
    rows = [Row(_name(key, names), key, _with_rates(values)) for key, values in told.items()]
    if breakdown.words is not None:
        order = list(breakdown.words)
        return sorted(rows, key=lambda row: order.index(row.key_id))
    if breakdown.catalogue is None:
        return sorted(rows, key=lambda row: row.key)
    return sorted(rows, key=lambda row: (row.key_id == NOT_RECORDED, collate(row.key)))


def _name(key: str, names: dict[str, str]) -> str:
    if key in names:
        return names[key]
    if key != NOT_RECORDED:
        raise Refused(_("Không có dòng này trong báo cáo."), "key")
    return str(_("(không ghi)"))


def _with_rates(counted: dict[str, int]) -> dict[str, Value]:
    rates = {
        name: percentage(counted[rate.numerator], counted[rate.denominator])
        for name, rate in RATES.items()
    }
    return {name: counted[name] for name in MEASURES} | rates


def _notes(asked: queries.Asked, total: dict[str, int], as_of: datetime) -> list[str]:
    notes = [
        _(
            "Tính theo bộ quy tắc %(version)s, trên những gì hệ thống đã ghi đến %(instant)s"
            " (giờ Việt Nam).",
            version=RULES_VERSION,
            instant=instant(as_of),
        )
    ]
    if withdrawn := total[queries.WITHDRAWN]:
        notes.append(
            _("Trong số đã giải quyết có %(count)s vụ việc rút đơn.", count=number(withdrawn))
        )
    if difference := total["received"] - sum(
        total[name] for name in ("resolved", "outside", "pending")
    ):
        notes.append(
            _(
                "Số tiếp nhận lệch %(count)s so với tổng đã giải quyết, ngoài thẩm quyền và đang"
                " giải quyết.",
                count=number(difference),
            )
        )
    if asked.recorded_at is not None and not any(total.values()):
        notes += _nothing_recorded(asked)
    return notes


def _split_units(under: dict[str, str | None], counted: dict[str, dict[str, int]]) -> list[str]:
    """Says that some units stand as they were, where the report is by those of today."""
    stay = sum(now is None and then in counted for then, now in under.items())
    if not stay:
        return []
    return [
        _(
            "%(count)s đơn vị đã chia cho nhiều đơn vị kế tục vẫn đứng tên cũ, vì không biết phần"
            " nào thuộc về đâu.",
            count=number(stay),
        )
    ]


def _nothing_recorded(asked: queries.Asked) -> list[str]:
    since = queries.first_recording(asked)
    if since is None or asked.recorded_at is None or since <= asked.recorded_at:
        return []
    return [
        _(
            "Vào thời điểm đó hệ thống chưa ghi vụ việc nào; số liệu có từ %(instant)s. Để trống"
            " thời điểm thì tính trên mọi vụ việc đã ghi đến nay.",
            instant=instant(since),
        )
    ]
