from datetime import date
from decimal import Decimal

import pytest

from lending.engine.dossier import Dossier, Firm, Flows, FraudStanding, ScoreFacts
from lending.engine.eligibility import Answer
from lending.engine.msme import MsmeCategory
from lending.engine.schemes import MalformedScheme, facts_of, from_rows, match, shipped

TODAY = date(2026, 11, 20)
SHOP = {
    "class": "micro", "udyam": True, "pan": True, "gst": True, "constitution": "proprietorship",
    "income_activity": True, "vintage_months": Decimal(30), "default_seen": False, "filing_gaps": Decimal(0),
    "held": False, "collateral_on_part": False, "amount": Decimal(400_000),
}  # fmt: skip


def answers(**changes: object) -> dict[str, bool | None]:
    return {fit.scheme.code: fit.eligible for fit in match(shipped(), {**SHOP, **changes}, TODAY)}


def test_every_scheme_of_the_rules_is_asked():
    assert set(answers()) == {
        "CGTMSE", "MUDRA_SHISHU", "MUDRA_KISHOR", "MUDRA_TARUN", "MUDRA_TARUN_PLUS", "CGSS", "MCGS_MSME", "PMEGP",
        "STAND_UP_INDIA", "PM_VISHWAKARMA", "GIFT", "SPICE", "PSB_59", "TREDS", "GST_SAHAY",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "slab"),
    [(50_000, "SHISHU"), (50_001, "KISHOR"), (500_000, "KISHOR"), (500_001, "TARUN"), (1_000_001, "TARUN_PLUS")],
)
def test_the_amount_picks_the_mudra_slab(amount, slab):
    found = answers(amount=Decimal(amount), repaid_tarun=True)

    assert [code for code, fits in found.items() if code.startswith("MUDRA") and fits] == [f"MUDRA_{slab}"]


def test_tarun_plus_needs_a_repaid_tarun():
    assert answers(amount=Decimal(1_500_000))["MUDRA_TARUN_PLUS"] is None
    assert answers(amount=Decimal(1_500_000), repaid_tarun=False)["MUDRA_TARUN_PLUS"] is False


def test_a_medium_enterprise_a_defaulter_or_a_held_one_gets_no_guarantee():
    assert answers()["CGTMSE"] is True
    for change in ({"class": "medium"}, {"default_seen": True}, {"held": True}, {"udyam": False}):
        assert answers(**change)["CGTMSE"] is False


def test_an_unknown_fact_is_never_a_pass():
    assert answers(default_seen=None)["CGTMSE"] is None
    fit = next(fit for fit in match(shipped(), {**SHOP, "default_seen": None}, TODAY) if fit.scheme.code == "CGTMSE")
    assert [check.evidence for check in fit.checks if check.answer is Answer.UNKNOWN] == ["not known yet"]


def test_a_scheme_is_asked_from_its_first_day_on():
    assert "MUDRA_TARUN_PLUS" not in {fit.scheme.code for fit in match(shipped(), SHOP, date(2024, 1, 1))}


def test_what_is_not_confirmed_says_so():
    unsure = {scheme.code for scheme in shipped() if not scheme.confirmed}

    assert "CGSS" in unsure
    assert {scheme.source for scheme in shipped() if not scheme.confirmed} == {"to confirm"}


def test_a_row_with_an_unknown_comparison_is_refused():
    row = {"code": "X", "name": "X", "gives": "", "most": None, "source": "", "from": "2026-01-01", "confirmed": True}

    with pytest.raises(MalformedScheme):
        from_rows([{**row, "rules": [{"rule": "r", "fact": "f", "op": "like", "value": "v"}]}])
    with pytest.raises(MalformedScheme):
        from_rows([{**row, "rules": "none"}])
    numbers = from_rows([{**row, "rules": [{"rule": "r", "fact": "f", "op": "at_most", "value": "many"}]}])
    with pytest.raises(MalformedScheme):
        match(numbers, {"f": Decimal(1)}, TODAY)


def test_a_dossier_answers_what_it_knows_and_leaves_the_rest_unknown():
    known = Dossier(
        score=ScoreFacts("run", "complete", 714, Decimal("0.013"), "low_risk", 18, Decimal("0.9"), "v1"),
        firm=Firm("machinery", "proprietorship", MsmeCategory.MICRO, udyam=True, pan=True, vintage_months=20),
        flows=Flows(Decimal(9_200_000), None, None, None, filing_gaps=None, default_seen=False),
        fraud=FraudStanding(screening=None, held=False, confirmed=False, confidence=None),
    )

    facts = facts_of(known, ["machinery"])

    assert (facts["class"], facts["income_activity"], facts["vintage_months"]) == ("micro", True, 20)
    assert [facts[name] for name in ("filing_gaps", "held", "amount")] == [None, None, None]
    assert {fit.eligible for fit in match(shipped(), facts, TODAY) if fit.scheme.code == "CGTMSE"} == {None}
