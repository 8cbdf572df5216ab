"""The course of a case: states, outcomes and the one table of actions.

The buttons of the case page, the checks of the verbs, the permission test and the diagram of
the documentation are all read from `ACTIONS`.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.labels import mark as _m


class State(StrEnum):
    """Where a case stands. Suspension is no state: a suspended case stays where it is."""

    RECEIVED = "received"
    VERIFYING = "verifying"
    ASSIGNED = "assigned"
    ANSWERED = "answered"
    CLOSED = "closed"


class Kind(StrEnum):
    """What kind of thing a citizen brought."""

    COMPLAINT = "complaint"
    DENUNCIATION = "denunciation"
    RECOMMENDATION = "recommendation"
    OPINION = "opinion"
    VOTER = "voter"
    SUPERVISION = "supervision"


class Outcome(StrEnum):
    """How a case was closed."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    PROMISED = "promised"
    WITHDRAWN = "withdrawn"
    GUIDED = "guided"
    FORWARDED = "forwarded"
    REFUSED = "refused"
    FILED = "filed"
    DUPLICATE = "duplicate"
    VOIDED = "voided"


class CountsAs(StrEnum):
    """What an outcome is in the figures."""

    RESOLVED = "resolved"
    PROMISED = "promised"
    OUTSIDE = "outside"
    NOTHING = "nothing"


class Role(StrEnum):
    """What a person does for a unit."""

    RECEPTION_OFFICER = "reception_officer"
    COORDINATOR = "coordinator"
    AGENCY_WORKER = "agency_worker"
    AGENCY_HEAD = "agency_head"
    LEADER = "leader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


STATE_LABELS = {
    State.RECEIVED: _m("Tiếp nhận"),
    State.VERIFYING: _m("Xác minh"),
    State.ASSIGNED: _m("Đã giao"),
    State.ANSWERED: _m("Đã trả lời"),
    State.CLOSED: _m("Đã kết thúc"),
}

KIND_LABELS = {
    Kind.COMPLAINT: _m("Khiếu nại"),
    Kind.DENUNCIATION: _m("Tố cáo"),
    Kind.RECOMMENDATION: _m("Kiến nghị, phản ánh"),
    Kind.OPINION: _m("Dư luận xã hội"),
    Kind.VOTER: _m("Kiến nghị cử tri"),
    Kind.SUPERVISION: _m("Góp ý qua giám sát"),
}

CODE_PREFIXES = {
    Kind.COMPLAINT: "KN",
    Kind.DENUNCIATION: "TC",
    Kind.RECOMMENDATION: "PA",
    Kind.OPINION: "DLXH",
    Kind.VOTER: "CT",
    Kind.SUPERVISION: "GS",
}

OUTCOME_LABELS = {
    Outcome.RESOLVED: _m("Đã giải quyết"),
    Outcome.EXPLAINED: _m("Trả lời, giải thích, định hướng dư luận"),
    Outcome.PROMISED: _m("Đã trả lời, hẹn thực hiện"),
    Outcome.WITHDRAWN: _m("Đã rút đơn"),
    Outcome.GUIDED: _m("Hướng dẫn đến cơ quan có thẩm quyền"),
    Outcome.FORWARDED: _m("Đã chuyển đơn"),
    Outcome.REFUSED: _m("Không đủ điều kiện, không thụ lý"),
    Outcome.FILED: _m("Đã lưu"),
    Outcome.DUPLICATE: _m("Trùng"),
    Outcome.VOIDED: _m("Ghi nhầm"),
}

ROLE_LABELS = {
    Role.RECEPTION_OFFICER: _m("Cán bộ tiếp công dân"),
    Role.COORDINATOR: _m("Điều phối viên"),
    Role.AGENCY_WORKER: _m("Chuyên viên đơn vị"),
    Role.AGENCY_HEAD: _m("Thủ trưởng đơn vị"),
    Role.LEADER: _m("Lãnh đạo"),
    Role.AUDITOR: _m("Thanh tra, kiểm tra"),
    Role.ADMINISTRATOR: _m("Quản trị"),
}

