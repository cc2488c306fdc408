"""The sandbox is a world of its own: made up, labelled, seen through test keys, and nowhere else."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import selectors, services
from accounts.models import ApiKey, Business, Consent, Job, Organisation, User
from accounts.permissions import Capability, can
from accounts.services.sandbox import UnableToFill, found_sandbox
from accounts.services.usage import counters
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, NotVisible
from lending.services.sandbox import BUSINESSES
from tests.accounts.conftest import signed_in
from tests.accounts.test_api_keys import program
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    BusinessFactory,
    ConsentFactory,
    OfficerFactory,
    PlatformFactory,
    UserFactory,
)
from wallets.models import GstInvoice

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _house() -> Iterator[None]:
    PlatformFactory()
    counters().flushdb()
    yield
    counters().flushdb()


def row(number: int) -> dict[str, object]:
    """A business as the simulated world writes it."""
    like = BusinessFactory.build(
        legal_name=f"Firm {number}", trade_name=f"Firm {number}", pan=f"ZZ{'ABCDE'[number]}CZ000{number}K"
    )
    texts = {
        name: getattr(like, name) for name in ("gstin", "pan", "udyam", "legal_name", "trade_name", "sector", "hsn")
    }
    more = {name: getattr(like, name) for name in ("pincode", "size", "constitution", "state_code", "deals_in_goods")}
    return {**texts, **more, "quarterly_filer": False, "registered_at": 1_700_000_000_000_000}


@pytest.fixture
def made_up() -> list[Business]:
    return services.fill_sandbox(rows=[row(0), row(1)], at=now())


def key_of(person: User, role: str = "officer", *scopes: str) -> services.MadeKey:
    terms = services.KeyTerms(name="try", scopes=scopes or ("view_score", "view_evidence"), sandbox=role)
    return services.create_key(terms=terms, by=person, at=now())


def test_a_test_key_sees_the_made_up_and_says_so(made_up: list[Business]) -> None:
    made = key_of(UserFactory())
    assert made.secret.startswith("ciq_test_")
    answer = program(made.secret).get("/api/v1/businesses")
    assert answer.headers["Sandbox"] == "true"
    told = answer.json()["results"]
    assert {one["id"] for one in told} == {str(business.uuid) for business in made_up}
    assert all(one["name"].endswith("(made up)") for one in told)
    rotated = services.rotate_key(key_id=made.key.uuid, by=made.key.user, at=now())
    assert rotated.secret.startswith("ciq_test_")


def test_nothing_real_is_seen_through_it_and_nothing_made_up_without_it(made_up: list[Business]) -> None:
    consent = ConsentFactory()
    officer = OfficerFactory(organisation=consent.organisation)
    sandbox_officer = key_of(officer).key.acts_as
    for person in (officer, AnalystFactory(), AdminFactory()):
        assert not Business.objects.visible_to(person).filter(is_made_up=True).exists()
        assert not Consent.objects.visible_to(person).filter(business__is_made_up=True).exists()
    assert set(Business.objects.visible_to(sandbox_officer)) == set(made_up)
    assert not can(sandbox_officer, Capability.VIEW_SCORE, consent.business)
    assert not Consent.objects.to_platform().filter(business__is_made_up=True).exists()
    assert selectors.overview(at=now()).businesses == 1
    with pytest.raises(NotVisible):
        selectors.visible_business(user=officer, gstin=made_up[0].gstin)


def test_a_real_bank_cannot_ask_a_made_up_business(made_up: list[Business]) -> None:
    terms = {"kinds": ["gst_returns"], "purpose": "monitoring", "expires_at": "2027-01-01T00:00:00+05:30"}
    answer = signed_in(OfficerFactory()).post("/api/v1/consents", {"gstin": made_up[0].gstin, **terms})
    assert answer.status_code == 404
    claim = signed_in(UserFactory()).post("/api/v1/claims", {"identifier": made_up[0].gstin})
    assert claim.status_code == 422


def test_a_test_key_has_the_rights_of_its_stand_in_and_no_more() -> None:
    person = UserFactory()
    with pytest.raises(Forbidden):
        key_of(person, "owner", "view_queue")
    assert key_of(person, "owner", "share_evidence", "apply").key.acts_as.role == "msme_owner"
    with pytest.raises(Forbidden):
        services.create_key(terms=services.KeyTerms(name="real", scopes=("view_score",)), by=person, at=now())
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(services.KeyRefused):
        services.admitted_key(presented=key_of(UserFactory()).secret + "x", address="", at=now())


def test_nobody_signs_in_as_a_stand_in_and_there_is_one_sandbox() -> None:
    key = key_of(UserFactory()).key
    assert not key.acts_as.check_password("demo")
    assert found_sandbox(at=now()) == found_sandbox(at=now()) == Organisation.objects.get(is_sandbox=True)
    assert ApiKey.objects.get().user != key.acts_as


def test_what_is_made_up_never_takes_the_number_of_what_is_real() -> None:
    wanted = row(2)
    BusinessFactory(gstin=wanted["gstin"], pan=wanted["pan"])
    with pytest.raises(UnableToFill):
        services.fill_sandbox(rows=[wanted], at=now())


def test_a_reset_is_a_job_that_brings_other_businesses_with_their_records(made_up: list[Business]) -> None:
    person = UserFactory()
    api = signed_in(person)
    answer = api.post("/api/v1/sandbox/reset")
    assert answer.status_code == 202
    assert api.post("/api/v1/sandbox/reset").json()["id"] == answer.json()["id"]
    job = Job.objects.get()
    services.run_job(job_id=job.pk, at=now(), clock=now)
    job.refresh_from_db()
    assert job.state == "done", job.message
    told = api.get("/api/v1/sandbox").json()
    assert len(told["businesses"]) == BUSINESSES
    assert not {one["gstin"] for one in told["businesses"]} & {business.gstin for business in made_up}
    assert all(one["name"].endswith("(made up)") for one in told["businesses"])
    assert GstInvoice.objects.filter(business__is_made_up=True).exists()
    assert {business.pk for business in made_up}.isdisjoint(
        Business.objects.visible_to(key_of(person).key.acts_as).values_list("pk", flat=True)
    )


@pytest.mark.parametrize("address", ["/account/sandbox"])
def test_the_page_takes_as_many_questions_for_two_as_for_none(address: str) -> None:
    client = Client()
    client.force_login(UserFactory(), backend="accounts.adapters.VerifiedBackend")
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        assert "The sandbox is empty" in client.get(address).content.decode()
    services.fill_sandbox(rows=[row(3), row(4)], at=now())
    with CaptureQueriesContext(connection) as after:
        assert "Firm 3 (made up)" in client.get(address).content.decode()
    assert len(before.captured_queries) == len(after.captured_queries)
    assert client.post(address).status_code == 302
