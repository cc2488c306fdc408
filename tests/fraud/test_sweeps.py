"""The nightly scan in slabs: the same numbers as in one piece, once however often its tasks run."""

from datetime import timedelta

import pytest

from creditiq.kernel.events import capture_events
from fraud import selectors, services, tasks
from fraud.engine.population import NETWORK
from fraud.events import SlabPlanned, SweepSearched
from fraud.models import Cycle, PopulationScreening, Ring, Screening, Sweep
from tests.factories.accounts import UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


def test_a_sweep_in_slabs_gives_what_one_scan_gives(town: Town) -> None:
    with capture_events() as events:
        sweep = services.begin_sweep(as_of=town.end)
        assert services.begin_sweep(as_of=town.end) == sweep
    slabs = [event.slab_id for event in events if isinstance(event, SlabPlanned)]
    assert len(slabs) == sweep.slabs.count() > 2
    watcher = UserFactory(role="risk_manager")
    assert selectors.fraud_queue(user=watcher).progress == (0, len(slabs))
    with capture_events() as events:
        for slab in [*reversed(slabs), *slabs]:
            services.search_slab(slab_id=slab, at=town.end)
    assert events == [SweepSearched(sweep_id=sweep.pk)]
    in_slabs = services.finish_sweep(sweep_id=sweep.pk)
    assert selectors.fraud_queue(user=watcher).progress is None
    pieces = {row.business_id: row.network() for row in Screening.objects.filter(population=in_slabs)}
    rings = set(Ring.objects.values_list("confidence", "recurrence", "value_paise", "p_value"))
    cycles = Cycle.objects.count()
    whole = services.screen_population(as_of=town.end + timedelta(microseconds=1))
    for row in Screening.objects.filter(population=whole):
        assert row.network() == pieces[row.business_id]
    assert (whole.cycles, whole.suspects, whole.complete) == (in_slabs.cycles, in_slabs.suspects, in_slabs.complete)
    assert set(Ring.objects.values_list("confidence", "recurrence", "value_paise", "p_value")) == rings
    assert Cycle.objects.count() == cycles
    assert set(NETWORK) == set(next(iter(pieces.values())))


def test_the_tasks_sweep_from_beat_to_screening(town: Town) -> None:
    with capture_events() as events:
        tasks.screen_population()
    for event in events:
        tasks.search_slab(**event.payload())
    tasks.finish_sweep(sweep_id=Sweep.objects.get().pk)
    assert PopulationScreening.objects.get().businesses == len(town.keys)
