"""How a person works on a page: with the mouse, or with nothing but the keyboard."""

from typing import Protocol

from playwright.sync_api import FilePayload, Locator, Page, expect

MOST_KEYS = 150
"""After so many a person would give up."""

# Where the focus has to go from here to come to `wanted`; of radio buttons it enters the group.
WAY = """
    wanted => {
        const here = document.activeElement;
        if (here === wanted || (wanted.type === "radio" && here.name === wanted.name)) return "";
        const isBefore = here.compareDocumentPosition(wanted) & Node.DOCUMENT_POSITION_PRECEDING;
        return isBefore && here !== document.body ? "Shift+Tab" : "Tab";
    }
"""
AT_THE_BEGINNING = """
    wanted => document.activeElement === document.body
        && document.querySelector("main").contains(wanted)
"""
IS_SEEN = """
    element => {
        const {outlineStyle, outlineWidth} = getComputedStyle(element);
        const {top, bottom} = element.getBoundingClientRect();
        const isOnScreen = bottom > 0 && top < innerHeight;
        return isOnScreen && outlineStyle === "solid" && parseFloat(outlineWidth) >= 2;
    }
"""
CHOSEN = "select => [...select.selectedOptions].map(option => option.label)"


class Hand(Protocol):
    """What a person does on a page, whichever way."""

    page: Page

    def use(self, wanted: Locator) -> None:
        """A link, a button, something folded."""

    def send(self, button: Locator) -> None:
        """The form that was just filled in, by its button."""

    def write(self, field: Locator, text: str) -> None:
        """Instead of what stands there."""

    def choose(self, field: Locator, label: str) -> None:
        """Of a list."""

    def tick(self, box: Locator) -> None:
        """A box, or one of several."""

    def give(self, field: Locator, file: FilePayload) -> None:
        """A file of one's own."""

    def search(self, words: str) -> None:
        """From any page."""

    def tick_row(self, row: Locator) -> None:
        """A case of a list."""

    def open_row(self, row: Locator) -> None:
        """A case of a list."""

    def open_first(self, row: Locator) -> None:
        """The first case of a list that was just opened."""

    def decide_row(self, row: Locator) -> None:
        """Opens a case of a list at its next step."""

    def send_twice(self, button: Locator) -> None:
        """The form that was just filled in, impatiently."""

    def ask_for_keys(self) -> None:
        """What can be done by keys."""


def wait_for_scripts(page: Page) -> None:
    """Waits until the page that is there listens: what it shows can be seen before."""
    page.wait_for_load_state("domcontentloaded")


class Mouse:
    """Points and clicks; what is written is written."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def use(self, wanted: Locator) -> None:
        wanted.click()

    def send(self, button: Locator) -> None:
        button.click()

    def write(self, field: Locator, text: str) -> None:
        field.click()
        field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label)

    def tick(self, box: Locator) -> None:
        box.click()

    def give(self, field: Locator, file: FilePayload) -> None:
        with self.page.expect_file_chooser() as chooser:
            field.click()
        chooser.value.set_files(file)

    def search(self, words: str) -> None:
        field = self.page.get_by_role("searchbox", name="Tìm vụ việc")
        self.write(field, words)
        field.press("Enter")

    def tick_row(self, row: Locator) -> None:
        row.get_by_role("checkbox").click()

    def open_row(self, row: Locator) -> None:
        row.get_by_role("link").first.click()

    def open_first(self, row: Locator) -> None:
        self.open_row(row)

    def decide_row(self, row: Locator) -> None:
        self.open_row(row)

    def send_twice(self, button: Locator) -> None:
        button.dblclick()

    def ask_for_keys(self) -> None:
        self.page.locator(".person > summary").click()
        self.page.get_by_role("button", name="Phím tắt").click()


class Keyboard:
    """Goes with the Tab key, and sees where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Who begins to listen when the key is pressed comes too late for what it opens.
        page.on("filechooser", lambda _chooser: None)

    def use(self, wanted: Locator) -> None:
        self._go(wanted)
        self._press("Enter")

    def send(self, button: Locator) -> None:
        expect(button).to_be_visible()
        self._press("Control+Enter")

    def write(self, field: Locator, text: str) -> None:
        self._go(field)
        self._press("Control+A")
        # As an input method hands over what it made of the keys.
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, label: str) -> None:
        self._go(field)
        self._press("Home")
        self._until("ArrowDown", field, f"select => ({CHOSEN})(select).includes({label!r})")

    def tick(self, box: Locator) -> None:
        self._go(box)
        self._press("Space")
        self._until("ArrowDown", box, "box => box.checked || box.type !== 'radio'")

    def give(self, field: Locator, file: FilePayload) -> None:
        self._go(field)
        with self.page.expect_file_chooser() as chooser:
            self._press("Enter")
        chooser.value.set_files(file)

    def search(self, words: str) -> None:
        self._press("/")
        expect(self.page.get_by_role("searchbox", name="Tìm vụ việc")).to_be_focused()
        self.page.keyboard.insert_text(words)
        self._press("Enter")

    def tick_row(self, row: Locator) -> None:
        self._go_to_row(row)
        self._press("x")

    def open_row(self, row: Locator) -> None:
        self._go_to_row(row)
        self._press("Enter")

    def open_first(self, row: Locator) -> None:
        expect(row).to_be_visible()
        self._press("Enter")

    def decide_row(self, row: Locator) -> None:
        self._go_to_row(row)
        self._press("e")

    def send_twice(self, button: Locator) -> None:
        self.send(button)
        self._press("Control+Enter")

    def ask_for_keys(self) -> None:
        self._press("?")

    def _go(self, wanted: Locator) -> None:
        place = wanted.element_handle()
        wait_for_scripts(self.page)
        if place.evaluate(AT_THE_BEGINNING):
            self._skip()
        for _time in range(MOST_KEYS):
            if not (key := place.evaluate(WAY)):
                break
            self._press(key)
        assert self.page.locator(":focus").evaluate(IS_SEEN), f"the focus isn't seen on {wanted}"

    def _skip(self) -> None:
        """Past what stands on every page, by the first link of the page."""
        self._press("Tab")
        if self.page.locator(".skip:focus").count():
            self._press("Enter")

    def _go_to_row(self, row: Locator) -> None:
        link = row.get_by_role("link").first
        self._until("j", link, "link => link === document.activeElement")
        assert link.evaluate(IS_SEEN)

    def _until(self, key: str, wanted: Locator, condition: str) -> None:
        """Presses a key until `condition` holds of what is wanted."""
        place = wanted.element_handle()
        wait_for_scripts(self.page)
        for _time in range(MOST_KEYS):
            if place.evaluate(condition):
                return
            self._press(key)
        raise AssertionError(f"{key} doesn't reach {wanted}")

    def _press(self, key: str) -> None:
        wait_for_scripts(self.page)
        self.page.keyboard.press(key)
