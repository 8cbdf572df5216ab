"""What tests of persons stand on: the office that holds a reception today."""

from tests.cases.conftest import statements
from tests.reception.conftest import _clock, event, office, visit

__all__ = ["_clock", "event", "office", "statements", "visit"]
