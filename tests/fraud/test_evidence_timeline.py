"""The timeline of an alert about a business: the records behind it, in the order of time, under a consent."""

import pytest
from django.test import Client

from accounts.models import ConsentAct, ConsentUse, User
from fraud import services
from fraud.engine.confidence import RELIABILITY
from fraud.models import Alert, Ring
from fraud.selectors.timeline import timeline_of
from tests.fraud.conftest import Town
from wallets.models import UpiPayment

pytestmark = pytest.mark.integration


def test_the_rows_of_a_finding_are_told_in_the_order_of_time(town: Town, risk_manager: User, client: Client) -> None:
    services.screen_population(as_of=town.end)
    alert = Alert.objects.filter(ring=None).latest("pk")
    client.force_login(risk_manager)
    page = client.get(f"/risk/alerts/{alert.uuid}")
    assert page.status_code == 200
    times = [moment.at for moment in page.context["view"].timeline]
    assert times
    assert times == sorted(times)
    assert b"in the order of time" in page.content
    told = client.get(f"/api/v1/fraud/alerts/{alert.uuid}").json()["timeline"]
    assert [row["key"] for row in told] == [moment.key for moment in page.context["view"].timeline]
    look = ConsentUse.objects.get(target=f"alert:{alert.uuid}")
    assert (look.by, look.act, look.consent.business) == (risk_manager, ConsentAct.RECORDS, alert.business)


def test_money_is_followed_from_what_came_in_to_what_went_on(town: Town, risk_manager: User) -> None:
    payment = UpiPayment.objects.filter(direction="in", status="success").latest("pk")
    after = UpiPayment.objects.filter(business=payment.business, direction="out", occurred_at__gt=payment.occurred_at)
    rows = [
        {"kind": "upi_payments", "key": key}
        for key in (payment.reference, *after.values_list("reference", flat=True)[:1])
    ]
    told = timeline_of(user=risk_manager, business=payment.business, rows=rows, at=town.end)
    assert told[0].inward
    assert told[0].passed_on == 0
    assert "•" in told[0].address
    assert payment.counterparty_vpa not in told[0].address


def test_without_a_consent_only_the_keys_are_shown(town: Town, risk_manager: User) -> None:
    payment = UpiPayment.objects.latest("pk")
    rows = [{"kind": "upi_payments", "key": payment.reference}]
    assert timeline_of(user=risk_manager, business=payment.business, rows=rows, at=town.end)
    risk_manager.organisation = None
    assert timeline_of(user=risk_manager, business=payment.business, rows=rows, at=town.end) == []


def test_a_ring_says_how_often_such_a_confidence_was_right(town: Town, risk_manager: User, client: Client) -> None:
    services.screen_population(as_of=town.end)
    ring = Ring.objects.filter(suspect=True).latest("pk")
    client.force_login(risk_manager)
    page = client.get(f"/risk/rings/{ring.uuid}").content.decode()
    assert f">{RELIABILITY[-1].accounts}<" in page
    assert "of rings like it would be false" in page
    assert [row.low for row in RELIABILITY] == sorted(row.low for row in RELIABILITY)