COUNTS_AS = {
    Outcome.RESOLVED: CountsAs.RESOLVED,
    Outcome.EXPLAINED: CountsAs.RESOLVED,
    Outcome.WITHDRAWN: CountsAs.RESOLVED,
    Outcome.PROMISED: CountsAs.PROMISED,
    Outcome.GUIDED: CountsAs.OUTSIDE,
    Outcome.FORWARDED: CountsAs.OUTSIDE,
    Outcome.REFUSED: CountsAs.OUTSIDE,
    Outcome.FILED: CountsAs.OUTSIDE,
    Outcome.DUPLICATE: CountsAs.NOTHING,
    Outcome.VOIDED: CountsAs.NOTHING,
}


def outcomes_that_count_as(meaning: CountsAs) -> frozenset[Outcome]:
    """The outcomes that are `meaning` in the figures."""
    return frozenset(outcome for outcome, counts in COUNTS_AS.items() if counts is meaning)


# The actions that end a case and can be undone on the same day; merging and voiding have their own.
ENDINGS = frozenset({"close", "guide", "forward", "refuse", "file", "withdraw"})
OPEN = frozenset(State) - {State.CLOSED}
BEFORE_ASSIGNMENT = frozenset({State.RECEIVED, State.VERIFYING})
# Where a third return, and where a third redo, leaves a case that needs a leader's ruling.
_RULED = frozenset({State.VERIFYING, State.ASSIGNED})
ANY = frozenset(State)
BEFORE_ANSWER = BEFORE_ASSIGNMENT | {State.ASSIGNED}

_OFFICE = frozenset({Role.COORDINATOR})
_INTAKE = frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR})
_AGENCY = frozenset({Role.AGENCY_WORKER, Role.AGENCY_HEAD})
_LEADER = frozenset({Role.LEADER})


class Guard(StrEnum):
    """What has to be true of the case beyond its state; `cases.service` looks it up."""

    NOT_SUSPENDED = "not_suspended"
    SUSPENDED = "suspended"
    NOT_MERGED = "not_merged"
    MERGED = "merged"
    LEADS = "leads"
    SUPPORTS = "supports"
    HOLDS_ASSIGNMENT = "holds_assignment"
    NOT_YET_ACCEPTED = "not_yet_accepted"
    NOT_YET_TAKEN_ON = "not_yet_taken_on"
    NO_RULING_AWAITED = "no_ruling_awaited"
    RULING_AWAITED = "ruling_awaited"
    PROMISED = "promised"
    NO_EXTENSION_ASKED = "no_extension_asked"
    EXTENSION_ASKED = "extension_asked"
    NEEDS_ADMISSION = "needs_admission"
    NOT_YET_ADMITTED = "not_yet_admitted"
    FIRST_ROUND = "first_round"
    OWN = "own"
    VOIDED = "voided"
    NOT_VOIDED = "not_voided"
    ENDED_TODAY = "ended_today"
    ONES_LAST_ENDING = "ones_last_ending"
    CITIZEN_UNSATISFIED = "citizen_unsatisfied"


@dataclass(frozen=True, slots=True)
class Action:
    """One row of the workflow.

    name: also the permission `case:<name>`. label: the words on the button.
    sources: the states in which it may be done. target: the state after it, None for the same.
    roles: who may do it. required: what has to be given. outcomes: how it may close the case.
    guards: further conditions. main: whether it can be the one next step that the page proposes:
    the first that can be done is.
    """

    name: str
    label: str
    sources: frozenset[State]
    target: State | None
    roles: frozenset[Role]
    required: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    guards: tuple[Guard, ...] = ()
    main: bool = False


