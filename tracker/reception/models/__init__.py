"""The tables of reception: meetings, guesses at receipts, papers."""

from tracker.reception.models.citizens import LookupGuess
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
    "Event",
    "EventEntry",
    "EventSeries",
    "LookupGuess",
    "PaperTemplate",
]
