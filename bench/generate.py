"""Cases of ten years with their whole history, as rows of text ready to be loaded.

The same seed and day give the same rows. Cases come in order of receipt, as their numbers do.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from bench import words
from bench.course import COLUMNS as COURSE_COLUMNS
from bench.course import Course, Rows
from bench.office import Office
from tracker.cases import numbering, search
from tracker.cases.models import REPORTABLE
from tracker.rules.workflow import Kind

DAYS = 3652
BATCH = 10_000
COLUMNS: dict[str, tuple[str, ...]] = {
    "case_file": ("id", "serial", "version", "content", "note", "extra", *REPORTABLE),
    **COURSE_COLUMNS,
    "case_search": ("serial", "case_id", "folded", "scope"),
    "counter": ("name", "value"),
}
KINDS = [
    kind
    for kind, share in (
        (Kind.OPINION, 70),
        (Kind.RECOMMENDATION, 14),
        (Kind.VOTER, 6),
        (Kind.COMPLAINT, 6),
        (Kind.DENUNCIATION, 2),
        (Kind.SUPERVISION, 2),
    )
    for _ in range(share)
]


def batches(office: Office, count: int, today: date, rng: Random) -> Iterator[Rows]:
    """The rows, by table, of `count` cases received in the ten years up to `today`."""
    numbers: Counter[str] = Counter()
    rows: Rows = defaultdict(list)
    for serial in range(1, count + 1):
        received_on = today - timedelta(days=DAYS - 1 - (serial - 1) * DAYS // count)
        kind = rng.choice(KINDS)
        counter = numbering.code_counter(kind, received_on.year)
        numbers[counter] += 1
        code = numbering.code(kind, received_on.year, numbers[counter])
        _add(rows, office, serial, kind, code, received_on, today, rng)
        if serial % BATCH == 0:
            yield rows
            rows = defaultdict(list)
    rows["counter"] = [("serial", count), *numbers.items()]
    yield rows


def _add(
    rows: Rows,
    office: Office,
    serial: int,
    kind: Kind,
    code: str,
    received_on: date,
    today: date,
    rng: Random,
) -> None:
    matter, area = rng.choice(words.MATTERS), rng.choice(words.WARDS)
    content = write_content(matter, area, rng)
    course = Course(rows, office, today, rng)
    course.receive(kind, code, received_on, matter, area, content)
    course.run()
    rows["case_file"].append(
        (course.case_id, serial, course.sequence, content, "", "{}", *course.standing.values())
    )
    rows["case_search"].append(
        (serial, course.case_id, search.searchable(code, content), course.scope(serial))
    )


def write_content(matter: words.Matter, area: str, rng: Random) -> str:
    """What people say about `matter` in `area`: a sentence, and up to three more."""
    sentence = rng.choice(matter.sentences).format(
        street=rng.choice(words.STREETS), number=rng.randrange(1, 400), area=area
    )
    return " ".join((sentence + ".", *rng.sample(words.DETAILS, rng.randrange(4))))
