"""Standard texts: kept by a unit's administrators, chosen by its people while they write."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office, as_viewer, give_role, make_office, make_unit, make_user
from tracker.cases import standard_texts
from tracker.cases.actions import PAGES
from tracker.cases.models import Case, StandardText
from tracker.cases.service import standard_texts as service
from tracker.cases.service.handover import change_units
from tracker.cases.succession import Wanted, plan
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.standard_texts import FIELDS
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]
Keep = Callable[..., StandardText]

TEXTS = "/administration/texts"
BODY = "Vụ việc {{mã}} nhận ngày {{ngày tiếp nhận}} ở {{đơn vị tiếp nhận}} đã được xử lý."


@pytest.fixture
def keep(office: Office, now: datetime) -> Keep:
    """`keep(**given)`: a text of the committee for answers, unless something else is given."""

    def keep(**given: Any) -> StandardText:
        usual: dict[str, Any] = {
            "unit_id": office.committee.id,
            "name": "Đã xử lý xong",
            "actions": ["answer"],
            "body": BODY,
        }
        return service.add(actor=office.viewer(Role.ADMINISTRATOR), now=now, **(usual | given))

    return keep


@pytest.fixture
def given(office: Office) -> dict[str, Any]:
    """A text as the form sends it."""
    return {
        "name": "Không thuộc thẩm quyền",
        "unit_id": str(office.committee.id),
        "actions": ["forward", "guide"],
        "body": "Đơn {{mã}} không thuộc thẩm quyền.\r\n\r\nXin gửi nơi khác.",
    }


def names(page: BeautifulSoup) -> list[str]:
    return [link.text for link in page.select("a[data-into]")]


def offered_to(viewer_user: Any, action: str, now: datetime) -> list[str]:
    day = local_date(now)
    found = standard_texts.offered(as_viewer(viewer_user, day), action, day)
    return [text.name for text in found]


def test_every_form_has_the_field_that_its_texts_go_into(app: Any) -> None:
    with app.test_request_context():
        for action, field in FIELDS.items():
            form = PAGES[action].form(action)
            assert form.takes_text == field
            assert form[field].type == "TextAreaField"


def test_a_text_goes_from_its_making_to_its_end_and_back(visit: Visit, given: Any) -> None:
    visitor = visit(Role.ADMINISTRATOR)
    page = visitor.post(f"{TEXTS}/new", **given)
    assert "Đã thêm Không thuộc thẩm quyền." in page.text
    [text] = db.session.scalars(select(StandardText))
    assert text.actions == "guide forward"
    assert text.body == "Đơn {{mã}} không thuộc thẩm quyền.\n\nXin gửi nơi khác."
    address = f"{TEXTS}/{text.id}"
    visitor.post(address, **(given | {"name": "Sai thẩm quyền", "actions": ["guide"]}))
    visitor.post(f"{address}/retire")
    assert "Ngừng dùng từ 02/03/2026" in visitor.get(address).text
    visitor.post(f"{address}/retire", 409)
    page = visitor.post(f"{address}/offer")
    told = [item.get_text(" ", strip=True) for item in page.select("h2 ~ ul > li")]
    assert [line.split(" · ")[1] for line in told] == ["Cho dùng lại", "Ngừng dùng", "Sửa", "Thêm"]
    assert "Không thuộc thẩm quyền → Sai thẩm quyền" in told[2]
    assert "Hướng dẫn, Chuyển đơn → Hướng dẫn" in told[2]
    assert "Sai thẩm quyền" in visitor.get(TEXTS).text


@pytest.mark.parametrize(
    ("wrong", "field", "complaint"),
    [
        ({"name": " "}, "name", "Hãy ghi tên."),
        ({"name": "x" * 101}, "name", "Không quá 100 ký tự."),
        ({"name": "DA XU LY XONG"}, "name", "“Đã xử lý xong” đã có."),
        ({"unit_id": ""}, "unit_id", "Hãy chọn đơn vị."),
        ({"unit_id": str(new_id())}, "unit_id", "Hãy chọn một mục trong danh sách."),
        ({"actions": []}, "actions", "Hãy chọn ít nhất một việc."),
        ({"actions": ["verify"]}, "actions", "Hãy chọn một mục trong danh sách."),
        ({"body": "\n"}, "body", "Hãy ghi nội dung."),
        ({"body": "x" * 5001}, "body", "Không quá 5000 ký tự."),
        ({"body": "Kính gửi {{tên}}"}, "body", "“{{tên}}” không phải chỗ điền sẵn nào"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.isidentifier() else None,
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    visit: Visit, keep: Keep, given: Any, wrong: Any, field: str, complaint: str
) -> None:
    keep()
    other = keep(name="Khác")
    visitor = visit(Role.ADMINISTRATOR)
    for address in (f"{TEXTS}/new", f"{TEXTS}/{other.id}"):
        page = visitor.post(address, 422, **(given | wrong))
        assert complaint in page.find(id=f"{field}-error").text
        assert "Xin gửi nơi khác" in page.select_one("textarea").text or field == "body"
    db.session.refresh(other)
    assert (other.name, other.body) == ("Khác", BODY)
    assert len(db.session.scalars(select(StandardText)).all()) == 2


def test_texts_of_units_that_one_does_not_administer_are_not_there(
    client: Client, office: Office, keep: Keep, given: Any, now: datetime
) -> None:
    text = keep()
    below = make_user(Role.ADMINISTRATOR, office.agency)
    client.sign_in(below)
    assert text.name not in client.get(TEXTS).text
    assert client.get(f"{TEXTS}/{text.id}").status_code == 404
    assert client.post(f"{TEXTS}/{text.id}/retire").status_code == 404
    assert client.post(f"{TEXTS}/new", data=given).status_code == 422
    own = given | {"unit_id": office.agency.id}
    assert client.post(f"{TEXTS}/new", data=own).status_code == 302
    with pytest.raises(NotAllowed):
        service.retire(text.id, actor=as_viewer(below), now=now)
    with pytest.raises(NotAllowed):
        service.change(text.id, actor=as_viewer(below), now=now, **own)


def test_a_unit_that_has_ended_gets_no_text(office: Office, keep: Keep, now: datetime) -> None:
    gone = make_unit("Tổ cũ", office.agency)
    gone.valid_to = local_date(now) - timedelta(days=1)
    db.session.commit()
    with pytest.raises(Refused) as refused:
        keep(unit_id=gone.id)
    assert refused.value.field == "unit_id"


def test_a_text_is_for_its_unit_and_those_below(office: Office, keep: Keep, now: datetime) -> None:
    keep()
    keep(name="Của phòng", unit_id=office.agency.id)
    keep(name="Của phòng khác", unit_id=office.other_agency.id)
    keep(name="Để trả lại", actions=["return"])
    worker = office.user(Role.AGENCY_WORKER)
    assert offered_to(worker, "answer", now) == ["Của phòng", "Đã xử lý xong"]
    assert offered_to(worker, "return", now) == ["Để trả lại"]
    assert offered_to(office.user(Role.COORDINATOR), "answer", now) == ["Đã xử lý xong"]
    assert offered_to(make_office("Huyện ủy Gia Lâm").user(Role.LEADER), "answer", now) == []
    # Whoever works for two units chooses from the texts of both.
    give_role(worker, Role.AGENCY_WORKER, office.other_agency)
    assert len(offered_to(worker, "answer", now)) == 3


def test_who_takes_over_a_unit_s_work_takes_over_its_texts(
    office: Office, keep: Keep, now: datetime
) -> None:
    text = keep(name="Của phòng", unit_id=office.agency.id)
    administrator = office.viewer(Role.ADMINISTRATOR)
    merger = Wanted(
        "merge", (office.agency.id,), local_date(now), "12/QĐ-UBND", (office.other_agency.id,)
    )
    token = plan(merger, actor=administrator, today=local_date(now)).token
    change_units(merger, seen=token, actor=administrator, now=now)
    assert offered_to(office.user(Role.AGENCY_WORKER), "answer", now) == ["Của phòng"]
    # It can still be changed, and given to a unit that stands.
    values = {"name": text.name, "actions": ["answer"], "body": "Xong."}
    for unit_id in (office.agency.id, office.other_agency.id):
        service.change(text.id, actor=administrator, unit_id=unit_id, now=now, **values)
    assert db.session.get_one(StandardText, text.id).unit_id == office.other_agency.id


def test_the_texts_for_an_action_are_filled_for_the_case(
    visit: Visit, office: Office, keep: Keep, now: datetime
) -> None:
    case = office.case_in(State.ASSIGNED, now, received_on=date(2026, 2, 27))
    text = keep(body=f"{BODY} {{{{Đơn vị}}}} báo.\n\n<b>Trân trọng</b>")
    said = (
        f"Vụ việc {case.code} nhận ngày 27/02/2026 ở {office.committee.name} đã được xử lý."
        f" {office.agency.name} báo.\n\n<b>Trân trọng</b>"
    )
    visitor = visit(Role.AGENCY_WORKER)
    page = visitor.get(f"/cases/{case.id}")
    [link] = page.select("#answer a[hx-get]")
    assert link["href"] == link["hx-get"] == f"/cases/{case.id}/texts?form=answer"
    chosen = visitor.get(str(link["href"])).select_one("a[data-into]")
    assert chosen is not None
    assert (chosen.text, chosen["data-text"]) == (text.name, said)
    filled = visitor.get(str(chosen["href"]))
    field = filled.select_one(f"textarea#{chosen['data-into']}")
    assert field is not None
    assert field.text.strip() == said
    assert str(chosen["href"]).endswith(f"#{field['id']}")


def test_the_form_is_filled_only_with_what_is_offered_for_it(
    visit: Visit, office: Office, keep: Keep, now: datetime
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    text, other = keep(), keep(name="Trả lại", actions=["return"])
    visitor = visit(Role.AGENCY_WORKER)
    for asked in (
        f"form=answer&text={other.id}",
        f"form=comment&text={text.id}",
        f"form=answer&text={new_id()}",
        "form=answer&text=x",
        f"text={text.id}",
    ):
        page = visitor.get(f"/cases/{case.id}?{asked}")
        assert [area.text.strip() for area in page.select("textarea")] == [""] * len(
            page.select("textarea")
        )
    page = visitor.get(f"/cases/{case.id}?form=return&text={other.id}")
    assert page.select_one("details#return[open] textarea").text.strip() != ""


def test_retired_texts_are_offered_no_more(
    visit: Visit, office: Office, keep: Keep, now: datetime
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    text = keep()
    visitor = visit(Role.AGENCY_WORKER)
    assert names(visitor.get(f"/cases/{case.id}/texts?form=answer")) == [text.name]
    service.retire(text.id, actor=office.viewer(Role.ADMINISTRATOR), now=now)
    page = visitor.get(f"/cases/{case.id}/texts?form=answer")
    assert names(page) == []
    assert "chưa có văn bản mẫu nào cho việc này" in page.text


def test_texts_open_only_to_who_sees_the_case_and_may_act(
    visit: Visit, office: Office, keep: Keep, now: datetime
) -> None:
    keep()
    case = office.case_in(State.ASSIGNED, now)
    hidden = office.case_in(State.ASSIGNED, now, kind=Kind.DENUNCIATION)
    visitor = visit(Role.AGENCY_WORKER)
    assert visitor.status(f"/cases/{case.id}/texts?form=answer") == 200
    for address in (
        f"/cases/{hidden.id}/texts?form=answer",
        f"/cases/{case.id}/texts?form=forward",
        f"/cases/{case.id}/texts?form=comment",
        f"/cases/{case.id}/texts?form=x",
        f"/cases/{case.id}/texts",
    ):
        assert visitor.status(address) == 404, address


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AGENCY_WORKER])
def test_the_case_page_asks_for_texts_only_when_told_to(
    visit: Visit, office: Office, keep: Keep, now: datetime, statements: list[str], role: Role
) -> None:
    keep()
    case: Case = office.case_in(State.ASSIGNED, now)
    visitor = visit(role)
    statements.clear()
    visitor.get(f"/cases/{case.id}")
    assert not [each for each in statements if "standard_text" in each]


def test_what_was_written_is_text(visit: Visit, given: Any) -> None:
    attack = "<script>alert(1)</script> {% if 1 %}"
    page = visit(Role.ADMINISTRATOR).post(
        f"{TEXTS}/new", **(given | {"name": attack, "body": attack})
    )
    assert attack in page.text
    assert "alert(1)" not in "".join(script.text for script in page.select("script"))


def test_all_that_is_wrong_is_said_at_once(visit: Visit) -> None:
    page = visit(Role.ADMINISTRATOR).post(f"{TEXTS}/new", 422, name="", body="{{tên}}")
    said = {each["id"]: each.text.strip() for each in page.select(".complaint")}
    assert set(said) == {"name-error", "unit_id-error", "actions-error", "body-error"}
