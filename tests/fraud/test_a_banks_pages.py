"""Every fraud page opens for a bank's risk manager, behind the wall between tenants."""

import pytest
from django.test import Client

from fraud import services
from fraud.models import Ring
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
    pages += [f"/risk/{queue}.csv" for queue in ("rings", "alerts", "cases", "disputes", "names")]
    pages += ["/api/v1/fraud/rings", "/api/v1/fraud/alerts", "/api/v1/fraud/cases", "/api/v1/fraud/graph"]
    answers = {page: client.get(page).status_code for page in pages}
    assert set(answers.values()) == {200}, answers
    reason = {"reason": "The books agree with it."}
    assert client.post(f"/risk/rings/{ring.uuid}/decisions", reason | {"state": "confirmed"}).status_code == 302
    opened = client.post("/risk/cases", {"ring": str(ring.uuid)})
    assert client.get(opened.headers["Location"]).status_code == 200
