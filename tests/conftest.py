"""What tests of several modules share: a browser, and visitors to the page at the module's own `url`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize, sync_playwright
from visiting import Visit, Visitor


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        pytest.fail("The page's tests drive a browser, and there is none: run `sudo apt-get install chromium`.")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Visit]:
    """Visitors who share nothing; when they leave, nothing may have gone amiss."""
    visitors: list[Visitor] = []

    def enter(width: int = 1440, height: int = 900, scheme: Literal["light", "dark"] = "light") -> Visitor:
        screen: ViewportSize = {"width": width, "height": height}
        visitors.append(Visitor(browser.new_context(viewport=screen, color_scheme=scheme), url))
        return visitors[-1]

    yield enter
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.amiss for visitor in visitors] == [[]] * len(visitors)


@pytest.fixture(scope="module")
def regular(browser: Browser, url: str) -> Iterator[Visitor]:
    """Someone who stays at the page, for opening it takes longer than most of what is done there."""
    visitor = Visitor(browser.new_context(viewport={"width": 1440, "height": 900}), url)
    yield visitor
    visitor.context.close()


@pytest.fixture
def visitor(regular: Visitor) -> Iterator[Visitor]:
    """The same, in a new conversation; at its end nothing may have gone amiss."""
    regular.begin()
    yield regular
    assert regular.amiss == []
