"""Rules as data: author and publisher, cases before review, shadow before alerts."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from fraud import services
from fraud.models import Alert, Finding, RuleHit, RuleVersion, Screening
from fraud.services import RuleDraft, UnableToMoveRule
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration

FOUND = {"compare": ">=", "left": {"fact": "findings"}, "right": {"value": 1}}
CASES = [
    {"name": "one finding", "facts": {"findings": 1}, "expected": True},
    {"name": "nothing found", "facts": {"findings": 0}, "expected": False},
]


def draft(**other: object) -> RuleDraft:
    return RuleDraft(
        **{"slug": "findings", "title": "Findings", "expression": FOUND, "cases": CASES, "severity": "medium", **other}
    )


@pytest.fixture
def publisher(db: None) -> User:
    return UserFactory(role="risk_manager")


def test_a_live_rule_notes_its_hits_and_alerts(town: Town, risk_manager: User, publisher: User) -> None:
    version = services.write_rule(draft=draft(), by=risk_manager, at=town.end)
    rule = {"rule_id": version.rule.uuid, "version": 1}
    services.submit_rule(**rule, by=risk_manager, at=town.end)
    services.publish_rule(**rule, shadow=True, by=publisher, at=town.end)
    services.screen_population(as_of=town.end)
    found = set(Finding.objects.values_list("business_id", flat=True))
    assert set(RuleHit.objects.filter(shadow=True).values_list("business_id", flat=True)) == found
    assert not Alert.objects.filter(topic="rule:findings").exists()

    services.publish_rule(**rule, shadow=False, by=publisher, at=town.end)
    services.screen_population(as_of=town.end + timedelta(microseconds=1))
    assert set(Alert.objects.filter(topic="rule:findings").values_list("business_id", flat=True)) == found
    assert RuleHit.objects.filter(shadow=False).first().facts["findings"] >= 1


def test_a_rule_of_low_severity_takes_notes_and_alerts_nobody(town: Town, risk_manager: User, publisher: User) -> None:
    version = services.write_rule(draft=draft(severity="low"), by=risk_manager, at=town.end)
    rule = {"rule_id": version.rule.uuid, "version": 1}
    services.submit_rule(**rule, by=risk_manager, at=town.end)
    services.publish_rule(**rule, shadow=False, by=publisher, at=town.end)
    services.screen_population(as_of=town.end)
    assert RuleHit.objects.filter(shadow=False).exists()
    assert not Alert.objects.filter(topic="rule:findings").exists()


def test_nobody_publishes_their_own_rule(risk_manager: User, town: Town) -> None:
    version = services.write_rule(draft=draft(), by=risk_manager, at=town.end)
    rule = {"rule_id": version.rule.uuid, "version": 1}
    services.submit_rule(**rule, by=risk_manager, at=town.end)
    with pytest.raises(UnableToMoveRule, match="somebody else"):
        services.publish_rule(**rule, shadow=False, by=risk_manager, at=town.end)


def test_a_rule_whose_cases_fail_is_not_reviewed(risk_manager: User, town: Town) -> None:
    wrong = [{**CASES[0], "expected": False}, CASES[1]]
    version = services.write_rule(draft=draft(cases=wrong), by=risk_manager, at=town.end)
    with pytest.raises(UnableToMoveRule, match="one finding"):
        services.submit_rule(rule_id=version.rule.uuid, version=1, by=risk_manager, at=town.end)


@pytest.mark.parametrize(
    ("expression", "place"),
    [
        ({"fact": "nothing"}, "no fact"),
        ({"fact": "findings"}, "true or false"),
        ({"all": []}, "at least one"),
        ({"compare": ">", "left": {"fact": "sector"}, "right": {"value": "x"}}, "cannot compare"),
        ({"all": [FOUND, {"compare": ">", "left": {"fact": "findings"}, "right": {"value": "x"}}]}, "all.1..right"),
        ({"code": "import os"}, "unknown node"),
    ],
)
def test_a_tree_that_is_no_rule_is_refused(expression: object, place: str, risk_manager: User, town: Town) -> None:
    with pytest.raises(InvalidInput, match=place):
        services.write_rule(draft=draft(expression=expression), by=risk_manager, at=town.end)


def test_a_new_version_replaces_the_live_one_and_what_was_reviewed_is_frozen(
    town: Town, risk_manager: User, publisher: User
) -> None:
    for number in (1, 2):
        version = services.write_rule(draft=draft(), by=risk_manager, at=town.end)
        rule = {"rule_id": version.rule.uuid, "version": number}
        services.submit_rule(**rule, by=risk_manager, at=town.end)
        services.publish_rule(**rule, shadow=False, by=publisher, at=town.end)
    assert list(RuleVersion.objects.order_by("version").values_list("state", flat=True)) == ["retired", "live"]
    with pytest.raises(IntegrityError, match="never rewritten"), transaction.atomic():
        RuleVersion.objects.filter(version=2).update(expression={})
    services.retire_rule(rule_id=version.rule.uuid, version=2, by=publisher, at=town.end)
    services.screen_population(as_of=town.end)
    assert Screening.objects.exists()
    assert not RuleHit.objects.exists()


def test_a_back_test_tells_hits_rupees_and_the_loss_of_approvals(town: Town, risk_manager: User) -> None:
    services.screen_population(as_of=town.end)
    version = services.write_rule(draft=draft(), by=risk_manager, at=town.end)
    found = sorted(set(Finding.objects.values_list("business_id", flat=True)))
    clean = next(key for key in town.keys.values() if key not in found)
    decided = [
        services.Decided(found[0], approved=True, granted_paise=500_000_00),
        services.Decided(clean, approved=True, granted_paise=100_000_00),
        services.Decided(clean, approved=False, granted_paise=0),
        services.Decided(found[0], approved=False, granted_paise=0),
    ]
    day = town.end.astimezone(IST).date()
    made = services.backtest_rule(
        rule_id=version.rule.uuid,
        version=1,
        period=services.BacktestPeriod(day, day),
        decided=decided,
        by=risk_manager,
        at=town.end,
    )
    assert (made.screened, made.hits, made.effect_paise) == (len(town.keys), len(found), 500_000_00)
    assert (made.approval_rate, made.approval_rate_difference) == (0.5, -0.25)
