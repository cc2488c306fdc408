"""Where people meet the bounds of a consent: asking, answering with less, letting in, the receipt."""

from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Consent, ConsentStatus, Membership, User
from creditiq.kernel.clock import IST, now
from tests.factories.accounts import BankFactory, MembershipFactory, OfficerFactory

pytestmark = pytest.mark.django_db
FROM, TO = date(2026, 4, 1), date(2027, 3, 31)


@pytest.fixture
def membership() -> Membership:
    return MembershipFactory()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def ask(membership: Membership, **terms: str) -> Consent:
    form = {
        "gstin": membership.business.gstin, "kinds": ["gst_returns"], "purpose": "credit_assessment", "months": "12",
        "data_from": str(FROM), "data_to": str(TO), "often": "DAY:10", "life": "MONTH:6", **terms,
    }  # fmt: skip
    officer = signed_in(OfficerFactory())
    answer = officer.post(reverse("accounts:access"), form)
    assert answer.status_code == 302, answer.content.decode()
    asked = officer.get(reverse("accounts:access")).content.decode()
    assert "evidence of 01 Apr 2026 to 31 Mar 2027" in asked
    assert "at most 10 looks a day" in asked
    return Consent.objects.get()


def test_an_officer_asks_and_the_owner_is_shown_every_bound(membership: Membership) -> None:
    consent = ask(membership)
    assert consent.data_from == datetime(2026, 4, 1, tzinfo=IST)
    assert consent.data_to.astimezone(IST).date() == TO
    page = signed_in(membership.user).get(reverse("accounts:consent", args=[consent.uuid])).content.decode()
    for said in ("evidence of 01 Apr 2026 to 31 Mar 2027", "at most 10 looks a day", "used for 6 months after the yes"):
        assert said in page
    assert 'value="2026-04-01"' in page


def test_an_owner_gives_less_on_the_page(membership: Membership) -> None:
    consent, owner = ask(membership), signed_in(membership.user)
    form = {"step": "grant", "data_from": "2026-07-01", "data_to": str(TO), "life": "MONTH:1"}
    asked_to = consent.data_to
    assert owner.post(reverse("accounts:answer_consent", args=[consent.uuid]), form).status_code == 302
    consent.refresh_from_db()
    assert consent.status == ConsentStatus.GRANTED
    assert consent.data_from == datetime(2026, 7, 1, tzinfo=IST)
    assert consent.data_to == asked_to
    assert consent.expires_at < now() + timedelta(days=32)
    assert "used for one month after the yes" in owner.get(reverse("accounts:consents")).content.decode()


def test_more_than_was_asked_is_refused_beside_its_field(membership: Membership) -> None:
    consent, owner = ask(membership), signed_in(membership.user)
    form = {"step": "grant", "data_from": "2020-01-01", "data_to": str(TO), "life": "MONTH:6"}
    answer = owner.post(reverse("accounts:answer_consent", args=[consent.uuid]), form)
    assert answer.status_code == 422
    assert "give that or less" in answer.content.decode()
    assert Consent.objects.get().status == ConsentStatus.REQUESTED


def test_a_plain_yes_gives_what_was_asked_even_where_the_choices_do_not_know_it(membership: Membership) -> None:
    consent = ask(membership)
    Consent.objects.update(life_value=5)
    form = {"step": "grant", "data_from": str(FROM), "data_to": str(TO), "life": "MONTH:5"}
    owner = signed_in(membership.user)
    assert owner.post(reverse("accounts:answer_consent", args=[consent.uuid]), form).status_code == 302
    assert Consent.objects.get().data_life == ("MONTH", 5)


def test_an_owner_lets_somebody_in_for_a_bounded_time(membership: Membership) -> None:
    form = {
        "organisation": str(BankFactory().uuid), "kinds": ["gst_returns"], "purpose": "credit_assessment",
        "months": "3", "data_from": "", "data_to": str(TO), "often": "MONTH:1", "life": "",
    }  # fmt: skip
    assert signed_in(membership.user).post(reverse("accounts:give_consent"), form).status_code == 302
    consent = Consent.objects.get()
    assert (consent.data_from, consent.frequency, consent.data_life) == (None, ("MONTH", 1), None)


def test_a_range_that_ends_before_it_begins_is_refused_beside_its_field(membership: Membership) -> None:
    form = {
        "organisation": str(BankFactory().uuid), "kinds": ["gst_returns"], "purpose": "credit_assessment",
        "months": "3", "data_from": str(TO), "data_to": str(FROM), "often": "", "life": "",
    }  # fmt: skip
    answer = signed_in(membership.user).post(reverse("accounts:give_consent"), form)
    assert answer.status_code == 422
    assert "The evidence must end after it begins." in answer.content.decode()


@pytest.mark.parametrize("day", ["0001-01-01", "2017-06-30"])
def test_a_range_from_before_gst_is_refused_beside_its_field(membership: Membership, day: str) -> None:
    form = {
        "organisation": str(BankFactory().uuid), "kinds": ["gst_returns"], "purpose": "credit_assessment",
        "months": "3", "data_from": day, "data_to": "", "often": "", "life": "",
    }  # fmt: skip
    answer = signed_in(membership.user).post(reverse("accounts:give_consent"), form)
    assert answer.status_code == 422
    assert "choose 1 July 2017 or a later day" in answer.content.decode()


@pytest.mark.parametrize(
    ("language", "says"),
    [("hi", "6 महीने तक उपयोग"), ("mr", "6 महिने वापर"), ("ta", "6 மாதங்கள்"), ("te", "6 నెలల"), ("kn", "6 ತಿಂಗಳು")],
)
def test_the_bounds_speak_the_language_of_the_owner(membership: Membership, language: str, says: str) -> None:
    consent = ask(membership)
    membership.user.language = language
    membership.user.save()
    page = signed_in(membership.user).get(reverse("accounts:consent", args=[consent.uuid])).content.decode()
    assert says in page
    assert "Evidence from" not in page


def test_the_receipt_names_everything_that_was_agreed(membership: Membership) -> None:
    consent, owner = ask(membership), signed_in(membership.user)
    owner.post(reverse("accounts:answer_consent", args=[consent.uuid]), {"step": "grant"})
    answer = owner.get(reverse("accounts:consent_receipt", args=[consent.uuid]))
    assert "attachment" in answer["Content-Disposition"]
    receipt = answer.json()
    assert receipt["consentStatus"] == "granted"
    assert receipt["FIDataRange"] == {"from": "2026-03-31T18:30:00Z", "to": "2027-03-31T18:29:59.999Z"}
    assert (receipt["Frequency"], receipt["DataLife"]) == (
        {"unit": "DAY", "value": 10},
        {"unit": "MONTH", "value": 6},
    )
    assert receipt["Purpose"]["code"] == "credit_assessment"
    assert [event["step"] for event in receipt["events"]] == ["request", "grant"]
    stranger = signed_in(MembershipFactory().user)
    assert stranger.get(reverse("accounts:consent_receipt", args=[consent.uuid])).status_code == 404
