"""Choosing columns, keeping a view, opening it again and letting it go: with JavaScript and without, on a phone too."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import LONGEST_WAIT_MS, SignIn
from tests.browser.inspection import Inspector

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def headings(page: Page) -> list[str]:
    return page.locator("main thead").first.locator("th").all_inner_texts()


@pytest.mark.parametrize(("script", "width"), [(True, 1440), (False, 1440), (False, 360)])
def test_a_view_of_the_fraud_queue_is_chosen_kept_opened_and_let_go(
    script: bool, width: int, browser: Browser, product: str, sign_in: SignIn
) -> None:
    name = f"Money a day {script} {width}"
    size = {"width": width, "height": 900}
    with browser.new_context(base_url=product, java_script_enabled=script, viewport=size) as context:
        context.set_default_timeout(LONGEST_WAIT_MS)
        page = context.new_page()
        sign_in(page, "Deepa")
        page.goto("/risk?tab=all")
        page.get_by_text("Views, columns and file").click()
        page.get_by_label("Laps in 90 days").uncheck()
        page.get_by_label("First seen").check()
        page.get_by_role("button", name="Show these columns").click()
        expect(page.get_by_text("Views, columns and file")).to_be_visible()
        assert "tab=all" in page.url
        chosen = headings(page)
        assert "First seen" in chosen
        assert "Laps in 90 days" not in chosen

        page.get_by_text("Views, columns and file").click()
        page.get_by_label("Save this view as").fill(name)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").filter(has_text="The view is kept.")).to_be_visible()

        page.goto("/risk")
        assert "First seen" not in headings(page)
        page.get_by_role("navigation", name="My views").get_by_role("link", name=name).click()
        expect(page.get_by_role("navigation", name="My views").get_by_role("link", name=name)).to_have_attribute(
            "aria-current", "true"
        )
        assert headings(page) == chosen

        page.get_by_text("Views, columns and file").click()
        page.get_by_role("button", name=f"Delete {name}").click()
        expect(page.get_by_text("The view is gone.")).to_be_visible()
        expect(page.get_by_role("link", name=name)).to_have_count(0)


def test_the_chooser_is_clean_at_both_widths_and_in_both_themes(
    browser: Browser, product: str, sign_in: SignIn
) -> None:
    with browser.new_context(base_url=product) as context:
        inspector = Inspector(context, product)
        sign_in(inspector.page, "Deepa")
        inspector.open("/risk?tab=all&columns=ring,confidence,first_seen")
        inspector.page.get_by_text("Views, columns and file").click()
        inspector.page.get_by_label("Save this view as").fill("Looked at")
        inspector.page.get_by_role("button", name="Save", exact=True).click()
        inspector.page.get_by_text("Views, columns and file").click()

        inspector.judge()

        inspector.page.get_by_role("button", name="Delete Looked at").click()
        assert inspector.complaints == []


def test_a_slash_goes_to_the_search_of_a_list(browser: Browser, product: str, sign_in: SignIn) -> None:
    with browser.new_context(base_url=product) as context:
        page = context.new_page()
        sign_in(page, "Arjun")
        page.goto("/admin/people")

        page.keyboard.press("/")

        expect(page.get_by_label("Name or e-mail")).to_be_focused()
