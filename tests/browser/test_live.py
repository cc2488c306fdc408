"""The journey of the product: evidence is uploaded in one window, and every open page of that business says so."""

from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import SignIn

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

INDIA = timezone(timedelta(hours=5, minutes=30))
COLUMNS = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"
WITHIN_MS = 10_000


def payments(count: int) -> str:
    """UPI receipts of the last minutes, with references nobody used before."""
    now = datetime.now(INDIA)
    first = int(now.timestamp() * 1000) % 10**11
    moments = [now - timedelta(minutes=1 + at) for at in range(count)]
    lines = [
        f"{first + at:012d},{moment:%Y-%m-%dT%H:%M:%S%z},in,{2500 + at}.00,P2M,success,shop@okaxis,buyer{at}@ybl"
        for at, moment in enumerate(moments)
    ]
    return "\n".join([COLUMNS, *lines]) + "\n"


@pytest.fixture
def home(context: BrowserContext, sign_in: SignIn) -> Page:
    """Priya's home, with a mark that a reload would wipe out."""
    page = context.new_page()
    sign_in(page, "Priya")
    page.evaluate("window.notReloaded = true")
    return page


def upload(context: BrowserContext, path: Path) -> None:
    page = context.new_page()
    page.goto("/owner/evidence")
    page.locator("input[type=file]").set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/owner/evidence/**")


def test_an_open_page_shows_the_new_score_without_a_reload_and_says_so(
    home: Page, context: BrowserContext, tmp_path: Path
) -> None:
    file = tmp_path / "payments.csv"
    file.write_text(payments(40))
    before = home.locator("[data-watch] time").first.get_attribute("datetime")

    upload(context, file)

    expect(home.locator("[data-watch] time").first).not_to_have_attribute("datetime", before or "", timeout=WITHIN_MS)
    expect(home.locator("#live")).not_to_be_empty()
    assert home.evaluate("window.notReloaded")


def test_the_bank_sees_it_on_its_open_page_too(
    context: BrowserContext, browser: Browser, product: str, sign_in: SignIn, tmp_path: Path
) -> None:
    owner = context.new_page()
    sign_in(owner, "Priya")
    file = tmp_path / "payments.csv"
    file.write_text(payments(25))
    with browser.new_context(base_url=product) as desk:
        case = desk.new_page()
        sign_in(case, "Anjali")
        case.get_by_role("link", name=owner.locator("header.top .muted").inner_text()).first.click()
        before = case.locator("[data-watch] time").first.get_attribute("datetime")

        upload(context, file)

        latest = case.locator("[data-watch] time").first
        expect(latest).not_to_have_attribute("datetime", before or "", timeout=WITHIN_MS)
