from dataclasses import replace
from decimal import Decimal

import pytest

from lending.engine.dossier import Dossier, Facility, Firm, Flows, FraudStanding, Request, ScoreFacts
from lending.engine.eligibility import mudra_product
from lending.engine.limits import Constraint
from lending.engine.msme import MsmeCategory
from lending.engine.policy import DEFAULT_DOCUMENT, LendingPolicy
from lending.engine.verdict import evaluate
from lending.engine.working_capital import Assets

POLICY = LendingPolicy.from_document(DEFAULT_DOCUMENT)
GOOD = Dossier(
    score=ScoreFacts("run", "complete", 714, Decimal("0.013"), "low_risk", 18, Decimal("0.9"), "v1"),
    firm=Firm("machinery", "proprietorship", MsmeCategory.MICRO, udyam=True, pan=True, vintage_months=20),
    flows=Flows(
        turnover=Decimal(9_200_000),
        digital=Decimal(900_000),
        net_flow=Decimal(160_000),
        debt_service=Decimal(20_000),
        filing_gaps=0,
        default_seen=False,
    ),
    fraud=FraudStanding(screening=1, held=False, confirmed=False, confidence=Decimal("0.01")),
    request=Request(Facility.WORKING_CAPITAL, Decimal(1_500_000), 12, "WC", Decimal(50_000), Decimal(5_000_000), 3, 12),
)
TERM = Request(Facility.TERM_LOAN, Decimal(2_000_000), 48, "TL", Decimal(100_000), Decimal(10_000_000), 12, 84)


def dossier(**parts: dict[str, object]) -> Dossier:
    """The good dossier with some facts of some parts changed."""
    changed = {name: replace(getattr(GOOD, name), **facts) for name, facts in parts.items()}
    return replace(GOOD, **changed)


def test_a_good_dossier_is_recommended_with_what_speaks_for_it():
    verdict = evaluate(GOOD, POLICY)

    assert verdict.outcome == "recommend"
    assert verdict.reasons == ("score.meets", "filing.regular", "amount.within_limit", "capacity.sufficient")
    assert verdict.limit.working_capital.amount == Decimal(1_840_000)
    assert verdict.limit.binding_constraint is Constraint.TURNOVER


def test_the_same_dossier_gives_the_same_verdict():
    assert evaluate(GOOD, POLICY) == evaluate(GOOD, POLICY)


def test_a_hold_stops_every_limit_and_the_verdict():
    verdict = evaluate(dossier(fraud={"held": True, "confidence": Decimal("0.97")}), POLICY)

    assert verdict.outcome == "hold"
    assert verdict.reasons[0] == "fraud.hold"
    assert verdict.limit.working_capital.amount == verdict.limit.term_loan.amount == 0
    assert verdict.limit.binding_constraint is Constraint.FRAUD
    assert verdict.cgtmse.eligible is False


def test_a_confirmed_ring_is_declined_whatever_the_score():
    verdict = evaluate(
        dossier(
            fraud={"held": True, "confirmed": True},
            score={"score": 880, "band": "very_low_risk", "pd": Decimal("0.001")},
        ),
        POLICY,
    )

    assert verdict.outcome == "decline"
    assert verdict.reasons[0] == "fraud.confirmed"
    assert verdict.mudra.eligible is False


@pytest.mark.parametrize(
    ("parts", "outcome", "code"),
    [
        ({"flows": {"filing_gaps": 3}}, "decline", "filing.gaps"),
        ({"flows": {"filing_gaps": None}}, "refer", "filing.unknown"),
        ({"firm": {"vintage_months": 11}}, "refer", "vintage.short"),
        ({"request": {"amount": Decimal(1_900_000)}}, "refer", "amount.above_limit"),
        ({"request": {"amount": Decimal(40_000)}}, "decline", "product.outside"),
        ({"flows": {"turnover": None}}, "refer", "evidence.turnover"),
        ({"flows": {"net_flow": None}}, "refer", "evidence.flows"),
        ({"flows": {"net_flow": Decimal(-5)}}, "decline", "capacity.short"),
        ({"flows": {"debt_service": Decimal(150_000)}}, "decline", "capacity.short"),
        ({"score": {"score": None, "pd": None, "band": None}}, "refer", "evidence.insufficient"),
        ({"fraud": {"screening": None}}, "refer", "fraud.unscreened"),
    ],
)
def test_each_rule_of_the_floor_leads_where_the_policy_says(parts, outcome, code):
    verdict = evaluate(dossier(**parts), POLICY)

    assert verdict.outcome == outcome
    assert code in verdict.reasons


