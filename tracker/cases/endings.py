"""The ending of a case, as long as it can be undone."""

from tracker.cases.models import Case, Entry
from tracker.rules.workflow import ENDINGS


def last_ending(case: Case) -> Entry | None:
    """The entry that ended the case, None where more than notes and files came after it, or where
    it came from a register."""
    last = case.last_work
    if last is None or last.action not in ENDINGS or last.import_id is not None:
        return None
    return last
