"""A person at a browser, and the few things that they do again and again."""

import re
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 375, "height": 740}
SEALED_WITHIN = 60_000  # milliseconds


class Desk:
    """One browser context with one page in front; it remembers what the console said."""

    def __init__(self, browser: Browser, url: str, *, phone: bool = False) -> None:
        self.url = url
        self.context = browser.new_context(
            base_url=url, viewport=PHONE if phone else DESKTOP, accept_downloads=True, locale="en-US",  # type: ignore[arg-type]
            permissions=["clipboard-read", "clipboard-write"],
        )  # fmt: skip
        self.complaints: list[str] = []
        self.expected: list[str] = []
        self.page = self.new_page()

    def new_page(self) -> Page:
        """Another tab, in front."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        self.page = page
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(re.search(word, message.text) for word in self.expected):
            self.complaints.append(f"{message.type} at {message.location.get('url')}: {message.text}")

    def open(self, path: str) -> Page:
        """Load a page whole."""
        self.page.goto(path)
        return self.page

    @property
    def tray(self) -> "Tray":
        """The upload tray of the page in front."""
        return Tray(self.page)

    def follow(self, name: str) -> None:
        """Click a link of the main navigation, as a boosted one."""
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()
        expect(self.page.locator("h1")).to_be_focused()

    def drop(self, paths: list[Path]) -> None:
        """Drop files and folders from outside: real drag data over the DevTools protocol."""
        wire = self.context.new_cdp_session(self.page)
        data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
        for kind in ("dragEnter", "dragOver", "drop"):
            wire.send("Input.dispatchDragEvent", {"type": kind, "x": 400, "y": 400, "data": data})

    def until(self, expression: str, seconds: float = 30) -> None:
        """Wait until it is true in the page. Playwright's own wait evaluates a string there, which the policy refuses."""
        deadline = time.monotonic() + seconds
        while not self.page.evaluate(expression):
            assert time.monotonic() < deadline, f"It did not become true: {expression}"
            time.sleep(0.05)

    def slow_down(self, bytes_a_second: int) -> None:
        """Let this page send no faster."""
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        limits = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
        wire.send("Network.emulateNetworkConditions", limits)

    def blemishes(self) -> list[str]:
        """What axe finds serious or critical on this page."""
        self.page.evaluate(AXE.read_text())
        found: dict[str, Any] = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:160]})"
            for one in found["violations"]
            if one["impact"] in {"serious", "critical"}
        ]


class Tray:
    """The upload tray as a person sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def pick(self, *paths: Path) -> None:
        """Choose files in the picker."""
        self.page.locator("#pick-files").set_input_files([str(path) for path in paths])

    def row(self, name: str) -> Locator:
        """The row of one file."""
        return self.page.locator(".tray-row").filter(has=self.page.locator("[data-part=name]", has_text=name))

    def press(self, name: str, button: str) -> None:
        """Press a button of one file's row."""
        self.row(name).get_by_text(button, exact=True).click()

    def says(self, name: str, words: str | re.Pattern[str], timeout: float = SEALED_WITHIN) -> None:
        """Wait until the row of a file says so."""
        expect(self.row(name).locator("[data-part=says]")).to_contain_text(words, timeout=timeout)

    def ready(self, *names: str) -> None:
        """Wait until these files are sealed."""
        for name in names:
            self.says(name, "Ready: sealed")

    def item_of(self, name: str) -> str:
        """The path of the item that a file became."""
        return self.row(name).locator("a[data-open]").get_attribute("href") or ""
