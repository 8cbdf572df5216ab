"""A report in words: its figures as people write them, and the paragraph that offices send."""

from datetime import date

from flask_babel import gettext as _

from tracker.core.web import number, percent
from tracker.reports.service import Report, Value, exact_rate
from tracker.rules.counting import MEASURES, RATES, Measure, Rate

COLUMNS: dict[str, Measure | Rate] = {**MEASURES, **RATES}


def figure(values: dict[str, Value], name: str) -> str:
    """A measure or a rate as it is written: 1.045, 97,5%, "trên 99,9%", a dash for none."""
    if name in RATES:
        return percent(exact_rate(values, name))
    value = values[name]
    assert isinstance(value, int)
    return number(value)


def short_day(day: date) -> str:
    """A date as a sentence has it: 16/5/2016."""
    return f"{day.day}/{day.month}/{day.year}"


def period(report: Report) -> str:
    """The period in words, to stand inside a sentence."""
    return span_in_words(report.first, report.last)


def span_in_words(first: date, last: date) -> str:
    """Two local dates in words, to stand inside a sentence."""
    return str(
        _("từ ngày %(first)s đến ngày %(last)s", first=short_day(first), last=short_day(last))
    )


def paragraph(report: Report) -> str:
    """The report in the sentences that offices write."""
    said = {name: figure(report.total, name) for name in COLUMNS}
    said["period"] = period(report)
    sentences = [_received(report, said)]
    if report.total["carried_over"]:
        sentences.append(_("Kỳ trước chuyển sang %(carried_over)s nội dung.") % said)
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in sentences)


def _received(report: Report, said: dict[str, str]) -> str:
    total = report.total
    if not total["received"]:
        return str(_("%(period)s, không tiếp nhận nội dung dư luận xã hội nào.") % said)
    clauses = [
        _("%(period)s, tiếp nhận %(received)s nội dung dư luận xã hội") % said,
        _("đã giải quyết %(resolved)s nội dung, đạt %(rate_of_received)s") % said,
    ]
    details = []
    if total["explained"]:
        details.append(_("%(explained)s nội dung trả lời, giải thích, định hướng dư luận") % said)
    if total["resolved_late"]:
        details.append(_("%(resolved_late)s nội dung giải quyết trễ hạn") % said)
    if details:
        clauses[-1] += _(", trong đó %(details)s", details=_(" và ").join(details))
    if total["outside"]:
        clauses.append(
            _("hướng dẫn, chuyển cơ quan có thẩm quyền hoặc lưu %(outside)s nội dung") % said
        )
    clauses.append(_pending(report, said))
    return "; ".join(clauses) + "."


def _pending(report: Report, said: dict[str, str]) -> str:
    total = report.total
    if not total["pending"]:
        return str(_("không còn nội dung nào đang giải quyết"))
    if total["overdue"] == total["pending"]:
        return str(_("còn %(pending)s nội dung đang giải quyết, đều đã quá hạn") % said)
    details = []
    if total["promised"]:
        details.append(_("%(promised)s nội dung đã trả lời, hẹn thực hiện") % said)
    if total["overdue"]:
        details.append(_("%(overdue)s nội dung quá hạn") % said)
    clause: str = _("còn %(pending)s nội dung đang giải quyết") % said
    if details:
        clause += _(", trong đó %(details)s", details=_(" và ").join(details))
    return clause
