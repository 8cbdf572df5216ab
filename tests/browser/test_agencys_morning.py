"""A morning at an agency: what its worker does, and what only its head sees."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, expect

from tests.browser.stories import ANYWHERE, AT_A_DESK, Morning, others, today, working_day
from tests.cases import circumstances, samples
from tracker.cases import service
from tracker.core import clock
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind, Role, State

BROKEN_LID = "Nắp cống trước số nhà 15 ngõ 20 phố Ngọc Lâm bị vỡ"
NOISE = "Quán hát trên phố Hoàng Như Tiếp ồn sau 23 giờ"
PAVEMENT = "Vỉa hè phố Nguyễn Sơn hỏng, người đi bộ phải xuống lòng đường"
ROAD = "Xe tải đỗ kín lòng đường trước chợ Gia Lâm"
REPORTED = "Cán bộ phòng nhận tiền để bỏ qua công trình sai phép"


@pytest.mark.parametrize("morning", ANYWHERE, indirect=True, ids=lambda way: way.name)
def test_a_workers_morning(app: Flask, morning: Morning) -> None:
    with others(app) as office:
        now, earlier = clock.now(), {"received_on": today() - timedelta(days=14)}
        lid = office.case_in(State.VERIFYING, now, content=BROKEN_LID, **earlier)
        circumstances.assign(office, lid, now, asked="Rào chắn ngay, thay nắp cống trong tuần")
        office.case_in(State.ASSIGNED, now, content=NOISE)
        pavement = office.case_in(State.ASSIGNED, now, content=PAVEMENT).id
        circumstances.supporting(office, now, content=ROAD)
    morning.sign_in(app, Role.AGENCY_WORKER)
    morning.look("agency-home")
    by_due_date(morning)
    take_on(morning)
    give_back(morning)
    ask_for_time(app, morning)
    contribute(morning)

    open_from(morning, "Đơn vị đang làm", BROKEN_LID)
    answer_with_a_promise(app, morning)
    attach_a_paper(morning)
    with others(app) as office:
        actor = office.viewer(Role.COORDINATOR)
        service.decide_extension(pavement, actor=actor, is_granted=True, now=clock.now())
    see_the_decision(app, morning)


def by_due_date(morning: Morning) -> None:
    """What is due first comes first, whenever it was assigned."""
    morning.follow("Mới giao cho đơn vị")
    contents = morning.page.locator("table.cases .what").all_inner_texts()
    assert contents[-4:] == [BROKEN_LID, NOISE, PAVEMENT, ROAD]
    morning.look("agency-new")
    morning.follow("DLXH", morning.page.locator("table.cases tr", has_text=BROKEN_LID))


def open_from(morning: Morning, desk: str, content: str) -> None:
    """Goes home, and from there by one of the unit's lists to a case."""
    morning.follow("Dân Nguyện", morning.page.get_by_role("banner"))
    morning.follow(desk)
    morning.follow("DLXH", morning.page.locator("table.cases tr", has_text=content))


def this_is(morning: Morning, content: str) -> None:
    """After a decision the next case of the list opens by itself."""
    expect(morning.page.locator("#said ~ p").first).to_have_text(content)


def take_on(morning: Morning) -> None:
    expect(morning.page.get_by_role("region", name="Yêu cầu đối với đơn vị bạn")).to_be_visible()
    morning.look("agency-case")
    morning.act("Nhận việc", morning.page.locator(".next-step"))
    this_is(morning, NOISE)


def answer_with_a_promise(app: Flask, morning: Morning) -> None:
    with app.app_context():
        promised_on, this_day = working_day(5), format_date(today())
    answer, hand = morning.page.locator(".next-step"), morning.hand
    hand.write(answer.get_by_label("Nội dung trả lời"), "Đã rào chắn; sẽ thay nắp cống mới")
    hand.tick(answer.get_by_label("Đã trả lời, hẹn thực hiện"))
    hand.write(answer.get_by_label("Số văn bản"), "215/QLĐT")
    hand.write(answer.get_by_label("Ngày văn bản"), this_day)
    morning.press("Trả lời", answer)
    # What was forgotten is asked for beside its field; the rest is still there.
    expect(answer.locator("[aria-invalid=true]")).to_have_attribute("name", "promised_on")
    expect(answer.get_by_label("Số văn bản")).to_have_value("215/QLĐT")
    morning.look("agency-answer-wrong")
    hand.write(answer.get_by_label("Ngày hẹn thực hiện"), promised_on)
    morning.act("Trả lời", answer)
    morning.follow("DLXH", morning.page.locator("#notices"))
    given = morning.page.get_by_role("region", name="Trả lời")
    expect(given).to_contain_text(f"Đã trả lời, hẹn thực hiện ({promised_on})")
    expect(given).to_contain_text(f"Văn bản số 215/QLĐT ngày {this_day}")


