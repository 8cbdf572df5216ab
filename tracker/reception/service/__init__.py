"""The verbs of reception: meetings, and what is written down at them."""

from tracker.reception.service.entering import Entered, enter

__all__ = ["Entered", "enter"]
