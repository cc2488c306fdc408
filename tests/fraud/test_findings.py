"""What the typologies find is kept with its rows, alerts, and holds as policy says."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from creditiq.kernel.clock import micros
from fraud import selectors, services
from fraud.engine.policy import FraudPolicy
from fraud.engine.typologies.registry import TYPOLOGIES, find_all
from fraud.models import Alert, Finding, Screening
from fraud.services.findings import open_alerts
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def test_a_scan_keeps_the_findings_of_its_frames_once(town: Town) -> None:
    expected = find_all(town.frames(), micros(town.end), FraudPolicy())
    services.screen_population(as_of=town.end)
    stored = {(row.business_id, row.typology): row for row in Finding.objects.all()}
    assert set(stored) == {(each.business, each.typology) for each in expected}
    assert stored
    for each in expected:
        row = stored[each.business, each.typology]
        assert row.figures == dict(each.figures)
        assert [(item["kind"], item["key"]) for item in row.rows] == list(each.rows)
    services.screen_population(as_of=town.end + timedelta(microseconds=1))
    assert Finding.objects.count() == len(expected)
    assert Screening.objects.filter(findings__isnull=False).exists()


def test_a_live_screening_finds_what_the_scan_finds(town: Town) -> None:
    services.screen_population(as_of=town.end)
    expected = {row.business_id: row.typology for row in Finding.objects.all()}
    business = next(iter(expected))
    live = services.screen_business(business_id=business, as_of=town.end + timedelta(microseconds=1))
    assert set(live.findings.values_list("typology", flat=True)) == set(
        Finding.objects.filter(business=business).values_list("typology", flat=True)
    )


def test_severe_findings_alert_once_and_do_not_hold_unless_policy_says_so(town: Town) -> None:
    services.screen_population(as_of=town.end)
    severe = Finding.objects.filter(severity="high")
    alerts = Alert.objects.filter(ring=None)
    assert set(alerts.values_list("business_id", "topic")) == set(severe.values_list("business_id", "typology"))
    before = alerts.count()
    screenings = {row.business_id: row for row in Screening.objects.all()}
    open_alerts(list(severe), screenings)
    assert alerts.count() == before
    assert set(selectors.held_businesses(business_ids=list(town.keys.values()))) == town.guilty


def test_a_finding_cannot_be_changed(town: Town) -> None:
    services.screen_population(as_of=town.end)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Finding.objects.update(score=0.0)


def test_every_typology_is_named_after_its_file() -> None:
    assert all(typology.__module__.endswith(f".{name}") for name, typology in TYPOLOGIES.items())
