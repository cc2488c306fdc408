"""Population and live screening on a real database: right, equal, repeatable."""

from datetime import timedelta

import polars as pl
import pytest
from django.db import IntegrityError, transaction

from creditiq.kernel.clock import micros
from creditiq.kernel.events import capture_events
from fraud import selectors, services
from fraud.engine.population import NETWORK
from fraud.events import AlertRaised, BusinessScreened, PopulationScreened
from fraud.models import Alert, Cycle, Ring, RingMember, Screening
from tests.fraud.conftest import RECORDS, Town
from wallets.services import load_records

pytestmark = pytest.mark.integration


def test_the_full_scan_holds_the_guilty_and_nobody_else(town: Town) -> None:
    with capture_events() as events:
        population = services.screen_population(as_of=town.end)
    held = selectors.held_businesses(business_ids=list(town.keys.values()))
    assert set(held) == town.guilty
    assert population.suspects == len(town.guilty)
    assert population.complete
    assert [event for event in events if not isinstance(event, AlertRaised)] == [
        PopulationScreened(population_id=population.pk)
    ]
    assert Alert.objects.filter(state="open", ring__isnull=False).count() == len(town.world.truth.rings)


def test_the_same_moment_twice_is_one_screening(town: Town) -> None:
    first = services.screen_population(as_of=town.end)
    assert services.screen_population(as_of=town.end) == first
    assert Screening.objects.count() == len(town.keys)


def test_a_later_scan_keeps_the_identity_of_a_ring(town: Town) -> None:
    services.screen_population(as_of=town.end - timedelta(days=2))
    before = set(Ring.objects.values_list("uuid", flat=True))
    services.screen_population(as_of=town.end)
    assert set(Ring.objects.filter(suspect=True).values_list("uuid", flat=True)) <= before
    assert not RingMember.objects.filter(ring__suspect=True, current=False).exists()


def test_frames_give_the_same_numbers_as_the_database(town: Town) -> None:
    services.screen_population(as_of=town.end)
    stored = pl.DataFrame(pl.from_arrow(selectors.network_frame(as_of=town.end))).sort("business")
    pure = services.screen_frames(town.frames(), micros(town.end)).sort("business")
    assert stored.select("business", *NETWORK).equals(pure)


def test_live_and_batch_agree_for_the_same_moment_and_population(town: Town) -> None:
    population = services.screen_population(as_of=town.end)
    batch = {row.business_id: row for row in Screening.objects.filter(population=population)}
    later = town.end + timedelta(microseconds=1)
    for business in sorted(town.keys.values()):
        live = services.screen_business(business_id=business, as_of=later)
        assert live.population == population
        assert live.network() == batch[business].network()


def test_new_payments_are_found_live_as_a_full_scan_finds_them(empty_town: Town) -> None:
    town, cut = empty_town, empty_town.end - timedelta(days=12)
    early = {name: town.stored(name).filter(pl.col("received_at") <= micros(cut)) for name in RECORDS}
    late = {name: town.stored(name).filter(pl.col("received_at") > micros(cut)) for name in RECORDS}
    load_records(frames=early)
    services.screen_population(as_of=cut)
    load_records(frames=late)
    for business in sorted(town.keys.values()):
        services.screen_business(business_id=business, as_of=town.end)
    found = set(Cycle.objects.values_list("digest", flat=True))
    live = {row.business_id: row for row in Screening.objects.filter(as_of=town.end)}
    again = services.screen_population(as_of=town.end)
    assert set(Cycle.objects.values_list("digest", flat=True)) == found
    for row in Screening.objects.filter(population=again):
        for name in ("cycle_velocity", "cycle_recurrence", "fraud_confidence", "fraud_ring_flag"):
            assert getattr(row, name) == pytest.approx(getattr(live[row.business_id], name)), (row.business_id, name)


def test_a_live_screening_announces_itself_once(town: Town) -> None:
    business = next(iter(town.keys.values()))
    with capture_events() as events:
        first = services.screen_business(business_id=business, as_of=town.end)
        assert services.screen_business(business_id=business, as_of=town.end) == first
    assert events == [BusinessScreened(screening_id=first.pk, business_id=business)]


def test_without_consent_nothing_is_read(town: Town) -> None:
    business = next(iter(town.keys.values()))
    with pytest.raises(services.UnableToScreen):
        services.screen_business(business_id=business, as_of=town.end + timedelta(days=800))


def test_a_business_without_payments_has_no_cycle_values(empty_town: Town) -> None:
    business = next(iter(empty_town.keys.values()))
    screening = services.screen_business(business_id=business, as_of=empty_town.end)
    assert screening.network() == dict.fromkeys(NETWORK)


def test_a_screening_cannot_be_changed(town: Town) -> None:
    screening = services.screen_business(business_id=next(iter(town.keys.values())), as_of=town.end)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        Screening.objects.filter(pk=screening.pk).update(fraud_confidence=0.0)


def test_never_screened_is_missing_and_not_held(town: Town) -> None:
    business = next(iter(town.keys.values()))
    block = selectors.network_block(business_id=business, as_of=town.end)
    assert set(block) == {*NETWORK, "screening_id"}
    assert set(block.values()) == {None}
    assert not selectors.standing(business_id=business).held
    assert not selectors.standing(business_id=business).complete
