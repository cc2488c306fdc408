"""A walk through every page as every demo account, at both widths and in both themes."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import SignIn
from tests.browser.inspection import Inspector

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

HOMES = {
    "Priya": "/owner",
    "Rahul": "/owner",
    "Imran": "/owner",
    "Anjali": "/officer",
    "Vikram": "/analyst",
    "Deepa": "/risk",
    "Arjun": "/overview",
}
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.mark.parametrize("first_name", HOMES)
def test_every_page_a_person_can_reach_is_clean_at_both_widths_and_in_both_themes(
    first_name: str, context: BrowserContext, product: str, sign_in: SignIn
) -> None:
    inspector = Inspector(context, product)
    sign_in(inspector.page, first_name)

    seen = inspector.walk(HOMES[first_name])

    assert HOMES[first_name] in seen
    assert inspector.complaints == []


def test_the_sign_in_page_is_clean_at_both_widths_and_in_both_themes(context: BrowserContext, product: str) -> None:
    inspector = Inspector(context, product)

    inspector.open("/sign-in")
    inspector.judge()

    assert inspector.complaints == []


@pytest.mark.parametrize(("address", "status"), [("/no-such-page", 404), ("/risk", 403)])
def test_a_refusal_is_a_page_of_the_product_with_a_way_on(
    address: str, status: int, page: Page, sign_in: SignIn
) -> None:
    sign_in(page, "Priya")

    response = page.goto(address)

    assert response is not None
    assert response.status == status
    expect(page.get_by_role("heading", level=1)).not_to_be_empty()
    expect(page.get_by_role("link", name="Go home")).to_be_visible()


@pytest.mark.parametrize("first_name", HOMES)
def test_signing_in_leads_to_the_home_of_the_role(first_name: str, page: Page, sign_in: SignIn) -> None:
    sign_in(page, first_name)

    assert page.url.endswith(HOMES[first_name])
    expect(page.locator("#nav [aria-current=page]")).to_have_count(1)


def test_the_first_tab_stop_skips_to_the_content(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "Priya")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_a_question_mark_opens_the_keys_and_escape_closes_them(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "Anjali")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="Keyboard")).to_be_hidden()


def test_j_and_k_walk_the_queue_and_enter_opens_a_case(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "Anjali")
    links = page.locator("[data-row] a:first-of-type")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.first).to_be_focused()
    page.keyboard.press("Enter")

    page.wait_for_url("**/officer/applications/*")


def test_on_a_phone_the_navigation_opens_from_the_menu_button(page: Page, sign_in: SignIn) -> None:
    page.set_viewport_size(PHONE)
    sign_in(page, "Deepa")
    topology = page.locator("#nav").get_by_role("link", name="Topology")
    expect(topology).to_be_hidden()

    page.get_by_role("button", name="Menu").click()
    topology.click()

    page.wait_for_url("**/risk/topology")


def test_the_chosen_theme_stays_and_is_there_before_the_page_is_drawn(page: Page, sign_in: SignIn) -> None:
    sign_in(page, "Priya")

    page.get_by_role("button", name="Dark").click()
    page.reload(wait_until="commit")
    page.wait_for_function("() => document.body")

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
