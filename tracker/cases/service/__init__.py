"""The verbs of casework, each one transaction and one entry in the story.

Every verb checks that the actor sees the case, that the workflow lets the actor's roles do it
in this state, and that what is required was given; it raises `Refused` otherwise.
"""

from tracker.cases.service.admitting import admit
from tracker.cases.service.answering import answer, contribute, redo
from tracker.cases.service.assigning import accept, assign, rule, send_back, verify
from tracker.cases.service.attaching import attach, attach_within, detach, take_in
from tracker.cases.service.closing import (
    close,
    close_as_proposed,
    close_directly,
    keep_promise,
    reopen,
    withdraw_part,
)
from tracker.cases.service.commenting import comment
from tracker.cases.service.correcting import classify, correct, reclassify
from tracker.cases.service.feedback import say_within, uphold
from tracker.cases.service.intake import log, log_within
from tracker.cases.service.linking import link, unlink
from tracker.cases.service.merging import merge, undo_merge
from tracker.cases.service.persons import (
    OpenedPerson,
    correct_person,
    merge_persons,
    open_person,
    remember_person,
    unmerge_persons,
)
from tracker.cases.service.reading import (
    is_protected,
    note_export,
    note_listed,
    note_reading,
    note_receipt,
)
from tracker.cases.service.silence import take_on_silently
from tracker.cases.service.splitting import Part, split
from tracker.cases.service.timing import (
    decide_extension,
    extend,
    request_extension,
    resume,
    suspend,
)
from tracker.cases.service.turns import (
    Turn,
    add_turn,
    add_turn_within,
    is_voidable,
    unvoid,
    void,
    void_turn,
)
from tracker.cases.service.undoing import undo_ending
from tracker.cases.service.writing import write

__all__ = [
    "OpenedPerson",
    "Part",
    "Turn",
    "accept",
    "add_turn",
    "add_turn_within",
    "admit",
    "answer",
    "assign",
    "attach",
    "attach_within",
    "classify",
    "close",
    "close_as_proposed",
    "close_directly",
    "comment",
    "contribute",
    "correct",
    "correct_person",
    "decide_extension",
    "detach",
    "extend",
    "is_protected",
    "is_voidable",
    "keep_promise",
    "link",
    "log",
    "log_within",
    "merge",
    "merge_persons",
    "note_export",
    "note_listed",
    "note_reading",
    "note_receipt",
    "open_person",
    "reclassify",
    "redo",
    "remember_person",
    "reopen",
    "request_extension",
    "resume",
    "rule",
    "say_within",
    "send_back",
    "split",
    "suspend",
    "take_in",
    "take_on_silently",
    "undo_ending",
    "undo_merge",
    "unlink",
    "unmerge_persons",
    "unvoid",
    "uphold",
    "verify",
    "void",
    "void_turn",
    "withdraw_part",
    "write",
]
