"""The verbs of casework, each one transaction and one entry in the story.

Every verb checks that the actor sees the case, that the workflow lets the actor's roles do it
in this state, and that what is required was given; it raises `Refused` otherwise.
"""

from tracker.cases.service.answering import answer, redo
from tracker.cases.service.assigning import assign, send_back, verify
from tracker.cases.service.closing import close, close_directly, reopen
from tracker.cases.service.commenting import comment
from tracker.cases.service.intake import log

__all__ = [
    "answer",
    "assign",
    "close",
    "close_directly",
    "comment",
    "log",
    "redo",
    "reopen",
    "send_back",
    "verify",
]
