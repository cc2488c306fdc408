"""The owner's consents and the officer's requests, as a browser without scripts sees them."""

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts import services
from accounts.models import Consent, ConsentAct, Membership, User
from tests.accounts.test_consent_requests import ask
from tests.factories.accounts import AT, BankFactory, ConsentFactory, MembershipFactory, OfficerFactory, PlatformFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner() -> Membership:
    return MembershipFactory()


@pytest.fixture
def officer() -> User:
    return OfficerFactory()


def enter(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def test_an_owner_without_consents_is_told_what_that_means_and_what_to_do(owner: Membership) -> None:
    page = text(enter(owner.user).get("/owner/consents"))
    assert "Nobody may read your evidence" in page
    assert 'href="/owner/consents/give"' in page


def test_a_request_is_shown_with_its_effect_and_granted_with_one_press(owner: Membership, officer: User) -> None:
    consent = ask(owner.business, officer)
    client = enter(owner.user)
    assert "1 request waits for your answer" in text(client.get("/owner/consents"))
    shown = text(client.get(f"/owner/consents/{consent.uuid}"))
    assert "If you say yes" in shown
    assert "GST returns, Bank entries" in shown
    answer = client.post(f"/owner/consents/{consent.uuid}/answers", {"step": "grant"})
    assert (answer.status_code, answer["Location"]) == (302, "/owner/consents")
    consent.refresh_from_db()
    assert consent.status == "granted"
    assert "1 organisation may read your evidence" in text(client.get("/owner/consents"))


def test_taking_back_says_first_what_will_happen(owner: Membership) -> None:
    consent = ConsentFactory(business=owner.business, organisation=PlatformFactory())
    client = enter(owner.user)
    assert "not enough evidence" in text(client.get(f"/owner/consents/{consent.uuid}"))
    client.post(f"/owner/consents/{consent.uuid}/answers", {"step": "withdraw"})
    consent.refresh_from_db()
    assert consent.status == "withdrawn"
    assert "This consent is over" in text(client.get(f"/owner/consents/{consent.uuid}"))


@pytest.mark.parametrize(("step", "status"), [("", 422), ("replace", 422), ("grant", 409)])
def test_an_answer_that_cannot_be_given_keeps_the_page(owner: Membership, step: str, status: int) -> None:
    consent = ConsentFactory(business=owner.business)
    answer = enter(owner.user).post(f"/owner/consents/{consent.uuid}/answers", {"step": step})
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()


def test_the_owner_sees_who_looked_by_role_and_not_by_name(owner: Membership, officer: User) -> None:
    consent = ConsentFactory(business=owner.business, organisation=officer.organisation)
    services.record_look(business=owner.business, act=ConsentAct.CASE, target="application:1", by=officer, at=AT)
    for address in ("/owner/consents", f"/owner/consents/{consent.uuid}"):
        page = text(enter(owner.user).get(address))
        assert "Opened the loan case" in page
        assert "loan officer" in page
        assert officer.email not in page


def test_somebody_elses_consent_is_not_there(owner: Membership) -> None:
    consent = ConsentFactory()
    client = enter(owner.user)
    assert client.get(f"/owner/consents/{consent.uuid}").status_code == 404
    assert client.post(f"/owner/consents/{consent.uuid}/answers", {"step": "withdraw"}).status_code == 404


def test_an_owner_lets_a_bank_in_unasked(owner: Membership) -> None:
    bank, suspended = BankFactory(), BankFactory(suspended=True)
    client = enter(owner.user)
    page = text(client.get("/owner/consents/give"))
    assert bank.name in page
    assert f">{suspended.name}<" not in page
    form = {"organisation": str(bank.uuid), "kinds": ["gst_returns"], "purpose": "credit_assessment", "months": "6"}
    assert client.post("/owner/consents/give", form).status_code == 302
    consent = Consent.objects.get()
    assert (consent.organisation, consent.kinds, consent.status) == (bank, ["gst_returns"], "granted")
    assert client.post("/owner/consents/give", form).status_code == 422


def test_an_officer_asks_by_gstin_and_sees_how_it_stands(owner: Membership, officer: User) -> None:
    client = enter(officer)
    assert "Nothing asked yet" in text(client.get("/officer/access"))
    form = {"gstin": owner.business.gstin, "kinds": ["gst_returns"], "purpose": "credit_assessment", "months": "6"}
    assert client.post("/officer/access", form).status_code == 302
    panel = text(client.get("/officer/access/panel"))
    assert owner.business.gstin in panel
    assert "Asked" in panel
    assert owner.business.trade_name not in panel
    again = client.post("/officer/access", form)
    assert again.status_code == 422
    assert "asked already" in again.content.decode()
    assert client.post("/officer/access", {**form, "gstin": "29AAACZ0001K1Z0"}).status_code == 422


def test_the_case_leads_to_a_form_that_knows_the_business(owner: Membership, officer: User) -> None:
    client = enter(officer)
    address = f"/officer/access?business={owner.business.uuid}"
    assert owner.business.gstin not in client.get(address).content.decode()
    ConsentFactory(business=owner.business, organisation=officer.organisation)
    assert owner.business.gstin in client.get(address).content.decode()
    assert client.get("/officer/access?business=nonsense").status_code == 200


def test_the_page_takes_the_same_queries_however_many_consents(owner: Membership, django_assert_num_queries) -> None:
    client = enter(owner.user)
    client.get("/owner/consents/panel")
    counts = []
    for more in (1, 6):
        ConsentFactory.create_batch(more, business=owner.business)
        with django_assert_num_queries(10, exact=False) as queries:
            client.get("/owner/consents/panel")
        counts.append(len(queries))
    assert counts[0] == counts[1]
