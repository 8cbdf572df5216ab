"""The verbs of reception: meetings, and what is written down at them."""

from tracker.reception.service.entering import Entered, enter
from tracker.reception.service.event_rows import Particulars
from tracker.reception.service.looking_up import Asked, TooOften, as_printed, look_up, say
from tracker.reception.service.meetings import (
    begin,
    cancel,
    close,
    correct,
    move,
    plan,
    reopen,
    start,
)
from tracker.reception.service.series import Pattern, change_series, end_series, plan_series

__all__ = [
    "Asked",
    "Entered",
    "Particulars",
    "Pattern",
    "TooOften",
    "as_printed",
    "begin",
    "cancel",
    "change_series",
    "close",
    "correct",
    "end_series",
    "enter",
    "look_up",
    "move",
    "plan",
    "plan_series",
    "reopen",
    "say",
    "start",
]
