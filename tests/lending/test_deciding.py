"""Recommend, sanction, decline: by whom, for what, and what stands against it."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import AuditEntry, Role
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import capture_events
from creditiq.kernel.transitions import ForbiddenTransition
from lending.events import DecisionMade
from lending.models import Decision, LoanApplication
from lending.services import UnableToDecide, decide, deciding
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.lending import AT, ApplicationFactory, ProductFactory, ScoreRunFactory

LATER = AT + timedelta(hours=1)


def recommend(desk, **changes):
    """The officer's recommendation."""
    step = {"outcome": "recommend", "reason_codes": ["score.meets"], "note": "", "by": desk.officer, "at": AT}
    return decide(**{"application_id": desk.application.uuid} | step | changes)


def sanction(desk, **changes):
    """The risk manager's sanction."""
    return recommend(desk, **{"outcome": "sanction", "by": desk.risk, "at": LATER} | changes)


def decline(desk, **changes):
    """The officer's refusal."""
    return recommend(desk, **{"outcome": "decline", "reason_codes": ["purpose.not_financed"]} | changes)


def test_a_recommendation_is_stored_with_the_facts_it_stands_on(desk):
    with capture_events() as events:
        decision = recommend(desk, reason_codes=["score.meets", "orders.confirmed"], note=" Seen. ")

    desk.application.refresh_from_db()
    snapshot = json.loads(decision.snapshot)
    assert desk.application.state == "recommended"
    assert (decision.reasons, decision.note) == (["score.meets", "orders.confirmed"], "Seen.")
    assert decision.score_run == desk.run
    assert snapshot["dossier"]["flows"]["turnover"] == "8250000.00"
    assert snapshot["verdict"]["outcome"] == "recommend"
    assert events == [DecisionMade(decision_id=decision.pk, business_id=desk.business.pk)]
    assert AuditEntry.objects.filter(action="application.recommended", outcome="ok").count() == 1


def test_another_person_sanctions_and_the_row_names_both(desk):
    first = recommend(desk)

    decision = sanction(desk)

    desk.application.refresh_from_db()
    assert desk.application.state == "sanctioned"
    assert (decision.maker, decision.by, decision.supersedes) == (desk.officer, desk.risk, first)


def test_the_maker_cannot_be_the_checker(desk):
    recommend(desk)
    desk.officer.role = Role.RISK_MANAGER
    desk.officer.save()

    with pytest.raises(UnableToDecide) as refused:
        sanction(desk, by=desk.officer)

    assert refused.value.code == "maker_is_checker"
    assert Decision.objects.count() == 1


def test_the_database_refuses_a_sanction_by_the_maker(desk):
    first = recommend(desk)
    fields = {"application": desk.application, "outcome": "sanction", "reasons": ["score.meets"], "at": LATER,
              "snapshot": "{}", "sha256": "a" * 64, "supersedes": first}  # fmt: skip

    for by, maker in ((desk.officer, desk.officer), (desk.officer, desk.risk), (desk.risk, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Decision.objects.create(**fields, by=by, maker=maker)


@pytest.mark.parametrize("change", ["UPDATE lending_decision SET note = 'x'", "DELETE FROM lending_decision"])
def test_a_decision_is_never_changed(desk, change):
    recommend(desk)

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Decision.objects.raw(change)._fetch_all()


def test_a_request_is_never_edited(desk):
    desk.application.amount += 1

    with pytest.raises(IntegrityError, match="never edited"), transaction.atomic():
        desk.application.save()


def test_an_officer_cannot_sanction(desk):
    recommend(desk)

    with pytest.raises(Forbidden):
        sanction(desk, by=OfficerFactory(organisation=desk.bank))


def test_an_administrator_takes_no_part(desk):
    with pytest.raises(Forbidden):
        recommend(desk, by=UserFactory(role=Role.ADMIN))


def test_the_officer_of_another_bank_finds_nothing(desk):
    with pytest.raises(NotVisible):
        recommend(desk, by=OfficerFactory())


def test_a_sanction_needs_a_recommendation_first(desk):
    with pytest.raises(ForbiddenTransition):
        sanction(desk)

    refusal = AuditEntry.objects.get(action="application.sanction")
    assert (refusal.outcome, refusal.content) == ("refused", {"code": "forbidden_transition"})


def test_nothing_follows_a_refusal(desk):
    decline(desk)

    with pytest.raises(ForbiddenTransition):
        recommend(desk)


def test_the_checker_may_decline_a_recommendation(desk):
    recommend(desk)

    decision = decline(desk, by=desk.risk, at=LATER)

    assert (decision.outcome, decision.maker) == ("decline", desk.officer)


@pytest.mark.parametrize(
    ("step", "codes", "rule"),
    [
        (recommend, [], "reasons.none"),
        (recommend, ["no.such"], "reasons.unknown"),
        (recommend, ["purpose.not_financed"], "reasons.effect"),
        (decline, ["score.meets"], "reasons.effect"),
    ],
)
def test_reasons_are_coded_and_fit_the_step(desk, step, codes, rule):
    with pytest.raises(InvalidInput) as refused:
        step(desk, reason_codes=codes)

    assert refused.value.rule == rule


def test_nothing_above_the_limit_is_recommended(desk):
    product = ProductFactory(code="WC-BIG")
    asked = ApplicationFactory(business=desk.business, organisation=desk.bank, product=product, amount=4_000_000)

    with pytest.raises(UnableToDecide) as refused:
        recommend(desk, application_id=asked.uuid)

    assert refused.value.code == "above_limit"


def test_nothing_is_recommended_without_a_score(desk):
    ScoreRunFactory(business=desk.business, thin=True, as_of=AT + timedelta(minutes=1))

    with pytest.raises(UnableToDecide) as refused:
        recommend(desk, at=LATER)

    assert refused.value.code == "no_score"


def test_differing_from_the_policy_needs_a_note(desk):
    desk.business.registered_on = AT.date() - timedelta(days=200)
    desk.business.save()

    with pytest.raises(InvalidInput) as refused:
        recommend(desk)

    assert refused.value.rule == "note.needed"
    assert recommend(desk, note="Known to us for years.").note == "Known to us for years."


def test_whoever_may_decline_a_new_application_may_not_once_a_colleague_recommended_it_meanwhile(desk):
    stale = LoanApplication.objects.select_related("business", "organisation", "product").get(pk=desk.application.pk)
    recommend(desk)
    colleague = OfficerFactory(organisation=desk.bank)

    with pytest.raises(Forbidden):
        deciding._decide(stale, "decline", deciding.Given(("purpose.not_financed",), ""), colleague, LATER)

    desk.application.refresh_from_db()
    assert desk.application.state == "recommended"
