"""Who may see a case, in words: one sentence for each rule by which somebody may."""

from collections.abc import Iterable

from flask_babel import gettext as _

from tracker.cases.models import Assignment, Case
from tracker.rules.access import (
    CONFIDENTIALITY_LABELS,
    KEPT_BY_LEAD,
    NORMAL,
    SHOWN_TO_ADMINISTRATOR,
    SIGHT,
    Confidentiality,
    Reach,
)
from tracker.rules.workflow import ROLE_LABELS


def who_sees(case: Case, unit: str, lead: str | None, logged_by: str | None) -> list[str]:
    """The rules of `case` as `cases.queries.visible` and `cases.own_part` have them.

    unit: the name of the unit that received it; lead: of the unit in charge; logged_by: of who
    logged it. The case's assignments are there already, each with its unit.
    """
    level = Confidentiality(case.confidentiality)
    receivers, agencies = _roles(Reach.RECEIVED, level), _roles(Reach.ASSIGNED, level)
    present = [each for each in case.assignments if each.ended_on is None]
    past = [each for each in case.assignments if each.ended_on is not None]
    keeps_all = lead is not None and not present and level in KEPT_BY_LEAD
    sentences = [
        _("Mức bảo mật: %(level)s.", level=_(CONFIDENTIALITY_LABELS[level])),
        _("Nơi tiếp nhận, %(unit)s và cấp trên: %(roles)s.", unit=unit, roles=receivers),
    ]
    if present:
        sentences.append(
            _(
                "Nơi đang được giao, %(units)s và cấp trên: %(roles)s.",
                units=_units(present),
                roles=agencies,
            )
        )
    if keeps_all:
        sentences.append(
            _("Nơi đã giải quyết, %(unit)s và cấp trên: %(roles)s.", unit=lead, roles=agencies)
        )
    left = [each for each in past if not (keeps_all and each.unit_id == case.lead_unit_id)]
    if left:
        sentences.append(
            _(
                "Nơi từng được giao, %(units)s: chỉ xem lại phần của mình – điều được giao,"
                " trả lời, việc đã làm.",
                units=_units(left),
            )
        )
    if logged_by:
        sentences.append(_of_who_logged_it(level, logged_by))
    sentences.append(_of_administrators(level))
    return sentences


def _of_who_logged_it(level: Confidentiality, name: str) -> str:
    if level in NORMAL:
        return _(
            "Người ghi nhận, %(name)s, chừng nào còn làm việc ở nơi tiếp nhận hay cấp trên.",
            name=name,
        )
    return _(
        "Người ghi nhận, %(name)s, chừng nào còn tiếp nhận, điều phối ở nơi tiếp nhận hay cấp"
        " trên; làm việc khác ở đó thì theo vai trò mới.",
        name=name,
    )


def _of_administrators(level: Confidentiality) -> str:
    if level in SHOWN_TO_ADMINISTRATOR:
        return _("Quản trị: chỉ khi xem như một người được xem; mỗi lần đều được ghi lại.")
    return _(
        "Quản trị: không, kể cả khi xem như người khác; nhưng trao vai trò và đặt lại mật khẩu cho"
        " người khác được, và lãnh đạo, thanh tra đọc được mỗi lần ấy."
    )


def _roles(reach: Reach, level: Confidentiality) -> str:
    cleared = (
        _(ROLE_LABELS[role])
        for role, sight in SIGHT.items()
        if sight is not None and sight.reach is reach and level in sight.clearance
    )
    return ", ".join(cleared).lower()


def _units(assignments: Iterable[Assignment]) -> str:
    """The names of their units, each once, in the order in which they were asked."""
    return ", ".join(dict.fromkeys(each.unit.name for each in assignments))
