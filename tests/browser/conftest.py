"""A real browser before a real federation."""

import os
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from scripts.browser import DESK, PHONE, Person, chromium, launched
from scripts.federation import PASSWORD, Federation
from tests.journeys.desk import PATIENCE

HERE = {"longitude": 120.384, "latitude": 36.066}


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; without it the browser tests are skipped, but never in CI."""
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing: the browser tests must run in CI")
        pytest.skip("CHROMIUM IS MISSING: the browser tests did not run")
    # Playwright keeps an event loop in this thread; Django would refuse queries.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with launched() as made:
        yield made


@pytest.fixture
def person(browser: Browser, federation: Federation) -> Iterator[Callable[..., Person]]:
    """Make somebody who sits at a node, signed in or not; complaints fail the test."""
    people: list[Person] = []

    def make(code: str, username: str = "", viewport: dict | None = None) -> Person:
        context = browser.new_context(viewport=viewport or DESK, locale="zh-CN")
        context.set_default_timeout(20_000 * PATIENCE)
        made = Person(context.new_page(), federation.nodes[code].url)
        people.append(made)
        if username:
            made.sign_in(username, PASSWORD)
        return made

    yield make
    complaints = [text for made in people for text in made.complaints]
    for made in people:
        made.page.context.close()
    assert not complaints, complaints


@pytest.fixture
def phone(browser, federation) -> Iterator[BrowserContext]:
    """An inspector's phone that has opened the app once."""
    context = browser.new_context(
        viewport=PHONE, locale="zh-CN", geolocation=HERE, permissions=["geolocation"]
    )
    context.set_default_timeout(20_000 * PATIENCE)
    yield context
    context.set_offline(False)
    context.close()
