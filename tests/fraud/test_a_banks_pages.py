"""Every fraud page opens for a bank's risk manager, behind the wall between tenants."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Business, User
from creditiq.kernel.clock import now
from fraud import services
from fraud.models import MonitoringReport, Ring, Rule, StrReport
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town
from tests.fraud.test_pages import banker

pytestmark = pytest.mark.integration


def test_a_banks_risk_manager_opens_every_page(town: Town) -> None:
    services.screen_population(as_of=town.end)
    ring = Ring.objects.filter(suspect=True, members__business_id=town.keys[2]).latest("pk")
    client = Client()
    client.force_login(banker(town, 2))
    pages = ["/risk", "/risk?tab=all", "/risk/alerts", "/risk/cases", "/risk/disputes", "/risk/names", "/risk/rules"]
    pages += ["/risk/topology", f"/risk/topology?ring={ring.uuid}", f"/risk/rings/{ring.uuid}", "/risk/monitoring"]
    lists = ("queue", "alerts", "cases", "disputes", "names", "rules", "monitoring")
    pages += [reverse("accounts:list_csv", args=[f"fraud:{name}"]) for name in lists]
    pages += ["/api/v1/fraud/rings", "/api/v1/fraud/alerts", "/api/v1/fraud/cases", "/api/v1/fraud/graph"]
    answers = {page: client.get(page).status_code for page in pages}
    assert set(answers.values()) == {200}, answers
    reason = {"reason": "The books agree with it."}
    assert client.post(f"/risk/rings/{ring.uuid}/decisions", reason | {"state": "confirmed"}).status_code == 302
    opened = client.post("/risk/cases", {"ring": str(ring.uuid)})
    assert client.get(opened.headers["Location"]).status_code == 200


def signed(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


@pytest.mark.parametrize("whose", ["a bank", "the platform"])
def test_from_an_alert_to_a_filed_report_and_everything_beside_it(town: Town, whose: str) -> None:
    """One story as the risk manager and the principal officer of a bank, and as those of the platform."""
    services.screen_population(as_of=town.end)
    ring = Ring.objects.filter(suspect=True, members__business_id=town.keys[2]).latest("pk")
    risk = banker(town, 2) if whose == "a bank" else UserFactory(role="risk_manager")
    officer = UserFactory(role="risk_manager", organisation=risk.organisation, duties=["principal_officer"])
    mine, hers = signed(risk), signed(officer)
    case_path = mine.post("/risk/cases", {"ring": str(ring.uuid)}).headers["Location"]
    drafted = mine.post(f"{case_path}/acts", {"act": "draft"})
    assert drafted.status_code == 302, drafted.content.decode()[:400]
    report = drafted.headers["Location"]
    grounds = StrReport.objects.get().grounds
    text = "\n".join(f"{one['text']} [{', '.join(one['evidence'])}]" for one in reversed(grounds))
    until = f"{now() + timedelta(days=9):%Y-%m-%d}"
    day, why = f"{town.end:%Y-%m-%d}", {"reason": "Papers under way."}
    story = (
        (mine, "post", f"{report}/acts", {"act": "edit", "grounds": text}, 302),
        (mine, "post", f"{report}/acts", {"act": "file"}, 403),
        (hers, "get", report, {}, 200),
        (hers, "post", f"{report}/acts", {"act": "file"}, 302),
        (hers, "get", f"{report}.xml", {}, 200),
        (hers, "get", f"{report}.pdf", {}, 200),
        (mine, "get", report, {}, 200),
        (mine, "get", case_path, {}, 200),
        (mine, "post", f"{case_path}/acts", {"act": "snooze", "until": until, **why}, 302),
        (mine, "post", f"/risk/rings/{ring.uuid}/freezes", {"act": "freeze", "until": until, **why}, 302),
        (hers, "post", f"/risk/rings/{ring.uuid}/freezes", {"act": "lift", **why}, 302),
        (mine, "post", "/risk/monitoring", {"since": day, "until": day}, 302),
        (mine, "post", "/risk/cases/next", {}, 302),
        (hers, "get", "/risk/cases?share=all", {}, 200),
        (hers, "get", "/risk/alerts?tab=all", {}, 200),
    )
    told = [(path, getattr(client, how)(path, form).status_code, wanted) for client, how, path, form, wanted in story]
    assert [one for one in told if one[1] != one[2]] == []
    snapshot = MonitoringReport.objects.get(made_by=risk).uuid
    kept = [f"/risk/monitoring/{snapshot}{end}" for end in ("", ".csv", ".pdf")]
    kept += [f"/risk/businesses/{Business.objects.get(pk=town.keys[2]).uuid}/papers"]
    assert {path: mine.get(path).status_code for path in kept} == dict.fromkeys(kept, 200)


@pytest.mark.parametrize(("whose", "published"), [("a bank", 403), ("the platform", 200)])
def test_a_rule_from_draft_to_back_test_and_publication(town: Town, whose: str, published: int) -> None:
    services.screen_population(as_of=town.end)
    risk = banker(town, 2) if whose == "a bank" else UserFactory(role="risk_manager")
    mine = signed(risk)
    hers = signed(UserFactory(role="risk_manager", organisation=risk.organisation))
    found = {"compare": ">=", "left": {"fact": "findings"}, "right": {"value": 1}}
    cases = [{"name": str(count), "facts": {"findings": count}, "expected": count > 0} for count in (0, 1)]
    rule = {"slug": "findings", "title": "Findings", "severity": "medium", "expression": found, "cases": cases}
    day = f"{town.end:%Y-%m-%d}"

    def post(client: Client, path: str, **body: object) -> int:
        answer = client.post(f"/api/v1/fraud/rules{path}", body, content_type="application/json")
        return answer.status_code

    assert post(mine, "", **rule) == 201
    made = f"/{Rule.objects.get().uuid}"
    assert signed(risk).get(f"/risk/rules{made}").status_code == 200
    assert post(mine, f"{made}/acts", act="submit", version=1) == 200
    assert post(hers, f"{made}/acts", act="shadow", version=1) == published
    assert post(hers, f"{made}/acts", act="publish", version=1) == published
    assert post(mine, f"{made}/backtests", version=1, since=day, until=day) in {200, 201}
    form = {"version": 1, "since": day, "until": day}
    assert signed(risk).post(f"/risk/rules{made}/backtests", form).status_code == 302
    assert signed(risk).get(f"/risk/rules{made}").status_code == 200
