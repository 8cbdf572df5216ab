"""What a citizen is told of a case, in plain words, and how often a secret may be guessed."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Outcome, State

STATE_WORDS: dict[State, str] = {
    State.RECEIVED: _m("Đã tiếp nhận, đang xem xét"),
    State.VERIFYING: _m("Đang kiểm tra, xác minh"),
    State.ASSIGNED: _m("Đang được giải quyết"),
    State.ANSWERED: _m("Đã có trả lời"),
}
OUTCOME_WORDS: dict[Outcome, str] = {
    Outcome.RESOLVED: _m("Đã giải quyết xong"),
    Outcome.EXPLAINED: _m("Đã giải thích, trả lời xong"),
    Outcome.PROMISED: _m("Đã trả lời và hẹn ngày thực hiện"),
    Outcome.WITHDRAWN: _m("Đã kết thúc vì công dân rút lại"),
    Outcome.GUIDED: _m("Đã hướng dẫn đến cơ quan có thẩm quyền"),
    Outcome.FORWARDED: _m("Đã chuyển đến cơ quan có thẩm quyền"),
    Outcome.REFUSED: _m("Không đủ điều kiện thụ lý"),
    Outcome.FILED: _m("Đã lưu hồ sơ"),
    Outcome.DUPLICATE: _m("Được giải quyết chung với một vụ việc khác"),
    Outcome.VOIDED: _m("Đã bỏ vì ghi nhầm"),
}
SUSPENDED = _m("Tạm dừng giải quyết")


def words(state: State, outcome: Outcome | None, *, is_suspended: bool) -> str:
    """Where a case stands, as a citizen is told it."""
    if outcome is not None:
        return OUTCOME_WORDS[outcome]
    return SUSPENDED if is_suspended else STATE_WORDS[state]


@dataclass(frozen=True, slots=True)
class Patience:
    """How many wrong guesses are free; each one more blocks twice as long, from `first` on."""

    free: int
    first: timedelta
    longest: timedelta

    def block(self, failures: int) -> timedelta:
        """For how long nothing more is heard after so many failures."""
        if failures < self.free:
            return timedelta(0)
        doubled: int = 1 << min(failures - self.free, 16)
        return min(self.longest, self.first * doubled)


# Behind one address may stand a whole hamlet: a mobile network has few for many.
OF_ADDRESS = Patience(10, timedelta(minutes=1), timedelta(hours=1))
# What is guessed from many addresses at once. Short, and only for those who have guessed wrong
# themselves: whoever guesses at a code can't shut its owner out.
OF_CODE = Patience(20, timedelta(minutes=1), timedelta(minutes=15))
GUESSES_AT_BLOCKED_CODE = 3
# After that time failures are forgotten, and their counters removed.
FORGOTTEN_AFTER = timedelta(days=1)


def blocked_until(failures: int, patience: Patience, now: datetime) -> datetime | None:
    """Until when nothing more is heard, None where the next guess may come at once."""
    block = patience.block(failures)
    return now + block if block else None
