"""The rules the product comes with are data: each passes its own cases and waits for a second person."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from creditiq.kernel.clock import now
from fraud import services
from fraud.engine.rules.cases import check_cases, run_cases, unready
from fraud.engine.rules.expressions import check, facts_in
from fraud.engine.rules.facts import FACTS
from fraud.engine.rules.shipped import SHIPPED, ShippedRule
from fraud.models import RuleState, RuleVersion
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("rule", SHIPPED, ids=lambda rule: rule.slug)
def test_every_shipped_rule_passes_its_own_cases(rule: ShippedRule) -> None:
    check(rule.expression)
    check_cases(rule.cases)
    assert unready(run_cases(rule.expression, rule.cases)) == ""


def test_every_typology_is_asked_by_a_shipped_rule() -> None:
    asked = {fact for rule in SHIPPED for fact in facts_in(rule.expression)}
    assert {fact for fact in FACTS if fact.startswith("typology.")} <= asked


def test_they_wait_for_a_second_person_and_come_once(risk_manager: User) -> None:
    out = StringIO()
    call_command("ship_rules", by=risk_manager.email, stdout=out)
    assert json.loads(out.getvalue().splitlines()[-1])["rules"] == [rule.slug for rule in SHIPPED]
    assert set(RuleVersion.objects.values_list("state", "author")) == {(RuleState.REVIEW, risk_manager.pk)}
    again = StringIO()
    call_command("ship_rules", by=risk_manager.email, json=True, stdout=again)
    assert again.getvalue() == '{"rules": []}\n'
    with pytest.raises(CommandError, match="Nobody active"):
        call_command("ship_rules", by="nobody@example.com")


def test_what_the_product_changed_is_handed_in_anew_and_what_the_house_wrote_is_left_alone(risk_manager: User) -> None:
    first, second = SHIPPED[0], SHIPPED[1]
    for rule, note in ((first, "Shipped with the product."), (second, "Ours.")):
        older = [
            {"name": str(least), "facts": {rule.lines[0][0]: least}, "expected": least > 0} for least in (0.0, 0.9)
        ]
        expression = {"compare": ">=", "left": {"fact": rule.lines[0][0]}, "right": {"value": 0.1}}
        draft = services.RuleDraft(rule.slug, rule.title, expression, older, rule.severity, note)
        services.write_rule(draft=draft, by=risk_manager, at=now())
    handed_in = services.ship_rules(by=risk_manager, at=now())
    assert (handed_in[0].rule.slug, handed_in[0].version) == (first.slug, 2)
    assert second.slug not in {version.rule.slug for version in handed_in}
    assert services.ship_rules(by=risk_manager, at=now()) == []


def test_in_shadow_they_note_what_they_see(town: Town, risk_manager: User) -> None:
    publisher = UserFactory(role="risk_manager")
    for made in services.ship_rules(by=risk_manager, at=town.end):
        services.publish_rule(rule_id=made.rule.uuid, version=1, shadow=True, by=publisher, at=town.end)
    services.screen_population(as_of=town.end)
    circular = RuleVersion.objects.get(rule__slug="circular-trading")
    assert set(circular.hits.values_list("business_id", flat=True)) >= town.guilty
    assert set(circular.hits.values_list("shadow", flat=True)) == {True}
