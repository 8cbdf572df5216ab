"""The tables of casework."""

from tracker.cases.models.case import FOREVER, REPORTABLE, Case, CaseVersion, Reportable
from tracker.cases.models.catalogue import Area, Channel, Field
from tracker.cases.models.history import Entry
from tracker.cases.models.search import CaseSearch, Counter
from tracker.cases.models.work import Answer, Assignment, Submission

__all__ = [
    "FOREVER",
    "REPORTABLE",
    "Answer",
    "Area",
    "Assignment",
    "Case",
    "CaseSearch",
    "CaseVersion",
    "Channel",
    "Counter",
    "Entry",
    "Field",
    "Reportable",
    "Submission",
]
