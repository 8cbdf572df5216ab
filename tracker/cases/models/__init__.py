"""The tables of casework."""

from tracker.cases.models.calendar import CalendarDay
from tracker.cases.models.case import FOREVER, REPORTABLE, Case, CaseVersion, Reportable
from tracker.cases.models.catalogue import Area, Channel, Field, StandardText
from tracker.cases.models.desk import ExtensionRequest, SavedView, WritingMark
from tracker.cases.models.feedback import WAITS, CitizenFeedback
from tracker.cases.models.files import Attachment, StoredFile
from tracker.cases.models.handover import Handover
from tracker.cases.models.history import Entry
from tracker.cases.models.links import LINK_KINDS, CaseLink, CaseMerge
from tracker.cases.models.reading import Reading
from tracker.cases.models.search import CaseSearch, Counter
from tracker.cases.models.work import Answer, Assignment, Submission

__all__ = [
    "FOREVER",
    "LINK_KINDS",
    "REPORTABLE",
    "WAITS",
    "Answer",
    "Area",
    "Assignment",
    "Attachment",
    "CalendarDay",
    "Case",
    "CaseLink",
    "CaseMerge",
    "CaseSearch",
    "CaseVersion",
    "Channel",
    "CitizenFeedback",
    "Counter",
    "Entry",
    "ExtensionRequest",
    "Field",
    "Handover",
    "Reading",
    "Reportable",
    "SavedView",
    "StandardText",
    "StoredFile",
    "Submission",
    "WritingMark",
]