def attach_a_paper(morning: Morning) -> None:
    files = morning.page.get_by_role("region", name="Tệp")
    morning.unfold("Đính kèm tệp", files)
    paper: FilePayload = {"name": "215-QLDT.pdf", "mimeType": "", "buffer": samples.pdf()}
    morning.hand.give(files.get_by_label("Tệp", exact=True), paper)
    with_answer = files.locator("select option").nth(1).inner_text()
    morning.hand.choose(files.get_by_label("Kèm theo"), with_answer)
    morning.press("Đính kèm", files)
    morning.told("Đã đính kèm tệp 215-QLDT.pdf.")
    expect(files).to_contain_text(with_answer)
    morning.look("agency-answered")


def give_back(morning: Morning) -> None:
    """Returned, the case is gone but for the unit's own part."""
    page = morning.page
    morning.unfold("Trả lại")
    returning = page.locator("#return")
    morning.hand.write(returning.get_by_label("Lý do"), "Việc của công an phường")
    morning.act("Trả lại", returning)
    this_is(morning, PAVEMENT)
    morning.follow("DLXH", page.locator("#notices"))
    main = page.locator("main")
    expect(main).to_contain_text("Vụ việc không còn ở đơn vị của bạn")
    expect(main).to_contain_text("Việc của công an phường")
    expect(main).not_to_contain_text(NOISE)
    morning.look("agency-own-part")
    page.go_back()


def ask_for_time(app: Flask, morning: Morning) -> None:
    this_is(morning, PAVEMENT)
    with app.app_context():
        wanted_on = working_day(30)
    morning.unfold("Xin gia hạn")
    asking = morning.page.locator("#request_extension")
    morning.hand.write(asking.get_by_label("Xin gia hạn đến ngày"), wanted_on)
    morning.hand.write(asking.get_by_label("Lý do"), "Chờ vật liệu")
    morning.look("agency-extension")
    morning.act("Xin gia hạn", asking)


def contribute(morning: Morning) -> None:
    this_is(morning, ROAD)
    morning.unfold("Gửi ý kiến phối hợp")
    step = morning.page.locator("#contribute")
    morning.hand.write(step.get_by_label("Ý kiến phối hợp"), "Đã kẻ vạch cấm đỗ")
    morning.look("agency-contribution")
    morning.act("Gửi ý kiến phối hợp", step)


def see_the_decision(app: Flask, morning: Morning) -> None:
    with app.app_context():
        wanted_on = working_day(30)
    open_from(morning, "Mới giao cho đơn vị", PAVEMENT)
    story = morning.page.get_by_role("region", name="Diễn biến")
    expect(story).to_contain_text("Đồng ý gia hạn.")
    expect(morning.page.locator(".due-account summary")).to_contain_text(wanted_on)
    morning.look("agency-extension-decided")


@pytest.mark.parametrize("morning", AT_A_DESK, indirect=True, ids=lambda way: way.name)
def test_a_heads_morning(app: Flask, morning: Morning) -> None:
    """A denunciation is for the head's eyes; the unit's list is the head's to keep."""
    with others(app) as office:
        now = clock.now()
        office.case_in(State.ASSIGNED, now, content=PAVEMENT)
        case = office.case_in(State.VERIFYING, now, content=REPORTED, kind=Kind.DENUNCIATION)
        circumstances.assign(office, case, now)
    morning.sign_in(app, Role.AGENCY_HEAD)
    morning.follow("Mới giao cho đơn vị")
    rows = morning.page.locator("table.cases tbody tr")
    # The sample office's own were assigned long ago: who says nothing has accepted.
    expect(rows).to_have_count(2)
    morning.unfold("Danh sách đã lưu")
    morning.hand.write(morning.page.get_by_label("Tên danh sách"), "Việc mới của phòng")
    morning.hand.tick(morning.page.get_by_label("Cho cả đơn vị"))
    morning.press("Lưu danh sách này")
    morning.told("Đã lưu danh sách “Việc mới của phòng”.")
    morning.look("agency-list-kept")
    morning.follow("TC-", rows.filter(has_text=REPORTED))
    morning.unfold("Ai được xem")
    seen_by = morning.page.locator("main details[open]", has_text="Mức bảo mật")
    expect(seen_by).to_contain_text("Nơi đang được giao, Phòng Quản lý đô thị")
    expect(seen_by).not_to_contain_text("chuyên viên đơn vị")
    morning.look("agency-denunciation")
    morning.act("Nhận việc", morning.page.locator(".next-step"))
