"""The owner's dashboard and the application form."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from fraud.models import Dispute, DisputeState, DisputeSubject
from scoring.models import ScoreRun
from scoring.selectors import told_reasons
from tests.factories.accounts import MembershipFactory, OfficerFactory, OwnerFactory, UserFactory
from tests.factories.lending import AT, ScoreRunFactory


@pytest.fixture
def owner(desk, client: Client) -> Client:
    client.force_login(desk.owner)
    return client


def test_the_dashboard_states_the_score_its_reasons_and_what_it_allows(desk, owner):
    page = owner.get("/owner").content.decode()

    assert f"{desk.business.trade_name} scores 714: low risk" in page
    helping, hurting = told_reasons(ScoreRun.objects.get(), "en")
    assert escape(helping.sentence) in page
    assert escape(hurting.advice or hurting.sentence) in page
    assert "What you could borrow today" in page
    assert "₹ 16,50,000" in page
    assert "20 % of yearly turnover" in page
    assert desk.application.number in page


def test_the_panel_is_a_fragment_that_watches_the_business(desk, owner):
    page = owner.get("/owner/panel").content.decode()

    assert "<html" not in page
    assert f'data-watch="{desk.business.uuid}"' in page


def test_without_evidence_the_page_says_what_to_do(db, client):
    client.force_login(MembershipFactory().user)

    page = client.get("/owner").content.decode()

    assert "has no score yet" in page
    assert "Share evidence" in page


def test_too_little_evidence_says_what_is_missing(desk, owner):
    ScoreRunFactory(business=desk.business, thin=True, as_of=AT.replace(day=2))

    page = owner.get("/owner").content.decode()

    assert "UPI payments" in page
    assert "They show money that arrives." in page


def test_a_change_since_the_last_score_is_told(desk, owner):
    ScoreRunFactory(business=desk.business, as_of=AT.replace(day=2), score=732, points=732.0)

    assert "+18 points since" in owner.get("/owner").content.decode()


def test_an_owner_without_a_business_finds_nothing(db, client):
    client.force_login(OwnerFactory())

    assert client.get("/owner").status_code == 404


def test_an_officer_has_no_dashboard_of_an_owner(db, client):
    client.force_login(OfficerFactory())

    assert client.get("/owner").status_code == 403
    assert client.get("/owner/apply").status_code == 403


def test_without_a_consent_no_bank_is_offered(db, client):
    client.force_login(MembershipFactory().user)

    assert "No bank can take an application yet" in client.get("/owner/apply").content.decode()


def test_a_dispute_shows_the_score_before_and_after(desk, owner, client):
    dispute = Dispute.objects.create(
        business=desk.business, subject=DisputeSubject.FLAG, opened_at=AT + timedelta(days=1), opened_by=desk.owner,
        due_at=AT + timedelta(days=16),
    )  # fmt: skip
    address = f"/owner/disputes/{dispute.uuid}/scores"
    assert "not answered yet" in owner.get(address).content.decode()

    answered = {"state": DisputeState.UPHELD, "outcome": "You were right.", "resolved_by": UserFactory(role="admin")}
    Dispute.objects.filter(pk=dispute.pk).update(resolved_at=AT + timedelta(days=2), **answered)
    assert "Not made yet" in owner.get(address).content.decode()
    ScoreRunFactory(business=desk.business, as_of=AT + timedelta(days=3), score=730)
    page = owner.get(address).content.decode()
    assert "rose by 16 points" in page
    assert "714" in page
    assert address in owner.get(f"/owner/disputes/{dispute.uuid}").content.decode()

    client.force_login(MembershipFactory().user)
    assert client.get(address).status_code == 404
