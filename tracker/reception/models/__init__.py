"""The tables of reception: meetings, what citizens say of the outcome, papers."""

from tracker.reception.models.citizens import CitizenFeedback, LookupGuess
from tracker.reception.models.events import (
    EVENT_FORMS,
    EVENT_KINDS,
    EVENT_STATES,
    Event,
    EventEntry,
    EventSeries,
)
from tracker.reception.models.papers import PaperTemplate

__all__ = [
    "EVENT_FORMS",
    "EVENT_KINDS",
    "EVENT_STATES",
    "CitizenFeedback",
    "Event",
    "EventEntry",
    "EventSeries",
    "LookupGuess",
    "PaperTemplate",
]
