"""Chromium as the tests and the screenshots use it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
WALL = {"width": 1920, "height": 1080}


def chromium() -> str | None:
    """Where Debian's Chromium is, if it is installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextmanager
def launched() -> Iterator[Browser]:
    """A headless browser; RuntimeError without Chromium."""
    path = chromium()
    if path is None:
        raise RuntimeError("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Person:
    """Somebody at a screen, and what went wrong there."""

    page: Page
    node: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.hostname != "127.0.0.1":
            self.complaints.append(f"left the machine: {request.url}")

    def open(self, path: str) -> None:
        self.page.goto(self.node + path, wait_until="load")

    def sign_in(self, username: str, password: str) -> None:
        self.open("/accounts/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", password)
        with self.page.expect_navigation():
            self.page.press("input[name=password]", "Enter")

    def choose(self, name: str, text: str) -> None:
        """Choose the first option of a select whose label contains the text."""
        options = self.page.locator(f"select[name={name}] option", has_text=text)
        value = options.first.get_attribute("value")
        self.page.select_option(f"select[name={name}]", value)

    def attach(self, name: str, picture: bytes) -> None:
        """Put a photo into a file field."""
        upload = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture}
        self.page.set_input_files(f"input[name={name}]", [upload])  # type: ignore[list-item]

    def begin(self, label: str) -> None:
        """Press a button that opens a dialog."""
        self.page.get_by_role("button", name=label, exact=True).click()
        self.page.wait_for_selector("#dialog-content form")

    def begin_action(self, code: str) -> None:
        """Press the button of an action of a process, named by its code."""
        self.page.locator(f"button[hx-get$='/{code}/']").first.click()
        self.page.wait_for_selector("#dialog-content form")

    def finish(self) -> None:
        """Send the dialog and wait for the page behind it."""
        with self.page.expect_navigation():
            self.page.click("#dialog-content button[type=submit]")

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the screen."""
        script = "document.documentElement.scrollWidth > window.innerWidth"
        return bool(self.page.evaluate(script))
