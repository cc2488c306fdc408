"""The risk manager writes, hands in, tests and publishes rules on pages and over the API."""

import json

import pytest
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import User
from creditiq.kernel.clock import now
from creditiq.kernel.money import rupees
from fraud import services
from fraud.models import Backtest, RuleVersion
from fraud.services import RuleDraft
from tests.factories.accounts import BankFactory, UserFactory

pytestmark = pytest.mark.integration
CONDITION = {"compare": ">=", "left": {"fact": "findings"}, "right": {"value": 1}}
CASES = [
    {"name": "one finding", "facts": {"findings": 1}, "expected": True},
    {"name": "nothing found", "facts": {"findings": 0}, "expected": False},
]
WORDS = {"slug": "findings", "title": "Any finding", "severity": "low", "note": ""}
PINNED = {"/risk/rules": 8, "/api/v1/fraud/rules": 7}


@pytest.fixture
def colleague(risk_manager: User) -> User:
    return UserFactory(role="risk_manager", organisation=risk_manager.organisation)


@pytest.fixture
def version(risk_manager: User) -> RuleVersion:
    draft = RuleDraft("findings", "Any finding", CONDITION, CASES, "low")
    return services.write_rule(draft=draft, by=risk_manager, at=now())


def test_a_rule_goes_from_draft_to_force_on_the_pages(risk_manager: User, colleague: User, client: Client) -> None:
    client.force_login(risk_manager)
    typed = {**WORDS, "expression": json.dumps(CONDITION), "cases": json.dumps(CASES)}
    kept = client.post("/risk/rules/new", typed, follow=True)
    assert "findings is at least 1" in kept.text
    rule = RuleVersion.objects.get().rule
    page, acts = f"/risk/rules/{rule.uuid}", f"/risk/rules/{rule.uuid}/acts"
    assert client.post(acts, {"act": "submit", "version": 1}).status_code == 302
    refused = client.post(acts, {"act": "publish", "version": 1})
    assert (refused.status_code, "somebody else than its author" in refused.text) == (409, True)
    client.force_login(colleague)
    assert client.post(acts, {"act": "publish", "version": 1}).status_code == 302
    assert RuleVersion.objects.get().state == "live"
    draft = RuleDraft("findings", "", {**CONDITION, "right": {"value": 2}}, CASES, "low")
    services.write_rule(draft=draft, by=risk_manager, at=now())
    assert "Removed" in client.get(page).text
    assert "Removed" not in client.get(page, {"version": "1"}).text
    assert client.get(page, {"version": "9"}).status_code == 404


def test_what_is_no_rule_is_said_at_its_field(risk_manager: User, client: Client) -> None:
    client.force_login(risk_manager)
    typed = {**WORDS, "expression": '{"fact": "nothing"}', "cases": json.dumps(CASES)}
    refused = client.post("/risk/rules/new", typed)
    assert refused.status_code == 422
    assert "there is no fact" in refused.text
    assert "nothing found" in refused.text


def test_a_back_test_counts_decisions_of_the_own_bank_only(
    version: RuleVersion, risk_manager: User, client: Client
) -> None:
    client.force_login(risk_manager)
    day = f"{now():%Y-%m-%d}"
    address = f"/risk/rules/{version.rule.uuid}/backtests"
    assert client.post(address, {"version": 1, "since": day, "until": day}).status_code == 302
    assert client.post(address, {"version": 1, "since": day, "until": "2020-01-01"}).status_code == 422
    assert client.post(address, {"version": 1, "since": "x", "until": day}).status_code == 422
    made = Backtest.objects.get()
    assert (made.decided, made.approval_rate, made.effect_rupees) == (0, None, rupees(0))
    assert "none decided" in client.get(f"/risk/rules/{version.rule.uuid}").text
    stranger = UserFactory(role="risk_manager", organisation=BankFactory())
    client.force_login(stranger)
    assert "none decided" not in client.get(f"/risk/rules/{version.rule.uuid}").text


def test_the_api_says_what_the_page_says(version: RuleVersion, risk_manager: User, colleague: User) -> None:
    api = APIClient()
    api.force_authenticate(risk_manager)
    rule = api.get("/api/v1/fraud/rules").json()["results"][0]
    address = f"/api/v1/fraud/rules/{rule['id']}"
    assert api.get(address).json()["steps"] == ["submit", "retire"]
    assert (
        api.post(f"{address}/acts", {"act": "submit", "version": 1}, format="json").json()["version"]["state"]
        == "review"
    )
    api.force_authenticate(colleague)
    assert api.post(f"{address}/acts", {"act": "shadow", "version": 1}, format="json").status_code == 200
    day = f"{now():%Y-%m-%d}"
    made = api.post(f"{address}/backtests", {"version": 1, "since": day, "until": day}, format="json")
    assert (made.status_code, made.json()["effect"]) == (201, "0.00")
    again = api.post("/api/v1/fraud/rules", {**WORDS, "expression": CONDITION, "cases": CASES}, format="json")
    assert (again.status_code, again.json()["version"]["version"]) == (201, 2)
    assert api.get(address, {"version": "x"}).status_code == 422


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_of_rules_takes_its_pinned_number_of_queries(
    address: str, version: RuleVersion, risk_manager: User, client: Client, django_assert_num_queries
) -> None:
    services.write_rule(draft=RuleDraft("other", "Other", CONDITION, CASES, "low"), by=risk_manager, at=now())
    client.force_login(risk_manager)
    client.get(address)
    with django_assert_num_queries(PINNED[address]):
        client.get(address)


def test_a_bank_s_risk_manager_drafts_and_the_platform_s_puts_it_in_force(colleague: User, client: Client) -> None:
    writer = UserFactory(role="risk_manager", organisation=BankFactory())
    client.force_login(writer)
    typed = {**WORDS, "expression": json.dumps(CONDITION), "cases": json.dumps(CASES)}
    assert client.post("/risk/rules/new", typed).status_code == 302
    rule = RuleVersion.objects.get().rule
    acts = f"/risk/rules/{rule.uuid}/acts"
    assert client.post(acts, {"act": "submit", "version": 1}).status_code == 302
    second = UserFactory(role="risk_manager", organisation=writer.organisation)
    client.force_login(second)
    page = client.get(f"/risk/rules/{rule.uuid}").text
    assert 'value="publish"' not in page
    assert "platform" in page
    assert client.post(acts, {"act": "publish", "version": 1}).status_code == 403
    assert client.post(acts, {"act": "retire", "version": 1}).status_code == 403
    client.force_login(colleague)
    assert 'value="publish"' in client.get(f"/risk/rules/{rule.uuid}").text
    assert client.post(acts, {"act": "publish", "version": 1}).status_code == 302
    client.force_login(writer)
    assert client.post(acts, {"act": "retire", "version": 1}).status_code == 403
    assert RuleVersion.objects.get().state == "live"
