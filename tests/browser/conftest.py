"""A Chromium, and a visitor in it."""

import os
import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import chromium

LONGEST_WAIT_MS = 15_000
SignIn = Callable[[Page, str], None]


# Module scope: Playwright's event loop must be gone before another module's asynchronous tests start theirs.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, in continuous integration they fail."""
    executable = chromium.find()
    if executable is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(chromium.MISSING)
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--enable-unsafe-swiftshader"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, product: str) -> Iterator[BrowserContext]:
    """A fresh visitor."""
    with browser.new_context(base_url=product) as context:
        context.set_default_timeout(LONGEST_WAIT_MS)
        yield context


@pytest.fixture
def sign_in() -> SignIn:
    """Sign in as a demo account by its card on the sign-in page; lands on the home of the role."""

    def _sign_in(page: Page, first_name: str) -> None:
        page.goto("/sign-in")
        page.get_by_role("button", name=re.compile(first_name)).click()
        page.wait_for_url(lambda address: "/sign-in" not in address)

    return _sign_in
