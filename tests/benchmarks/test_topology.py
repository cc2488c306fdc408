"""The topology of 50,000 businesses in a real browser: the page is drawn and its replay answers in seconds.

The numbers are printed with `-s`; the bounds are those of a busy machine that renders WebGL in software.
"""

import mimetypes
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Page, Route, sync_playwright

from accounts.models import Role
from accounts.selectors import platform
from creditiq.management.benchmarks.topology import fill
from tests import chromium
from tests.factories.accounts import UserFactory

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600), pytest.mark.django_db]

BUSINESSES = 50_000
PLACE = "http://topology.test"
COMPLAINTS = (
    "document.addEventListener('securitypolicyviolation', (e) => console.error('policy', e.violatedDirective));"
)
PAGES = {
    "communities": "/risk/topology",
    "businesses": "/risk/topology?level=businesses",
    "businesses in two dimensions": "/risk/topology?level=businesses&view=2d",
}


def test_fifty_thousand_businesses_stay_interactive() -> None:
    executable = chromium.find()
    if executable is None:
        pytest.skip(chromium.MISSING)
    fill(BUSINESSES)
    client = Client()
    client.force_login(UserFactory(role=Role.RISK_MANAGER, organisation=platform()))
    served = {address: timed(client, address) for address in PAGES.values()}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        measured = {name: drawn(browser.new_page(), address, served) for name, address in PAGES.items()}
        browser.close()
    sys.stdout.writelines(f"{name}: {figures}\n" for name, figures in measured.items())
    for figures in measured.values():
        assert figures["bytes"] < 1_000_000
        assert figures["complaints"] == []
        assert figures["drawn_seconds"] < 15
        assert figures["replay_seconds"] < 10


def timed(client: Client, address: str) -> dict[str, object]:
    """The page, once its sums are kept, with the seconds the server took."""
    client.get(address)
    started = time.perf_counter()
    answer = client.get(address)
    return {
        "html": answer.content,
        "policy": answer["Content-Security-Policy"],
        "seconds": time.perf_counter() - started,
    }


def drawn(page: Page, address: str, served: dict[str, dict[str, object]]) -> dict[str, object]:
    """Seconds until the picture stands, and for one press of a key on the slider of the replay to be drawn."""
    complaints: list[str] = []
    # The live channel has nobody to talk to here: of the console only what the policy blocked counts.
    page.on("console", lambda message: complaints.append(message.text) if message.text.startswith("policy") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.add_init_script(COMPLAINTS)
    page.route("**/*", lambda route: fulfil(route, served))
    started = time.perf_counter()
    page.goto(PLACE + address)
    page.wait_for_selector("figure[data-drawn] #overview, figure[data-drawn]:has(#overview)", state="attached")
    stands = time.perf_counter() - started
    slider = page.locator("#overview-step")
    slider.focus()
    before = page.locator("output[for=overview-step]").inner_text()
    started = time.perf_counter()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function(
        "([before]) => document.querySelector('output[for=overview-step]').textContent !== before", arg=[before]
    )
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    told = served[address]
    return {
        "bytes": len(told["html"]),
        "server_seconds": round(told["seconds"], 2),
        "drawn_seconds": round(stands, 2),
        "replay_seconds": round(time.perf_counter() - started, 2),
        "complaints": complaints,
    }


def fulfil(route: Route, served: dict[str, dict[str, object]]) -> None:
    """The page from memory with its policy, static files from their folders, nothing else."""
    asked = urlsplit(route.request.url)
    address = asked.path + (f"?{asked.query}" if asked.query else "")
    if address in served:
        headers = {"Content-Security-Policy": served[address]["policy"]}
        return route.fulfill(body=served[address]["html"], content_type="text/html", headers=headers)
    name = asked.path.removeprefix(f"/{settings.STATIC_URL.strip('/')}/")
    found = finders.find(name) if name != asked.path else None
    if found is None:
        return route.fulfill(status=204)
    kind = mimetypes.guess_type(found)[0] or "text/plain"
    return route.fulfill(body=Path(found).read_bytes(), content_type=kind)