ACTIONS: dict[str, Action] = {
    row.name: row
    for row in (
        Action("verify", _m("Bắt đầu xác minh"), frozenset({State.RECEIVED}), State.VERIFYING,
               _INTAKE, main=True),
        Action("classify", _m("Phân loại"), BEFORE_ASSIGNMENT, None, _OFFICE, ("kind",)),
        # Thụ lý, of complaints and denunciations: the limit of their resolution begins with it.
        Action("admit", _m("Thụ lý"), BEFORE_ANSWER, None, _OFFICE, ("accepted_on",),
               guards=(Guard.NEEDS_ADMISSION, Guard.NOT_YET_ADMITTED, Guard.FIRST_ROUND,
                       Guard.NOT_SUSPENDED), main=True),
        Action("rule", _m("Quyết định đơn vị giải quyết"), _RULED, State.ASSIGNED, _LEADER,
               ("lead", "text", "due_on"), guards=(Guard.RULING_AWAITED, Guard.NOT_SUSPENDED),
               main=True),
        Action("assign", _m("Giao giải quyết"), BEFORE_ASSIGNMENT, State.ASSIGNED, _OFFICE,
               ("lead",), guards=(Guard.NOT_SUSPENDED, Guard.NO_RULING_AWAITED), main=True),
        Action("accept", _m("Nhận việc"), frozenset({State.ASSIGNED}), None, _AGENCY,
               guards=(Guard.HOLDS_ASSIGNMENT, Guard.NO_RULING_AWAITED, Guard.NOT_YET_ACCEPTED),
               main=True),
        Action("return", _m("Trả lại"), frozenset({State.ASSIGNED}), State.VERIFYING, _AGENCY,
               ("reason",),
               guards=(Guard.LEADS, Guard.NOT_SUSPENDED, Guard.NO_RULING_AWAITED,
                       Guard.NOT_YET_TAKEN_ON)),
        Action("answer", _m("Trả lời"), frozenset({State.ASSIGNED}), State.ANSWERED, _AGENCY,
               ("text",), (Outcome.RESOLVED, Outcome.EXPLAINED, Outcome.PROMISED),
               (Guard.LEADS, Guard.NOT_SUSPENDED, Guard.NO_RULING_AWAITED), main=True),
        Action("contribute", _m("Gửi ý kiến phối hợp"), frozenset({State.ASSIGNED}), None,
               _AGENCY, ("text",), guards=(Guard.SUPPORTS,), main=True),
        Action("redo", _m("Yêu cầu giải quyết lại"), frozenset({State.ANSWERED}), State.ASSIGNED,
               _OFFICE, ("reason",), guards=(Guard.NOT_SUSPENDED,)),
        Action("close", _m("Kết thúc vụ việc"), frozenset({State.ANSWERED}), State.CLOSED, _OFFICE,
               ("outcome",), (Outcome.RESOLVED, Outcome.EXPLAINED, Outcome.PROMISED),
               main=True),
        Action("keep_promise", _m("Đã thực hiện lời hẹn"), frozenset({State.CLOSED}), None,
               _OFFICE, ("kept_on",), (Outcome.RESOLVED,), (Guard.PROMISED,), main=True),
        Action("guide", _m("Hướng dẫn"), BEFORE_ASSIGNMENT, State.CLOSED, _INTAKE,
               ("sent_to", "reason"), (Outcome.GUIDED,), (Guard.NO_RULING_AWAITED,)),
        Action("forward", _m("Chuyển đơn"), BEFORE_ASSIGNMENT, State.CLOSED, _OFFICE,
               ("sent_to", "reason"), (Outcome.FORWARDED,), (Guard.NO_RULING_AWAITED,)),
        Action("refuse", _m("Không thụ lý"), BEFORE_ASSIGNMENT, State.CLOSED, _OFFICE,
               ("reason",), (Outcome.REFUSED,),
               (Guard.NO_RULING_AWAITED, Guard.NOT_YET_ADMITTED)),
        Action("file", _m("Lưu"), BEFORE_ASSIGNMENT, State.CLOSED, _OFFICE,
               ("reason",), (Outcome.FILED,), (Guard.NO_RULING_AWAITED,)),
        Action("merge", _m("Gộp vào vụ việc khác"), BEFORE_ASSIGNMENT, State.CLOSED, _OFFICE,
               ("into",), (Outcome.DUPLICATE,), (Guard.NO_RULING_AWAITED,)),
        Action("unmerge", _m("Hoàn tác gộp"), frozenset({State.CLOSED}), None, _OFFICE,
               guards=(Guard.MERGED,)),
        Action("split", _m("Tách"), BEFORE_ASSIGNMENT, None, _OFFICE, ("parts",),
               guards=(Guard.NOT_SUSPENDED, Guard.NO_RULING_AWAITED)),
        Action("add_turn", _m("Thêm lượt phản ánh"), OPEN, None, _INTAKE),
        Action("void_turn", _m("Bỏ lượt ghi nhầm"), OPEN, None, _INTAKE),
        Action("void", _m("Bỏ vụ việc ghi nhầm"), frozenset({State.RECEIVED}), State.CLOSED,
               _INTAKE, outcomes=(Outcome.VOIDED,), guards=(Guard.OWN,)),
        Action("unvoid", _m("Khôi phục vụ việc ghi nhầm"), frozenset({State.CLOSED}), None, _INTAKE,
               guards=(Guard.VOIDED,)),
        Action("link", _m("Liên kết vụ việc"), ANY, None, _INTAKE | _AGENCY, ("code", "kind")),
        Action("unlink", _m("Bỏ liên kết"), ANY, None, _INTAKE | _AGENCY),
        Action("withdraw", _m("Ghi nhận rút đơn"), OPEN, State.CLOSED, _OFFICE,
               ("reason",), (Outcome.WITHDRAWN,)),
        Action("withdraw_part", _m("Ghi nhận rút một phần"), OPEN, None, _OFFICE, ("reason",)),
        Action("suspend", _m("Tạm đình chỉ"), OPEN, None, _OFFICE, ("reason",),
               guards=(Guard.NOT_SUSPENDED,)),
        Action("resume", _m("Tiếp tục giải quyết"), OPEN, None, _OFFICE, ("reason",),
               guards=(Guard.SUSPENDED,)),
        Action("extend", _m("Gia hạn"), OPEN, None, _OFFICE, ("due_on", "reason"),
               guards=(Guard.NOT_SUSPENDED,)),
        Action("request_extension", _m("Xin gia hạn"), frozenset({State.ASSIGNED}), None, _AGENCY,
               ("wanted_on", "reason"),
               guards=(Guard.LEADS, Guard.NOT_SUSPENDED, Guard.NO_RULING_AWAITED,
                       Guard.NO_EXTENSION_ASKED)),
        Action("decide_extension", _m("Quyết định việc xin gia hạn"), frozenset({State.ASSIGNED}),
               None, _OFFICE, ("decision",), guards=(Guard.EXTENSION_ASKED, Guard.NOT_SUSPENDED),
               main=True),
        Action("reopen", _m("Mở lại"), frozenset({State.CLOSED}), State.VERIFYING, _OFFICE,
               ("reason",), guards=(Guard.NOT_MERGED, Guard.NOT_VOIDED)),
        Action("undo_ending", _m("Hoàn tác kết thúc"), frozenset({State.CLOSED}), None, _INTAKE,
               guards=(Guard.ENDED_TODAY, Guard.NOT_MERGED, Guard.NOT_VOIDED,
                       Guard.ONES_LAST_ENDING)),
        Action("uphold", _m("Giữ kết quả, trả lời công dân"), frozenset({State.CLOSED}), None,
               _OFFICE, ("text",), guards=(Guard.CITIZEN_UNSATISFIED,)),
        Action("correct", _m("Sửa sai sót"), ANY, None, _INTAKE, ("reason",)),
        Action("reclassify", _m("Đổi phân loại"), ANY, None, _OFFICE, ("reason",)),
        Action("comment", _m("Ghi chú nội bộ"), ANY, None, _INTAKE | _AGENCY | {Role.LEADER},
               ("text",)),
    )
}  # fmt: skip


def actions_from(state: State, roles: frozenset[Role]) -> tuple[Action, ...]:
    """The actions which a person with `roles` may see on a case in `state`, in table order."""
    return tuple(
        action
        for action in ACTIONS.values()
        if state in action.sources and not roles.isdisjoint(action.roles)
    )


def unreachable_or_stuck() -> frozenset[State]:
    """States that no action reaches, or that no action leaves: empty, or the table is wrong."""
    targets = {action.target for action in ACTIONS.values()} | {State.RECEIVED}
    left = {
        source
        for action in ACTIONS.values()
        if action.target is not None
        for source in action.sources
    }
    return frozenset(state for state in State if state not in targets or state not in left)
