"""The frame of the pages: the places of each role, where I am, icons."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.application import Client
from tests.factories import Office, make_office
from tracker.core.icons import icon
from tracker.core.navigation import PLACES
from tracker.rules.access import PERMISSIONS
from tracker.rules.workflow import Role


@pytest.fixture
def office(session) -> Office:
    return make_office()


@pytest.mark.parametrize(
    ("role", "places"),
    [
        (
            Role.COORDINATOR,
            [
                "Trang chính",
                "Vụ việc",
                "Ghi nhận",
                "Buổi tiếp dân",
                "Nhập sổ",
                "Báo cáo",
                "Lịch làm việc",
            ],
        ),
        (
            Role.LEADER,
            [
                "Trang chính",
                "Vụ việc",
                "Buổi tiếp dân",
                "Báo cáo",
                "Lịch làm việc",
                "Nhật ký truy cập",
            ],
        ),
        (Role.AGENCY_WORKER, ["Trang chính", "Vụ việc", "Báo cáo", "Lịch làm việc"]),
        (Role.ADMINISTRATOR, ["Trang chính", "Quản trị", "Lịch làm việc", "Xem như người khác"]),
    ],
)
def test_a_role_is_shown_only_what_it_uses(client: Client, office: Office, role, places) -> None:
    client.sign_in(office.user(role))
    page = BeautifulSoup(client.get("/account").text, "html.parser")
    for navigation in page.find_all("nav"):
        assert [link.get_text(strip=True) for link in navigation.find_all("a")] == places


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("/", "/"),
        ("/cases?q=a", "/cases"),
        ("/cases/new", "/cases/new"),
        ("/reports/opinion", "/reports/opinion"),
    ],
)
def test_the_place_where_i_am_is_marked(client: Client, office: Office, address, place) -> None:
    client.sign_in(office.user(Role.COORDINATOR))
    page = BeautifulSoup(client.get(address).text, "html.parser")
    marked = [link["href"] for link in page.select("nav.side [aria-current=page]")]
    assert marked == [place]


def test_places_ask_for_the_permission_of_their_page(app: Flask) -> None:
    for place in PLACES:
        assert app.view_functions[place.endpoint].permission == place.permission
        assert place.permission in PERMISSIONS
        assert icon(place.icon)


def test_who_i_am_and_for_which_unit(client: Client, office: Office) -> None:
    client.sign_in(office.user(Role.AGENCY_HEAD))
    person = BeautifulSoup(client.get("/").text, "html.parser").select_one(".person summary")
    assert office.user(Role.AGENCY_HEAD).name in person.text
    assert office.agency.name in person.text


def test_icons_are_for_eyes_only() -> None:
    drawn = BeautifulSoup(icon("house"), "html.parser").svg
    assert drawn["aria-hidden"] == "true"
    assert drawn.path["d"]
    with pytest.raises(KeyError):
        icon("no-such-icon")
