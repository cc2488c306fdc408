"""A bank's people see their bank's chain, its length and nothing of anybody else's."""

import pytest
from django.db import transaction

from accounts import audit
from accounts.models import Organisation, User
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AT, AdminFactory, BankFactory, OwnerFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def banks() -> list[Organisation]:
    made = BankFactory.create_batch(2)
    for bank in made:
        with transaction.atomic():
            audit.record("something.done", target=bank, at=AT, organisation=bank)
    return made


def auditor_of(bank: Organisation) -> User:
    return UserFactory(role="risk_manager", organisation=bank, duties=["auditor"])


def test_a_bank_verifies_its_own_chain_alone(banks: list[Organisation]) -> None:
    one, other = banks
    auditor = signed_in(auditor_of(one))
    told = auditor.get("/api/v1/audit/verify").json()
    assert [(chain["chain"], chain["entries"]) for chain in told["chains"]] == [(str(one.uuid), told["entries"])]
    for door in ("/api/v1/audit/verify", "/api/v1/audit/events", "/api/v1/audit/checkpoints"):
        answer = auditor.get(door)
        assert answer.status_code == 200
        assert str(other.uuid) not in answer.content.decode()


def test_the_platforms_people_verify_every_chain(banks: list[Organisation]) -> None:
    told = signed_in(AdminFactory()).get("/api/v1/audit/verify").json()
    assert {str(bank.uuid) for bank in banks} <= {chain["chain"] for chain in told["chains"]}


def test_who_oversees_nothing_has_no_chain(banks: list[Organisation]) -> None:
    assert audit.verify_chains_of(OwnerFactory()).chains == ()