def test_the_high_risk_band_gets_no_term_loan():
    poor = replace(dossier(score={"score": 500, "band": "high_risk", "pd": Decimal("0.33")}), request=TERM)

    verdict = evaluate(poor, POLICY)

    assert verdict.outcome == "decline"
    assert "score.band" in verdict.reasons
    assert verdict.limit.term_loan.amount == 0


def test_the_high_risk_band_borrows_under_mudra_only():
    poor = dossier(
        score={"score": 500, "band": "high_risk", "pd": Decimal("0.10")},
        flows={"turnover": Decimal(90_000_000)},
        firm={"registered": MsmeCategory.SMALL},
    )

    verdict = evaluate(poor, POLICY)

    assert verdict.mudra.eligible is False
    assert verdict.limit.binding_constraint is Constraint.SCHEME
    assert verdict.cgtmse.eligible is False


def test_a_tenor_beyond_the_band_is_referred_for_a_counter_offer():
    verdict = evaluate(replace(GOOD, request=replace(TERM, months=72)), POLICY)

    assert verdict.outcome == "refer"
    assert "term.too_long" in verdict.reasons


def test_the_guarantee_lowers_the_price_but_never_the_bar():
    covered = evaluate(GOOD, POLICY)
    bare = evaluate(dossier(firm={"udyam": False}), POLICY)

    assert covered.cgtmse.eligible is True
    assert bare.cgtmse.eligible is False
    assert covered.prices["working_capital"].rate < bare.prices["working_capital"].rate
    assert covered.limit == bare.limit
    assert covered.offer == bare.offer


def test_unknown_repayment_history_leaves_the_guarantee_unknown():
    assert evaluate(dossier(flows={"default_seen": None}), POLICY).cgtmse.eligible is None


def test_an_earlier_default_rules_the_guarantee_out():
    assert evaluate(dossier(flows={"default_seen": True}), POLICY).cgtmse.eligible is False


def test_a_company_has_no_mudra_loan():
    assert evaluate(dossier(firm={"constitution": "company"}), POLICY).mudra.eligible is False


def test_without_a_request_the_verdict_is_about_the_limits_alone():
    verdict = evaluate(replace(GOOD, request=None), POLICY)

    assert verdict.outcome == "recommend"
    assert verdict.offer is None
    assert set(verdict.prices) == {"working_capital", "term_loan"}


def test_without_a_score_there_is_no_price_and_no_limit():
    verdict = evaluate(replace(dossier(score={"score": None, "pd": None, "band": None}), request=None), POLICY)

    assert verdict.prices == {}
    assert verdict.limit.working_capital.amount == 0
    assert not verdict.limit.working_capital.binding.known


def test_a_higher_probability_of_default_never_raises_a_limit():
    amounts = [evaluate(dossier(score={"pd": Decimal(points) / 1000}), POLICY).limit for points in range(5, 300, 11)]

    assert [limit.term_loan.amount for limit in amounts] == sorted((x.term_loan.amount for x in amounts), reverse=True)


@pytest.mark.parametrize(
    ("amount", "product"),
    [(50_000, "Shishu"), (50_001, "Kishor"), (500_000, "Kishor"), (1_000_000, "Tarun"), (1_000_001, "above Tarun")],
)
def test_the_mudra_product_follows_the_amount(amount, product):
    assert mudra_product(Decimal(amount), POLICY.schemes) == product


def test_above_five_crore_of_turnover_limit_the_verdict_names_the_permissible_finance():
    crore = Decimal(10_000_000)
    bands = {**POLICY.bands, "low_risk": replace(POLICY.bands["low_risk"], working_capital=20 * crore)}
    policy = replace(POLICY, bands=bands, expected_loss_appetite=crore)
    flows = replace(GOOD.flows, turnover=40 * crore, digital=None, net_flow=2 * crore)
    large = replace(GOOD, flows=flows, assets=Assets(8 * crore, 6 * crore, Decimal(0), 3 * crore, Decimal(0)))

    verdict = evaluate(large, policy)

    assert verdict.limit.binding_constraint is Constraint.PERMISSIBLE
    assert verdict.limit.working_capital.amount == Decimal("7.5") * crore
