"""Administering accounts: inviting, the password for one use, roles with dates, closing."""

from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.factories import Office, as_viewer, make_office, make_unit, make_user
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind, Role
from tracker.units import user_service
from tracker.units.models import AdministrationEntry, Membership, User

USERS = "/administration/users"
NEW_PASSWORD = "vườn hoa Bồ Đề 2026"


@pytest.fixture
def office(session, clock) -> Office:
    return make_office()


class Admin:
    """The administrator at the pages."""

    def __init__(self, client: Client, office: Office) -> None:
        self.client = client
        client.sign_in(office.user(Role.ADMINISTRATOR))

    def get(self, address: str, status: int = 200) -> BeautifulSoup:
        answer = self.client.get(address)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def post(self, address: str, status: int = 200, **given: str) -> BeautifulSoup:
        answer = self.client.post(address, data=given, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def admin(client: Client, office: Office) -> Admin:
    return Admin(client, office)


@pytest.fixture
def given(office: Office) -> dict[str, str]:
    return {
        "login": "Hoa.Tran",
        "name": "Trần Thị Hoa",
        "unit_id": str(office.agency.id),
        "role": "agency_worker",
        "valid_from": "1/3/2026",
        "valid_to": "",
    }


@pytest.fixture
def stranger(app: Flask) -> Client:
    """Another browser."""
    return Client(app, app.response_class)


def user_called(login: str) -> User:
    return db.session.scalars(select(User).where(User.login == login)).one()


def noted(user: User) -> list[str]:
    rows = select(AdministrationEntry.action).where(AdministrationEntry.subject_id == user.id)
    return list(db.session.scalars(rows.order_by(AdministrationEntry.id)))


def test_from_the_invitation_to_the_first_day(admin: Admin, given, stranger: Client) -> None:
    page = admin.post(f"{USERS}/new", **given)
    password = page.find(id="password").text
    user = user_called("hoa.tran")
    assert user.must_change_password
    assert noted(user) == ["invite", "add_role"]
    # It is told once.
    assert password not in admin.get(f"{USERS}/{user.id}").text

    stranger.post("/sign-in", data={"login": "hoa.tran", "password": password})
    for address in ("/", "/cases", "/units"):
        assert stranger.get(address).location == "/account#password"
    assert stranger.get("/", headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert stranger.post("/cases/new", data={}).location == "/account#password"
    page = BeautifulSoup(stranger.get("/account").text, "html.parser")
    assert "Mật khẩu này chỉ dùng một lần" in page.find(id="notices").text
    changed = {"old_password": password, "new_password": NEW_PASSWORD}
    assert stranger.post("/account/password", data=changed).location == "/account"
    assert stranger.get("/cases").status_code == 200
    db.session.expire_all()
    assert not user_called("hoa.tran").must_change_password


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"login": "trần hoa"}, "Tên đăng nhập gồm"),
        ({"login": ""}, "Hãy điền ô này."),
        ({"name": " "}, "Hãy ghi họ tên."),
        ({"role": "king"}, "Hãy chọn một mục"),
        ({"role": ""}, "Hãy điền ô này."),
        ({"unit_id": ""}, "Hãy điền ô này."),
        ({"unit_id": "00000000-0000-7000-8000-000000000000"}, "Hãy chọn một mục"),
        ({"valid_from": "31/2/2026"}, "31/2"),
        ({"valid_to": "28/2/2026"}, "Ngày cuối trước ngày đầu."),
    ],
)
def test_a_wrong_invitation_is_said_beside_its_field(admin: Admin, given, wrong, complaint):
    before = db.session.scalars(select(User.id)).all()
    page = admin.post(f"{USERS}/new", 422, **(given | wrong))
    field = page.find(attrs={"name": next(iter(wrong))})
    assert complaint in page.find(id=f"{field['id']}-error").text
    assert db.session.scalars(select(User.id)).all() == before


def test_a_login_is_given_once(admin: Admin, given) -> None:
    admin.post(f"{USERS}/new", **given)
    page = admin.post(f"{USERS}/new", 422, **given)
    assert "đã có người dùng" in page.find(id="login-error").text


def test_a_closed_account_is_out_at_once_and_can_be_opened(
    admin: Admin, office: Office, stranger: Client
) -> None:
    worker = office.user(Role.AGENCY_WORKER)
    stranger.sign_in(worker)
    assert stranger.get("/cases").status_code == 200
    page = admin.post(f"{USERS}/{worker.id}/disable")
    assert "Đã khóa tài khoản" in page.text
    assert stranger.get("/cases").status_code == 302
    admin.post(f"{USERS}/{worker.id}/enable")
    # The old session doesn't come to life again.
    assert stranger.get("/cases").status_code == 302
    stranger.sign_in(user_called(worker.login))
    assert stranger.get("/cases").status_code == 200
    assert noted(worker) == ["disable", "enable"]


