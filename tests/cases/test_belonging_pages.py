"""The pages on which cases are merged, split and linked."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_named, make_office
from tracker.cases import service
from tracker.cases.models import Case, Field
from tracker.core.db import db, new_id
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]
MINUTE = timedelta(minutes=1)


def hidden(page: BeautifulSoup, resource: str) -> dict[str, str]:
    """What the form that creates `resource` carries unseen."""
    form = page.select_one(f"main form[action$='/{resource}']")
    assert form is not None
    return {
        str(field["name"]): str(field.get("value", ""))
        for field in form.select("input[type=hidden]")
    }


def belongs(page: BeautifulSoup) -> str:
    """The words of the section on other cases."""
    section = page.select_one("section[aria-labelledby=belongs]")
    assert section is not None
    return " ".join(section.text.split())


def test_merging_by_pages_and_undoing_it(office: Office, now: datetime, visit: Visit) -> None:
    case, target = office.log(now, persons=7), office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{case.id}")
    assert page.select_one(f"a[href='/cases/{case.id}/merge']")
    page = visitor.get(f"/cases/{case.id}/merge")
    [link] = page.select(f"a[href='/cases/{case.id}/merge?into={target.code}']")
    page = visitor.get(str(link["href"]))
    assert case.code in page.text
    assert target.code in page.text
    page = visitor.post(f"/cases/{case.id}/merges", **hidden(page, "merges"))
    assert f"Đã gộp vào {target.code}" in belongs(page)
    page = visitor.get(f"/cases/{target.id}")
    assert f"Đã nhận lượt của {case.code} Trùng" in belongs(page)
    turns = [
        " ".join(turn.text.split()) for turn in page.select("section[aria-labelledby=said] li")
    ]
    assert any("7 người" in turn and f"từ {case.code}" in turn for turn in turns)
    page = visitor.post(f"/cases/{case.id}/unmergings")
    assert page.select_one(".alert-success")
    assert "Đã gộp" not in belongs(page)
    db.session.expire_all()
    assert (case.state, case.merged_into_id) == ("received", None)


def test_a_chosen_target_that_closed_meanwhile_is_refused_in_words(
    office: Office, now: datetime, visit: Visit
) -> None:
    case, target = office.log(now), office.case_in(State.RECEIVED, now)
    visitor = visit(Role.COORDINATOR)
    given = hidden(visitor.get(f"/cases/{case.id}/merge?into={target.code.lower()}"), "merges")
    service.close_directly(
        "file", target.id, actor=office.viewer(Role.COORDINATOR), reason="Lưu", now=now
    )
    page = visitor.post(f"/cases/{case.id}/merges", status=422, **given)
    assert "đã kết thúc" in page.select_one("main .alert-danger").text
    given["version"] = "999"
    visitor.post(f"/cases/{case.id}/merges", status=409, **given)


def test_codes_outside_ones_sight_do_not_exist(office: Office, now: datetime, visit: Visit) -> None:
    case, elsewhere = office.log(now), make_office("Quận ủy Hoàn Kiếm").log(now)
    visitor = visit(Role.COORDINATOR)
    answers = {}
    for code in (elsewhere.code, "DLXH-2026-99999", "DLXH-2026-\x00"):
        page = visitor.get(f"/cases/{case.id}/merge?into={code}")
        answers[code] = page.select_one("main").text.replace(code, "")
        page = visitor.post(f"/cases/{case.id}/links", status=422, code=code, kind="related")
        assert page.select_one("[name=code][aria-invalid=true]")
    assert len(set(answers.values())) == 1
    for into in (elsewhere.id, new_id(), "", "nonsense"):
        visitor.post(f"/cases/{case.id}/merges", status=422, into=into)
    for resource in ("merge", "split", "link", "look-alikes"):
        assert visitor.status(f"/cases/{elsewhere.id}/{resource}") == 404


def test_splitting_by_pages(office: Office, now: datetime, visit: Visit) -> None:
    field = make_named(Field, "Môi trường")
    case = office.log(now, content="Đèn hỏng và rác bẩn")
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{case.id}/split")
    first = page.select_one("textarea[name=parts-0-content]")
    assert first is not None
    assert first.text.strip() == "Đèn hỏng và rác bẩn"
    given = {
        **hidden(page, "parts"),
        "parts-0-content": "Đèn hỏng",
        "parts-1-content": "Rác bẩn",
        "parts-1-field_id": str(field),
    }
    page = visitor.post(f"/cases/{case.id}/parts", more="1", **given)
    assert len(page.select("textarea")) == 3
    assert page.select_one(f"[name=parts-1-field_id] option[selected][value='{field}']")
    page = visitor.post(f"/cases/{case.id}/parts", status=422, **given)
    assert page.select_one("[name=is_sure].is-invalid")
    assert "Rác bẩn" in page.text
    page = visitor.post(f"/cases/{case.id}/parts", is_sure="y", **{"parts-2-content": " "}, **given)
    assert "Phần đã tách DLXH-2026-00002" in belongs(page)
    again = visitor.post(f"/cases/{case.id}/parts", is_sure="y", **given)
    assert "DLXH-2026-00003" not in again.text
    [part] = db.session.query(Case).filter(Case.code == "DLXH-2026-00002")
    assert (part.content, part.field_id) == ("Rác bẩn", field)
    page = visitor.get(f"/cases/{part.id}")
    assert f"Tách từ {case.code}" in belongs(page)
    assert f"Ghi ở vụ việc {case.code}." in page.text


def test_one_part_alone_comes_back(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    given = {"parts-0-content": "Đèn hỏng", "parts-1-content": "", "is_sure": "y"}
    page = visit(Role.COORDINATOR).post(f"/cases/{case.id}/parts", status=422, **given)
    assert "Hãy ghi từ 2 đến 20 nội dung." in page.text
    assert "Đèn hỏng" in page.select("textarea")[0].text


def test_linking_by_pages(office: Office, now: datetime, visit: Visit) -> None:
    case, other = office.log(now), office.case_in(State.CLOSED, now)
    visitor = visit(Role.RECEPTION_OFFICER)
    visitor.get(f"/cases/{case.id}/link")
    page = visitor.post(f"/cases/{case.id}/links", code=f" {other.code} ", kind="earlier")
    assert f"Vụ việc trước {other.code} Đã giải quyết" in belongs(page)
    form = page.select_one("form[action$=removals]")
    assert form is not None
    page = visitor.post(str(form["action"]))
    assert other.code not in belongs(page)
    page = visitor.post(f"/cases/{case.id}/links/{new_id()}/removals")
    assert page.select_one(".alert-danger")
    page = visitor.post(f"/cases/{case.id}/links", status=422, code="", kind="")
    assert len(page.select("[aria-invalid=true]")) == 2


def test_what_one_does_not_see_is_not_on_the_page(
    office: Office, now: datetime, visit: Visit
) -> None:
    case, secret = office.log(now), office.log(now, kind=Kind.DENUNCIATION, content="Bí mật")
    person = office.viewer(Role.COORDINATOR)
    service.link(case.id, actor=person, other_id=secret.id, kind="related", now=now + MINUTE)
    assert secret.code in belongs(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    for role in (Role.RECEPTION_OFFICER, Role.AUDITOR):
        page = visit(role).get(f"/cases/{case.id}")
        assert secret.code not in page.text
        assert "Bí mật" not in page.text


def test_what_cannot_be_done_now_is_greyed_with_its_reason(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    person = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=person, reason="Chờ giám định", now=now + MINUTE)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert not page.select_one("a[href$='/split']")
    assert "Tách Vụ việc đang tạm đình chỉ." in belongs(page)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.LEADER])
def test_readers_see_no_buttons(office: Office, now: datetime, visit: Visit, role: Role) -> None:
    case, other = office.log(now), office.log(now)
    person = office.viewer(Role.COORDINATOR)
    service.link(case.id, actor=person, other_id=other.id, kind="related", now=now + MINUTE)
    service.merge(other.id, actor=person, into_id=case.id, now=now + 2 * MINUTE)
    page = visit(role).get(f"/cases/{case.id}")
    section = page.select_one("section[aria-labelledby=belongs]")
    assert section is not None
    assert section.select("form, button, .btn") == []
    assert other.code in section.text
