"""A passkey from the first press to the next sign-in, with a virtual authenticator in the browser."""

import secrets
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.people import STRONG, prove_address, sign_up

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_passkey_is_made_asked_for_and_enough_to_sign_in(context: BrowserContext, product: str) -> None:
    email = f"key-{secrets.token_hex(4)}@creditiq.example"
    sign_up(product, email)
    prove_address(product, email)
    base = f"http://localhost:{urlsplit(product).port}"  # a passkey belongs to a name, an address has none
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})

    page.goto(f"{base}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(STRONG)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{base}/account/passkeys")
    page.get_by_label("Name").fill("My laptop")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.locator("[data-codes] code")).to_have_count(10)
    page.goto(f"{base}/account/security")
    expect(page.get_by_text("My laptop").first).to_be_visible()

    page.goto(f"{base}/account/confirm?next=/account")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(f"{base}/account")
    page.goto(f"{base}/account/security")
    page.get_by_role("button", name="Sign out").click()

    page.goto(f"{base}/sign-in/passkey?next=/account/security")
    page.get_by_role("button", name="Use my passkey").click()
    page.wait_for_url(f"{base}/account/security")

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{base}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(STRONG)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{base}/sign-in/second-step")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(lambda address: "sign-in" not in address)
    assert errors == []