def test_a_new_password_ends_sessions_and_is_for_one_use(
    admin: Admin, office: Office, stranger: Client
) -> None:
    worker = office.user(Role.AGENCY_WORKER)
    stranger.sign_in(worker)
    page = admin.post(f"{USERS}/{worker.id}/password")
    assert stranger.get("/cases").status_code == 302
    given = {"login": worker.login, "password": page.find(id="password").text}
    assert stranger.post("/sign-in", data=given).status_code == 302
    assert stranger.get("/cases").location == "/account#password"


def test_roles_are_added_and_end_with_their_dates(
    admin: Admin, office: Office, now: datetime
) -> None:
    leader, today = office.user(Role.LEADER), local_date(now)
    given = {"unit_id": str(office.agency.id), "role": "auditor"}
    dates = {"valid_from": "1/3/2026", "valid_to": "31/12/2026"}
    page = admin.post(f"{USERS}/{leader.id}/roles", **given, **dates)
    assert "từ 01/03/2026 đến 31/12/2026" in page.text
    assert Role.AUDITOR in as_viewer(leader, today).roles
    again = admin.post(f"{USERS}/{leader.id}/roles", 422, **given, **dates)
    assert "đã có vai trò ấy" in again.find(id="role-error").text
    role = db.session.scalars(
        select(Membership).where(Membership.user_id == leader.id, Membership.role == "auditor")
    ).one()
    admin.post(f"{USERS}/{leader.id}/roles/{role.id}/end", last_day="1/3/2026")
    assert as_viewer(leader, date(2026, 3, 1)).roles == {Role.LEADER, Role.AUDITOR}
    assert as_viewer(leader, date(2026, 3, 2)).roles == {Role.LEADER}
    assert noted(leader) == ["add_role", "end_role"]


def test_a_last_day_before_the_first_is_refused(admin: Admin, office: Office) -> None:
    leader = office.user(Role.LEADER)
    role = db.session.scalars(select(Membership).where(Membership.user_id == leader.id)).one()
    page = admin.post(f"{USERS}/{leader.id}/roles/{role.id}/end", 422, last_day="31/12/2015")
    assert "trước khi vai trò bắt đầu" in page.find(id="last-day-error").text


def test_the_last_administrator_stays(admin: Admin, office: Office, now: datetime) -> None:
    administrator = office.user(Role.ADMINISTRATOR)
    role = db.session.scalars(
        select(Membership).where(Membership.user_id == administrator.id)
    ).one()
    ending = f"{USERS}/{administrator.id}/roles/{role.id}/end"
    page = admin.post(ending, 422, last_day="2/3/2026")
    assert "người quản trị cuối cùng của Quận ủy Long Biên" in page.text
    assert "Không thể tự khóa" in admin.post(f"{USERS}/{administrator.id}/disable", 422).text
    # One below doesn't reach the committee; a second one above does.
    make_user(Role.ADMINISTRATOR, office.agency)
    admin.post(ending, 422, last_day="2/3/2026")
    second = make_user(Role.ADMINISTRATOR, office.committee)
    admin.post(ending, last_day="2/3/2026")
    with pytest.raises(Refused, match="người quản trị cuối cùng"):
        user_service.disable(second.id, actor=as_viewer(administrator, local_date(now)), now=now)


def test_an_administrator_administers_the_own_people_only(
    client: Client, office: Office, now: datetime, given
) -> None:
    stranger = make_user(Role.LEADER, make_unit("Huyện ủy Gia Lâm"))
    below = make_user(Role.ADMINISTRATOR, office.agency)
    client.sign_in(below)
    worker, leader = office.user(Role.AGENCY_WORKER), office.user(Role.LEADER)
    shown = client.get(USERS).text
    assert worker.login in shown
    for other in (leader, stranger, office.user(Role.ADMINISTRATOR)):
        assert other.login not in shown
        assert client.get(f"{USERS}/{other.id}").status_code == 404
        for what in ("password", "disable", "enable", "roles"):
            assert client.post(f"{USERS}/{other.id}/{what}").status_code == 404
    given["unit_id"] = str(office.committee.id)
    assert client.post(f"{USERS}/new", data=given).status_code == 422
    # Whoever has a role above as well is the business of those above.
    db.session.add(
        Membership(
            user_id=worker.id,
            unit_id=office.committee.id,
            role=Role.AUDITOR,
            valid_from=local_date(now) - timedelta(days=1),
        )
    )
    db.session.commit()
    assert client.get(f"{USERS}/{worker.id}").status_code == 404


def test_the_list_is_searched_without_marks(admin: Admin, given) -> None:
    admin.post(f"{USERS}/new", **given)
    names = [link.text for link in admin.get(f"{USERS}?q=tran thi").select("td a")]
    assert names == ["Trần Thị Hoa"]
    assert "Không tìm thấy ai." in admin.get(f"{USERS}?q=zzz").text


