"""Lists, searches and look-alikes of each role: milliseconds of the server, without HTTP."""

from collections.abc import Callable
from functools import partial

from sqlalchemy import select

from bench.databases import Place, filled
from bench.figures import Figure, median_milliseconds, show
from tracker.cases import desks, due, listing, lookalikes, orders
from tracker.cases.list_views import HITS_COUNTED_UP_TO
from tracker.core import clock
from tracker.core.db import db
from tracker.rules.workflow import Role
from tracker.units.models import User
from tracker.units.queries import Viewer, viewer

CASES = 1_000_000
CASES_ON_SQLITE = 200_000  # what an embedded database is meant for
MOST_LIST_MILLISECONDS, MOST_SEARCH_MILLISECONDS, MOST_LOOKALIKES_MILLISECONDS = 100.0, 50.0, 60.0
TIMES = 5
# Rare words and common ones, typed with marks and without, and one that is nowhere.
SEARCHES = (
    "ngap ung", "den chieu sang", "đèn chiếu sáng", "ngo 123", "đường", "duong pho ngoc lam",
    "bo de", "trợ cấp xã hội", "dlxh", "khongcogi",
)  # fmt: skip
LIKE = "Đèn chiếu sáng ngõ 12 phố Ngọc Lâm hỏng nhiều tháng chưa được thay, buổi tối rất nguy hiểm"


def run(database: str, cases: int) -> bool:
    """Prints the figures on `cases` generated cases; returns whether all targets are met."""
    if database == "sqlite":
        cases = min(cases, CASES_ON_SQLITE)
    with filled(database, cases) as place:
        return measure(place, cases)


def measure(place: Place, cases: int) -> bool:
    """The same on a database that is there already."""
    with place.app.test_request_context():
        figures = [
            figure
            for role in Role
            if (person := _person(role)).may("case:read")
            for figure in _figures(person, role)
        ]
    return show(f"Lists with {cases:,} cases, {place.describe()}, medians of {TIMES}", figures)


def _person(role: Role) -> Viewer:
    today = clock.local_date(clock.now())
    user_id = db.session.scalars(select(User.id).where(User.login == role.value)).one()
    person = viewer(user_id, today)
    assert person is not None
    return person


def _figures(person: Viewer, role: Role) -> list[Figure]:
    today = clock.local_date(clock.now())
    asked = desks.Asked(person, today, due.soon_until(today))
    figures = [_figure(f"{role}: counts", partial(desks.counts, asked), MOST_LIST_MILLISECONDS)]
    for name in orders.ORDERS:
        order = desks.order(person, name, None)
        page = partial(listing.page, person, order=order)
        figures.append(_figure(f"{role}: {name}", page, MOST_LIST_MILLISECONDS))
    for desk in desks.of(person):
        order = desks.order(person, desk.order, desk)
        page = partial(listing.page, person, desk.condition(asked), order=order)
        figures.append(_figure(f"{role}: {desk.name}", page, MOST_LIST_MILLISECONDS))
    for name in desks.STANDINGS:
        condition = desks.standing(asked, name, None)
        page = partial(listing.page, person, condition, order=desks.order(person, "newest", None))
        figures.append(_figure(f"{role}: only {name}", page, MOST_LIST_MILLISECONDS))
    for words in SEARCHES:
        search = partial(_search, person, words)
        figures.append(_figure(f"{role}: search {words}", search, MOST_SEARCH_MILLISECONDS))
    like = partial(lookalikes.lookalikes, person, LIKE)
    figures.append(_figure(f"{role}: look-alikes", like, MOST_LOOKALIKES_MILLISECONDS))
    return figures


def _search(person: Viewer, words: str) -> object:
    order = desks.dated(orders.of_hits(person, words), person, None)
    return listing.page(person, order=order, counted_up_to=HITS_COUNTED_UP_TO)


def _figure(name: str, measured: Callable[[], object], most: float) -> Figure:
    def afresh() -> object:
        db.session.rollback()
        return measured()

    milliseconds, _result = median_milliseconds(afresh, TIMES, warm_up=1)
    return Figure(name, milliseconds, "ms", most)
