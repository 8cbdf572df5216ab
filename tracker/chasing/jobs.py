"""What the worker does, as a table: each job with how often it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from tracker.cases.service import take_on_silently
from tracker.chasing.service.planning import plan
from tracker.chasing.service.reminding import remind
from tracker.chasing.service.sending import send_waiting
from tracker.rules.labels import mark as _m


@dataclass(frozen=True, slots=True)
class Job:
    """seconds: between one time and the next. run: does it for an instant; how much was done."""

    name: str
    label: str
    seconds: int
    run: Callable[[datetime], int]


JOBS = {
    job.name: job
    for job in (
        Job("silence", _m("Ghi nhận việc coi như đã nhận"), 300, take_on_silently),
        Job("remind", _m("Lập lời nhắc"), 300, remind),
        Job("plan", _m("Gộp thành một thư mỗi ngày"), 60, plan),
        Job("send", _m("Gửi thư và tin nhắn"), 10, send_waiting),
    )
}


def run_all(now: datetime) -> dict[str, int]:
    """Does every job once, in order, for an instant; how much each did."""
    return {job.name: job.run(now) for job in JOBS.values()}
