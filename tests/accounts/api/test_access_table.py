"""The access table: what every kind of person and program gets at every operation, of theirs, of others', of nothing.

`tests/data/access.txt` is written down in advance: one line an operation. A cell is a status; of an operation on a
thing with an id, the statuses for one's own tenant's thing, another tenant's and one that does not exist. A key with
one scope is named where it opens the door; every other scope is refused (403). Who adds an operation writes its line,
or takes the one that the failure shows after judging every cell of it.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.http import FileResponse
from pytest_django import Settings
from rest_framework.test import APIClient

from accounts import services
from accounts.models import User
from accounts.permissions import CAPABILITIES, KEY_SCOPES, Capability
from accounts.selectors import platform
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.architecture.sources import ROOT
from tests.factories.accounts import UserFactory
from tests.factories.tenants import STAFF, Tenant, a_tenant, staff_of

pytestmark = pytest.mark.django_db
DESCRIPTION = json.loads((ROOT / "tests" / "data" / "openapi.json").read_text())
TABLE = ROOT / "tests" / "data" / "access.txt"
NOTHING = "00000000-0000-4000-8000-000000000000"
UNREGISTERED = "27AAPFU0939F1ZV"
NOT_OURS = {
    "epoch": "2026-01-01", "kind": "upi_payments", "name": "mfa", "slug": "mudra", "section": "lending",
    "version": "test-1", "other": "test-1",
}  # fmt: skip
"""Places that name nothing of a tenant's, and what is put there."""
ELSEWHERE = {
    "api/v1/kyc/papers/": "kyc",
    "api/v1/reports/": "frozen",
    "api/v1/dead_letters/": "dead",
}
"""Where a place of the same name means another kind of thing."""
NOBODIES = ("nobody", "disabled", "expired")
KINDS = ("individual", "owner", *STAFF)
HOUSE = ("analyst", "risk", "admin", "auditor")
REFUSED = 403
PARTS = 10
"""So that several processes can share the walk."""
OPERATIONS = sorted(
    (path.lstrip("/"), method.upper())
    for path, methods in DESCRIPTION["paths"].items()
    for method in methods
    if method in {"get", "post", "put", "patch", "delete"}
)


def written() -> dict[str, str]:
    """The lines of the table by operation."""
    return {line.partition(": ")[0]: line for line in TABLE.read_text().splitlines() if not line.startswith("#")}


def address(path: str, ids: Mapping[str, str]) -> str:
    """The path with the ids of a tenant's things; of nothing, where there are none."""
    kind = next((word for start, word in ELSEWHERE.items() if path.startswith(start)), "")
    numbers = {"factor_id"} | ({"version"} if "policies" in path else set())

    def filled(place: re.Match[str]) -> str:
        name = place[1]
        nothing = "0" if name in numbers else {**NOT_OURS, "text": UNREGISTERED}.get(name, NOTHING)
        return ids.get(f"{kind} {name}", ids.get(name, nothing)) if name not in NOT_OURS else nothing

    return re.sub(r"\{(\w+)\}", filled, path)


def nobodies() -> dict[str, APIClient]:
    """Who is not let in, whatever they show."""
    closed = signed_in(person := UserFactory())
    User.objects.filter(pk=person.pk).update(is_active=False)
    late = APIClient()
    with time_machine.travel(now() - timedelta(days=2), tick=True):
        shown = signed_in(UserFactory())
    late.credentials(**shown._credentials)
    return {"nobody": APIClient(), "disabled": closed, "expired": late}


def by_key(scope: str, people: Mapping[str, User]) -> APIClient:
    """A program with one scope, of the first of these people whose role has the act."""
    person = next(one for one in people.values() if Capability(scope) in CAPABILITIES[one.role] and not one.duties)
    terms = services.KeyTerms(name="one scope", scopes=(scope,), quota_per_day=100_000)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {services.create_key(terms=terms, by=person, at=now()).secret}")
    return client


@dataclass(frozen=True)
class World:
    """Two tenants, and a client for everybody: people of either, of the house, nobody in three ways, programs of A."""

    a: Tenant
    b: Tenant
    of_a: Mapping[str, APIClient]
    of_b: Mapping[str, APIClient]
    house: Mapping[str, APIClient]
    nobodies: Mapping[str, APIClient]
    keys: Mapping[str, APIClient]

    def line(self, path: str, method: str) -> str:
        """What everybody gets at an operation. People of A ask for their own, those of B for what is A's."""
        own, missing = address(path, self.a.ids), address(path, {})
        named = own != missing
        cells = [str(asked(self.nobodies[kind], method, own)) for kind in NOBODIES]
        for kind in KINDS:
            near, far = self.of_a[kind], self.of_b[kind]
            answers = (asked(near, method, own), asked(far, method, own), asked(near, method, missing))
            cells.append("/".join(map(str, answers)) if named else "/".join(map(str, sorted(set(answers)))))
        for kind in HOUSE:
            places = (own, missing) if named else (own,)
            cells.append("/".join(str(asked(self.house[kind], method, place)) for place in places))
        opened = (f"{scope}={cell}" for scope, client in self.keys.items() if (cell := self.key(client, method, path)))
        return f"{method} {path}: {' '.join(cells)} | {' '.join(opened)}".rstrip()

    def key(self, client: APIClient, method: str, path: str) -> str:
        """What a program of A gets for A's thing, B's and none; empty where its scope is refused."""
        places = [address(path, ids) for ids in (self.a.ids, self.b.ids, {})]
        first = asked(client, method, places[0])
        if first == REFUSED:
            return ""
        return "/".join(
            map(str, [first, *(asked(client, method, place) for place in places[1:] if place != places[0])])
        )


@pytest.fixture
def world(settings: Settings) -> Iterator[World]:
    settings.CALLS_PER_MINUTE = 10_000_000
    cache.clear()
    a, b, house = a_tenant("A", now()), a_tenant("B", now()), staff_of(platform())
    yield World(
        a,
        b,
        of_a={kind: signed_in(a.people[kind]) for kind in KINDS},
        of_b={kind: signed_in(b.people[kind]) for kind in KINDS},
        house={kind: signed_in(house[kind]) for kind in HOUSE},
        nobodies=nobodies(),
        keys={scope: by_key(scope, a.people) for scope in KEY_SCOPES},
    )
    cache.clear()


def asked(client: APIClient, method: str, where: str) -> int:
    """The status; whatever the act changed is undone."""
    before = transaction.savepoint()
    answer = client.generic(method, f"/{where}", b"{}", content_type="application/json")
    if isinstance(answer, FileResponse):
        answer.getvalue()  # to the end, which closes the file
    transaction.savepoint_rollback(before)
    return int(answer.status_code)


def test_the_table_has_every_operation() -> None:
    assert sorted(written()) == sorted(f"{method} {path}" for path, method in OPERATIONS)


@pytest.mark.parametrize("part", range(PARTS))
def test_everybody_gets_what_was_written_down(part: int, world: World) -> None:
    lines, table = [world.line(*operation) for operation in OPERATIONS[part::PARTS]], set(written().values())
    deviating = [line for line in lines if line not in table]
    assert not deviating, "answered otherwise than written:\n" + "\n".join(deviating)
