"""Every page in each state that it has: who goes there, and how."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from playwright.sync_api import FilePayload, Page, expect

from tests.registers.workbooks import case, register
from tracker.registers.demo import SAMPLE
from tracker.rules.workflow import Role

BRIEFING = "before=01/10/2020&from=01/01/2021&to=10/03/2021"
PERIOD = "from=16/05/2016&to=10/03/2021"
FLOOD = "Ngập úng tại ngõ 254 phố Huỳnh Văn Nghệ phường Sài Đồng"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Way = Callable[[Page], object]


@dataclass(frozen=True)
class Place:
    """A page, who is signed in there (nobody: None), and how to come to it."""

    name: str
    role: Role | None
    go: Way


def at(address: str) -> Way:
    """Straight to an address."""
    return lambda page: page.goto(address)


def first_in(
    address: str, pattern: str, *, link: str = "main tbody a", is_unfolded: bool = False
) -> Way:
    """Follows the first `link` of a list to a page whose address is like `pattern`."""

    def go(page: Page) -> None:
        page.goto(address)
        page.locator(link).first.click()
        page.wait_for_url(pattern)
        if is_unfolded:
            page.locator("main details").evaluate_all(
                "all => all.forEach(each => { each.open = true; })"
            )

    return go


def first_of(address: str) -> Way:
    """To the first case of a list."""
    return first_in(address, "**/cases/*", link="table.cases tbody th a")


def log_case(page: Page, content: str) -> None:
    """Logs a case by the form; ends on its page."""
    page.goto("/cases/new")
    page.get_by_label("Nội dung").fill(content)
    page.get_by_label("Loại").select_option("Dư luận xã hội")
    page.get_by_role("button", name="Ghi nhận", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Đã ghi nhận vụ việc")


def choose_file(page: Page, file: FilePayload) -> None:
    """Gives a workbook to the import; ends on its preview."""
    page.goto("/imports")
    page.get_by_label("Tệp sổ theo dõi").set_input_files(file)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_text("Vụ việc sẽ nhập")).to_be_visible()


def as_file(name: str, content: bytes) -> FilePayload:
    """A file as a person chooses it."""
    return {"name": name, "mimeType": EXCEL, "buffer": content}


def _open_case(page: Page) -> None:
    log_case(page, "Cây đổ chắn ngang ngõ 12 phố Hoàng Như Tiếp sau cơn bão")
    page.locator("main details").evaluate_all("all => all.forEach(each => { each.open = true; })")


def _wrong_case(page: Page) -> None:
    page.goto("/cases/new")
    page.get_by_label("Ngày tiếp nhận").fill("31/11/2025")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("main form [aria-invalid]").first).to_be_visible()


def _wrong_answer(page: Page) -> None:
    first_of("/cases?state=assigned")(page)
    form = page.locator(".next-step form")
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator(".next-step [aria-invalid]").first).to_be_visible()


def _preview(page: Page) -> None:
    rows = [
        case(number=1, area="Phường Mới Lập", channel="Thư điện tử"),
        case(number=2, content="Ngập úng ngõ 5", received_on="31/11/2020"),
        case(number=3, content="Chợ tạm lấn chiếm vỉa hè", answered_on="4/2/2106"),
        case(number=4, content="Thiếu nước sạch"),
        case(number=4, content="Thiếu nước sạch"),
    ]
    choose_file(page, as_file("so-theo-doi-quy-2.xlsx", register(*rows)))


def _nothing_new(page: Page) -> None:
    choose_file(page, as_file(SAMPLE.name, SAMPLE.read_bytes()))


def _unreadable(page: Page) -> None:
    page.goto("/imports")
    page.get_by_label("Tệp sổ theo dõi").set_input_files(as_file("anh.xlsx", b"no workbook"))
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.locator("main [role=alert]")).to_be_visible()


def _import_done(page: Page) -> None:
    page.goto("/imports")
    page.get_by_role("link", name=SAMPLE.name).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("608")


def _change_of_units(page: Page) -> None:
    page.goto("/units/changes/new")
    page.get_by_label("Thay đổi").select_option("split")
    page.get_by_label("Đơn vị cũ").select_option(index=1)
    page.get_by_label("Có hiệu lực từ ngày").fill("01/01/2022")
    page.get_by_label("Văn bản").fill("Nghị quyết 1656/NQ-UBTVQH15 ngày 16/6/2025")
    page.get_by_label("Đơn vị kế tục lập mới").fill("P-A: Phường A\nP-B: Phường B")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_role("button", name="Xác nhận thay đổi")).to_be_visible()


def _wrong_text(page: Page) -> None:
    page.goto("/administration/texts/new")
    page.get_by_label("Nội dung").fill("Kính gửi {{tên công dân}}")
    page.locator("main form").evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("main form [aria-invalid]").first).to_be_visible()


def _texts_for_answer(page: Page) -> None:
    first_of("/cases?state=assigned")(page)
    page.locator(".next-step").get_by_role("link", name="Văn bản mẫu").click()
    expect(page.locator(".next-step a[data-into]").first).to_be_focused()


def _entry(page: Page) -> None:
    """One item is logged, and the next citizen brings the same."""
    page.goto("/events")
    page.get_by_role("button", name="Bắt đầu").first.click()
    page.get_by_role("link", name="Ghi nhận tại buổi").click()
    page.get_by_label("Nội dung").fill(FLOOD)
    expect(page.locator("#area_id-proposed button").first).to_be_visible()
    page.get_by_role("button", name="Ghi nhận", exact=True).click()
    expect(page.locator("#logged").get_by_role("link", name="Giấy biên nhận")).to_be_visible()
    page.get_by_label("Nội dung").fill(FLOOD)
    page.get_by_label("Điện thoại").fill("12")
    page.get_by_label("Họ tên").fill("Nguyễn Thị Hồng Nhung")
    expect(page.locator("#suggestions li").first).to_be_visible()
    expect(page.locator("#visits")).to_contain_text("không giống số di động")


def _first_sheet(page: Page) -> None:
    page.goto("/events/list?state=closed")
    page.locator("main tbody a").first.click()
    page.wait_for_url("**/events/*-*")
    page.get_by_role("link", name="Phiếu tổng hợp, biên bản").click()
    page.wait_for_url("**/sheet")


def _inbox(page: Page) -> None:
    page.goto("/inbox")
    page.locator("main summary:visible").first.click()


PLACES = (
    Place("sign-in", None, at("/sign-in")),
    Place("home", Role.COORDINATOR, at("/")),
    Place("home-agency", Role.AGENCY_WORKER, at("/")),
    Place("home-administrator", Role.ADMINISTRATOR, at("/")),
    Place("list", Role.COORDINATOR, at("/cases")),
    Place("list-filters", Role.COORDINATOR, at("/cases?filters=1&state=assigned")),
    Place("list-empty", Role.COORDINATOR, at("/cases?q=khong+co+vu+nao+nhu+the")),
    Place("list-wrong", Role.COORDINATOR, at("/cases?from=31/11/2020")),
    Place("case", Role.COORDINATOR, _open_case),
    Place("case-agency", Role.AGENCY_WORKER, first_of("/cases?state=assigned")),
    Place("case-wrong", Role.AGENCY_WORKER, _wrong_answer),
    Place("case-closed", Role.COORDINATOR, first_of("/cases?state=closed")),
    Place("new-case", Role.RECEPTION_OFFICER, at("/cases/new")),
    Place("new-case-wrong", Role.RECEPTION_OFFICER, _wrong_case),
    Place("meetings", Role.RECEPTION_OFFICER, at("/events")),
    Place("meetings-month", Role.LEADER, at("/events/month")),
    Place("meetings-list", Role.LEADER, at("/events/list?state=planned")),
    Place("meetings-days", Role.LEADER, at("/events/days")),
    Place(
        "meeting",
        Role.COORDINATOR,
        first_in("/events/list?state=planned", "**/events/*-*", is_unfolded=True),
    ),
    Place("meeting-new", Role.RECEPTION_OFFICER, at("/events/new")),
    Place("entry", Role.RECEPTION_OFFICER, _entry),
    Place("sheet", Role.COORDINATOR, _first_sheet),
    Place("reception-register", Role.LEADER, at("/events/register?from=01/01/2020")),
    Place("paper-templates", Role.ADMINISTRATOR, at("/administration/papers")),
    Place("paper-template", Role.ADMINISTRATOR, at("/administration/papers/transfer")),
    Place(
        "meetings-series",
        Role.COORDINATOR,
        first_in(
            "/events/series", "**/series/*-*", link="main ul.list-unstyled a", is_unfolded=True
        ),
    ),
    Place("imports", Role.COORDINATOR, at("/imports")),
    Place("preview", Role.COORDINATOR, _preview),
    Place("preview-nothing-new", Role.COORDINATOR, _nothing_new),
    Place("import-failed", Role.COORDINATOR, _unreadable),
    Place("import-done", Role.COORDINATOR, _import_done),
    Place("report", Role.LEADER, at(f"/reports/opinion?{PERIOD}&by=year")),
    Place("report-by-area", Role.LEADER, at(f"/reports/opinion?{PERIOD}&by=area")),
    Place("report-reception", Role.LEADER, at("/reports/reception?from=01/01/2020&by=form")),
    Place("briefing", Role.LEADER, at(f"/reports/briefing?{BRIEFING}")),
    Place("briefing-slides", Role.LEADER, at(f"/reports/briefing/slides?{BRIEFING}")),
    Place("report-empty", Role.LEADER, at("/reports/opinion?from=01/01/2012&to=31/12/2012")),
    Place("report-wrong", Role.LEADER, at("/reports/opinion?from=31/11/2020")),
    Place("report-cases", Role.LEADER, at(f"/reports/opinion/cases?{PERIOD}&measure=pending")),
    Place("inbox", Role.COORDINATOR, _inbox),
    Place("inbox-put-off", Role.LEADER, at("/inbox?put_off=1")),
    Place("account", Role.AUDITOR, at("/account")),
    Place("account-messages", Role.AGENCY_WORKER, at("/account/messages")),
    Place("administration", Role.ADMINISTRATOR, at("/administration")),
    Place("chasing", Role.ADMINISTRATOR, at("/administration/chasing")),
    Place(
        "chasing-clock",
        Role.ADMINISTRATOR,
        at("/administration/chasing/clocks/answer?kind=opinion"),
    ),
    Place("units", Role.ADMINISTRATOR, at("/units")),
    Place("unit", Role.ADMINISTRATOR, first_in("/units", "**/units/*")),
    Place("unit-new", Role.ADMINISTRATOR, at("/units/new")),
    Place("unit-change", Role.ADMINISTRATOR, _change_of_units),
    Place("users", Role.ADMINISTRATOR, at("/administration/users")),
    Place(
        "user",
        Role.ADMINISTRATOR,
        first_in("/administration/users", "**/users/*", is_unfolded=True),
    ),
    Place("user-new", Role.ADMINISTRATOR, at("/administration/users/new")),
    Place("catalogue", Role.ADMINISTRATOR, at("/administration/catalogues/channels")),
    Place("texts", Role.ADMINISTRATOR, at("/administration/texts")),
    Place("text", Role.ADMINISTRATOR, first_in("/administration/texts", "**/texts/*")),
    Place("text-new", Role.ADMINISTRATOR, _wrong_text),
    Place("texts-for-answer", Role.AGENCY_WORKER, _texts_for_answer),
    Place("no-page", Role.COORDINATOR, at(f"/cases/{UUID(int=1)}")),
    Place("forbidden", Role.AGENCY_WORKER, at("/imports")),
)
"""Every page; those of cases and imports in each of their states."""