def test_nothing_is_chosen_before_somebody_chooses(admin: Admin) -> None:
    page = admin.get(f"{USERS}/new")
    first = [field.option.text for field in page.select("main form select")]
    assert first == ["Chọn đơn vị…", "Chọn vai trò…"]
    assert not page.select("main form option[selected]:not([value=''])")


@pytest.mark.parametrize("way", ["disable", "end_role"])
def test_a_role_that_nobody_has_any_more_is_told(admin: Admin, office: Office, way: str) -> None:
    said = f"{office.agency.name} không còn ai giữ lâu dài vai trò Chuyên viên đơn vị."
    second = make_user(Role.AGENCY_WORKER, office.agency)
    for user, is_last in ((second, False), (office.user(Role.AGENCY_WORKER), True)):
        address = f"{USERS}/{user.id}"
        if way == "disable":
            page = admin.post(f"{address}/disable")
        else:
            [role] = db.session.scalars(select(Membership.id).where(Membership.user_id == user.id))
            page = admin.post(f"{address}/roles/{role}/end", last_day="2/3/2026")
        assert (said in page.find(id="notices").text) == is_last


def test_a_role_that_will_end_with_nobody_after_is_foreseen(
    admin: Admin, office: Office, now: datetime
) -> None:
    """A day that comes by itself asks nobody whether they are sure."""
    today, unit = local_date(now), office.agency
    [last] = db.session.scalars(
        select(Membership).where(Membership.user_id == office.user(Role.AGENCY_WORKER).id)
    )
    assert admin.get("/administration").find(id="ending") is None
    for valid_to, said in (
        (today - timedelta(days=1), f"{unit.name}: Chuyên viên đơn vị, đã hết từ ngày"),
        (today + timedelta(days=10), f"{unit.name}: Chuyên viên đơn vị, hết ngày"),
    ):
        last.valid_to = valid_to
        db.session.commit()
        told = admin.get("/administration").find(id="ending")
        assert told is not None
        assert f"{said} {format_date(valid_to)}" in " ".join(told.text.split())
    # Whoever comes for a time doesn't change that; whoever stays does, also above the unit.
    for_a_time = {"unit_id": unit.id, "role": "agency_worker", "valid_from": format_date(today)}
    second = make_user(Role.AUDITOR, unit)
    given = for_a_time | {"valid_to": format_date(today + timedelta(days=20))}
    page = admin.post(f"{USERS}/{second.id}/roles", **given)
    said = f"{unit.name} không còn ai giữ lâu dài vai trò Chuyên viên đơn vị."
    assert said in page.find(id="notices").text
    told = admin.get("/administration").find(id="ending")
    assert told is not None
    assert format_date(today + timedelta(days=20)) in told.text
    make_user(Role.AGENCY_WORKER, office.committee)
    assert admin.get("/administration").find(id="ending") is None


def test_nobody_gives_a_role_to_himself(admin: Admin, office: Office) -> None:
    own = office.user(Role.ADMINISTRATOR)
    given = {"unit_id": office.committee.id, "role": "coordinator", "valid_from": "1/3/2026"}
    page = admin.post(f"{USERS}/{own.id}/roles", 422, **given)
    assert "Không thể tự trao vai trò cho mình" in page.text
    assert set(as_viewer(own).roles) == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("way", ["disable", "end_role"])
def test_who_alone_works_on_open_cases_is_asked_about_twice(
    admin: Admin, office: Office, now: datetime, way: str
) -> None:
    office.log(now)
    office.log(now, kind=Kind.DENUNCIATION)
    coordinator = office.user(Role.COORDINATOR)
    role = db.session.scalars(select(Membership).where(Membership.user_id == coordinator.id)).one()
    address = f"{USERS}/{coordinator.id}/" + (
        "disable" if way == "disable" else f"roles/{role.id}/end"
    )
    sent = {} if way == "disable" else {"last_day": "2/3/2026"}
    page = admin.post(address, 422, **sent)
    # A number of all would tell that there is a denunciation.
    assert f"Ở {office.committee.name} không còn ai khác xử lý 1 vụ việc đang mở" in page.text
    assert noted(coordinator) == []
    again = {each["name"]: each["value"] for each in page.select("main form [name]")}
    admin.post(address, **again)
    assert noted(coordinator) == [way]


def test_where_others_work_nothing_is_asked_twice(
    admin: Admin, office: Office, now: datetime
) -> None:
    office.log(now)
    make_user(Role.COORDINATOR, office.committee)
    coordinator = office.user(Role.COORDINATOR)
    admin.post(f"{USERS}/{coordinator.id}/disable")
    assert noted(coordinator) == ["disable"]
