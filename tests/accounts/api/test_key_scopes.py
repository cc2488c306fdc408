"""An API key with one scope, at every operation that the description lists: every cell is written down."""

import json
import re
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import services
from accounts.models import User
from accounts.permissions import CAPABILITIES, KEY_SCOPES, Capability
from creditiq.kernel.clock import now
from tests.architecture.key_permissions import KEYS, SCOPES
from tests.architecture.sources import ROOT
from tests.factories.accounts import AnalystFactory, MembershipFactory, OfficerFactory, OwnerFactory, RiskManagerFactory

pytestmark = pytest.mark.django_db
DESCRIPTION = json.loads((ROOT / "tests" / "data" / "openapi.json").read_text())
NOTHING = "00000000-0000-4000-8000-000000000000"
REFUSED = 403
HOLDERS = (
    lambda: MembershipFactory(user=OwnerFactory()).user,
    OfficerFactory,
    RiskManagerFactory,
    AnalystFactory,
)
OPERATIONS = sorted(
    f"{method.upper()} {path.lstrip('/')}"
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method in {"get", "post", "put", "patch", "delete"}
)


def holder_of(scope: str) -> User:
    """The first kind of person whose role has the act."""
    for made in HOLDERS:
        person = made()
        if Capability(scope) in CAPABILITIES[person.role]:
            return person
    raise AssertionError(f"nobody may {scope}")


@pytest.fixture
def limited(settings: Settings) -> Iterator[None]:
    settings.CALLS_PER_MINUTE = 100_000
    cache.clear()
    yield
    cache.clear()


def asked(client: APIClient, operation: str) -> int:
    method, _, path = operation.partition(" ")
    places = DESCRIPTION["paths"][f"/{path}"][method.lower()].get("parameters", [])
    numbers = {place["name"] for place in places if place["schema"].get("type") == "integer"}
    address = re.sub(r"\{(\w+)\}", lambda place: "0" if place[1] in numbers else NOTHING, path)
    return client.generic(method, f"/{address}", b"", content_type="application/json").status_code


def test_the_table_has_every_scope_and_every_operation() -> None:
    assert [str(scope) for scope in KEY_SCOPES] == list(SCOPES)
    assert sorted(KEYS) == OPERATIONS
    assert {row: cells for row, cells in KEYS.items() if len(cells.split()) != len(SCOPES)} == {}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_key_gets_at_every_operation_what_is_written_for_its_scope(scope: str, limited: None) -> None:
    terms = services.KeyTerms(name="one scope", scopes=(scope,), quota_per_day=100_000)
    client = APIClient()
    client.credentials(
        HTTP_AUTHORIZATION=f"Api-Key {services.create_key(terms=terms, by=holder_of(scope), at=now()).secret}"
    )
    written = {row: cells.split()[SCOPES.index(scope)] for row, cells in KEYS.items()}
    assert {row: "." if asked(client, row) == REFUSED else "x" for row in OPERATIONS} == written
