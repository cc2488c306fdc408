"""The page for developers: everything it names exists, and what it teaches works."""

import json
import re
from pathlib import Path
from runpy import run_path

import pytest
from django.test import Client

from accounts.engine import webhooks
from creditiq.movers import MOVED, Moved
from tests.architecture.sources import ROOT

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@pytest.fixture(scope="module")
def operations() -> set[str]:
    """Method and path of everything the description of the interface has."""
    paths = json.loads((ROOT / "tests" / "data" / "openapi.json").read_text())["paths"]
    return {f"{method.upper()} {path.removeprefix('/api/v1')}" for path, methods in paths.items() for method in methods}


@pytest.mark.parametrize("moved", MOVED, ids=lambda moved: f"{moved.system[0]} {moved.theirs}")
def test_every_operation_on_the_map_exists(moved: Moved, operations: set[str]) -> None:
    assert set(moved.ours) <= operations
    assert moved.ours or moved.otherwise


def test_everybody_may_read_it_and_it_names_only_what_there_is(operations: set[str]) -> None:
    page = Client().get("/developers")
    assert page.status_code == 200
    text = page.content.decode()
    named = re.findall(rf"<code>(?:{'|'.join(METHODS)}) [\w/{{}}.-]+</code>", text)
    known = {operation.replace(" /", " ") for operation in operations} | operations
    assert {name[6:-7] for name in named} <= known
    assert "def verify(" in text


def test_the_verifier_is_the_code_we_sign_with(tmp_path: Path) -> None:
    answer = Client().get("/developers/webhook_verifier.py")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    kept = tmp_path / "creditiq_webhooks.py"
    kept.write_bytes(answer.content)
    signed = webhooks.signature(secret="whsec_" + "A" * 32, message_id="m", timestamp=9, body=b"{}")
    headers = {"webhook-id": "m", "webhook-timestamp": "9", "webhook-signature": signed}
    run_path(str(kept))["verify"](secret="whsec_" + "A" * 32, headers=headers, body=b"{}", now=10.0)


def test_the_footer_of_every_page_leads_there() -> None:
    assert 'href="/developers"' in Client().get("/sign-in").content.decode()
