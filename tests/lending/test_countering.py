"""Other terms than were asked for, and a recommendation that goes back."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.transitions import ForbiddenTransition
from lending.models import Decision, LoanApplication
from lending.selectors.securities import security_behind
from lending.services import (
    Given,
    UnableToDecide,
    charge_asset,
    counter,
    decide,
    register_charge,
    state_stock,
    take_counter,
    value_asset,
)
from lending.services.reviewing import answer_bank
from tests.factories.lending import AT
from tests.lending.api.test_applications import client_of
from tests.lending.test_securing import BOOKS, DAY, PLANT

pytestmark = pytest.mark.integration
HOUR = timedelta(hours=1)
WHY = Given(("amount.above_limit",), "Less is safer for the first year")


def offered(desk, by=None, at=AT):
    part = {"amount": Decimal(600_000), "months": 10, "given": WHY}
    return counter(application_id=desk.application.uuid, **part, by=by or desk.officer, at=at)


def step(desk, outcome, by, *, codes=("score.meets",), note="", at=AT):
    return decide(application_id=desk.application.uuid, outcome=outcome, reason_codes=codes, note=note, by=by, at=at)


def state_of(application):
    return LoanApplication.objects.get(pk=application.pk).state


def test_the_owner_takes_other_terms_as_a_new_request(desk):
    made = offered(desk)
    assert (made.outcome, made.amount, made.months) == ("counter", Decimal(600_000), 10)
    assert state_of(desk.application) == "countered"

    fresh = take_counter(application_id=desk.application.uuid, by=desk.owner, at=AT + HOUR)

    old = LoanApplication.objects.get(pk=desk.application.pk)
    assert (old.state, old.closed_reason) == ("withdrawn", f"Goes on with other terms as {fresh.number}.")
    assert (fresh.amount, fresh.months, fresh.is_open) == (Decimal(600_000), 10, True)
    assert old.amount == desk.application.amount
    with pytest.raises(ForbiddenTransition):
        take_counter(application_id=desk.application.uuid, by=desk.owner, at=AT + HOUR)


def test_the_owner_may_keep_what_was_asked_for_and_the_officer_goes_on(desk):
    offered(desk)
    answer_bank(application_id=desk.application.uuid, note="The machine costs more", by=desk.owner, at=AT + HOUR)
    assert state_of(desk.application) == "under_review"

    recommended = step(desk, "recommend", desk.officer, at=AT + 2 * HOUR)

    assert (recommended.maker, recommended.supersedes.outcome) == (None, "counter")
    assert step(desk, "sanction", desk.risk, at=AT + 3 * HOUR).maker == desk.officer


def test_a_checker_refers_a_recommendation_back_with_words(desk):
    step(desk, "recommend", desk.officer)
    with pytest.raises(InvalidInput, match="looked at again"):
        step(desk, "refer", desk.risk, codes=("evidence.flows",))

    back = step(desk, "refer", desk.risk, codes=("evidence.flows",), note="Whose is the second account?")

    assert (back.outcome, back.maker, state_of(desk.application)) == ("refer", desk.officer, "under_review")
    again = step(desk, "recommend", desk.officer, at=AT + HOUR)
    assert again.supersedes == back
    assert step(desk, "sanction", desk.risk, at=AT + 2 * HOUR).outcome == "sanction"


def test_nobody_refers_or_counters_the_own_recommendation(desk):
    step(desk, "recommend", desk.officer)
    with pytest.raises(ApplicationError):
        offered(desk)
    with pytest.raises(ApplicationError):
        step(desk, "refer", desk.officer, note="Once more")
    assert state_of(desk.application) == "recommended"


def test_other_terms_are_other_and_fit_the_product_and_the_limit(desk):
    asked = desk.application
    for amount, months in ((asked.amount, asked.months), (Decimal(1), asked.months)):
        with pytest.raises(InvalidInput):
            counter(application_id=asked.uuid, amount=amount, months=months, given=WHY, by=desk.officer, at=AT)
    most = asked.product.most_amount
    with pytest.raises(UnableToDecide, match="limit"):
        counter(application_id=asked.uuid, amount=most, months=asked.months, given=WHY, by=desk.officer, at=AT)


def test_the_database_refuses_a_sanction_that_nobody_recommended(desk):
    offered(desk)
    held = Decision.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=held.application, outcome="sanction", reasons=["score.meets"], by=desk.risk, at=AT,
            maker=desk.officer, supersedes=held, snapshot="{}", sha256="0" * 64,
        )  # fmt: skip


def test_the_doors_offer_other_terms_and_take_them(desk, client):
    path = f"/officer/applications/{desk.application.uuid}"
    client.force_login(desk.officer)
    assert "Offer other terms" in client.get(path).content.decode()
    said = {"outcome": "counter", "reasons": "amount.above_limit", "note": "Less is safer"}
    assert client.post(f"{path}/decisions", said).status_code == 422
    assert client.post(f"{path}/decisions", {**said, "amount": "600000", "months": "10"}).status_code == 302

    client.force_login(desk.owner)
    page = client.get(f"/owner/applications/{desk.application.uuid}").content.decode()
    assert "The bank offers other terms" in page
    assert "Less is safer" in page
    taken = client.post(f"/owner/applications/{desk.application.uuid}/take")
    assert taken.status_code == 302
    assert str(desk.application.uuid) not in taken.url


def test_the_api_offers_other_terms_and_takes_them(desk):
    path = f"/api/v1/applications/{desk.application.uuid}"
    said = {"outcome": "counter", "reasons": ["amount.above_limit"], "note": "Less is safer"}
    officer = client_of(desk.officer)
    assert officer.post(f"{path}/decisions", said, format="json").status_code == 422
    made = officer.post(f"{path}/decisions", {**said, "amount": "600000.00", "months": 10}, format="json")
    assert (made.status_code, made.json()["amount"], made.json()["months"]) == (201, "600000.00", 10)
    taken = client_of(desk.owner).post(f"{path}/events", {"event": "take"}, format="json")
    assert taken.status_code == 201
    assert taken.json()["amount"] == "600000.00"


def test_what_secures_a_request_goes_over_to_the_one_with_the_terms_taken(desk):
    held = charge_asset(application_id=desk.application.uuid, asset=PLANT, by=desk.officer, at=AT)
    value_asset(collateral_id=held.uuid, value=Decimal(800_000), valuer="A. Rao", on=DAY, by=desk.officer, at=AT)
    register_charge(collateral_id=held.uuid, registered_as="400012345678", on=DAY, by=desk.officer, at=AT)
    state_stock(application_id=desk.application.uuid, on=DAY, assets=BOOKS, by=desk.officer, at=AT)
    offered(desk)

    fresh = take_counter(application_id=desk.application.uuid, by=desk.owner, at=AT + HOUR)

    assert (security_behind(desk.application), security_behind(fresh)) == (0, Decimal(600_000))
    taken = fresh.collaterals.get()
    assert (taken.registered_as, taken.counts) == ("400012345678", True)
    held.refresh_from_db()
    assert held.released_on == (AT + HOUR).astimezone(IST).date()
    assert fresh.stock_statements.get().assets == replace(BOOKS, on=DAY.isoformat())
    assert '"assets":{' in fresh.assessments.get().document
