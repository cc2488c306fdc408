"""What is a ring and what is only trade."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from fraud.engine.confidence import RingReading, confidence
from fraud.engine.flow import edge_disjoint, retention_weight, scan_transfers
from fraud.engine.null_model import IST, Transfers, false_discovery_rates, shuffled_p_value, shuffled_times
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.population import PopulationScan, screen_population
from fraud.engine.rings import group_rings
from fraud.engine.significance import MOST_SHUFFLES, held_against_chance, shuffles_for
from tests.fraud.engine.payments import AS_OF, Payment, edges_of, frames_of, lap

POLICY = FraudPolicy()


def ring_payments(members: list[int], laps: int = 8) -> list[Payment]:
    return [hop for number in range(laps) for hop in lap(members, 90_000 + 997 * number, 80 + 150 * number, kept=0.97)]


def honest_payments(parties: int, seed: int) -> list[Payment]:
    """Suppliers paid for goods: heavy-tailed amounts at unrelated times over 80 days."""
    draw = np.random.default_rng(seed)
    count = 12 * parties
    ends = draw.integers(100, 100 + parties, (count, 2))
    amounts = np.exp(draw.normal(10.5, 1.0, count)).astype(int) + 500
    hours = draw.uniform(1, 80 * 24, count)
    return [(int(a), int(b), int(c), float(h)) for (a, b), c, h in zip(ends, amounts, hours, strict=True) if a != b]


def screened(payments: list[Payment], policy: FraudPolicy = POLICY) -> PopulationScan:
    edges = edges_of(payments)
    return screen_population(frames_of(edges, sorted(set(edges["payer"]) | set(edges["payee"]))), AS_OF, policy)


def flagged(scan: PopulationScan) -> set[int]:
    return {business for business, values in scan.network.items() if values[0]}


def test_money_that_goes_round_again_and_again_is_a_ring() -> None:
    scan = screened([*ring_payments([1, 2, 3, 4]), *honest_payments(60, seed=1)])
    assert flagged(scan) == {1, 2, 3, 4}
    ring = scan.rings[0]
    assert ring.businesses == (1, 2, 3, 4)
    assert ring.recurrence == pytest.approx(8)
    assert ring.retention == pytest.approx(0.97**3, abs=0.001)
    assert ring.hop_hours == pytest.approx(4)


@pytest.mark.parametrize("seed", range(5))
def test_ordinary_trade_raises_no_flag(seed: int) -> None:
    assert flagged(screened(honest_payments(80, seed=seed))) == set()


def test_mutual_trade_raises_no_flag() -> None:
    payments = [(1 + n % 2, 2 - n % 2, 50_000, 30.0 * n) for n in range(1, 60)]
    assert flagged(screened(payments)) == set()


def test_a_slow_unequal_supply_loop_raises_no_flag() -> None:
    payments = [hop for n in range(8) for hop in lap([1, 2, 3], 40_000 + 9_000 * n, 200 + 220 * n, pace=70, kept=0.6)]
    scan = screened([*payments, *honest_payments(60, seed=3)])
    assert flagged(scan) == set()


def test_one_lap_however_tight_is_a_coincidence() -> None:
    scan = screened(lap([1, 2, 3], 90_000, 100, pace=1))
    assert scan.rings[0].confidence > POLICY.suspect_confidence
    assert flagged(scan) == set()


def test_neither_row_order_nor_both_legs_change_anything() -> None:
    edges = edges_of([*ring_payments([5, 6, 7]), *honest_payments(40, seed=4)])
    parties = sorted(set(edges["payer"]) | set(edges["payee"]))
    frames = frames_of(edges, parties)
    shuffled = {name: frame.sample(fraction=1.0, shuffle=True, seed=9) for name, frame in frames.items()}
    one_leg = frames | {"upi_payments": frames["upi_payments"].filter(direction="in")}
    whole = screen_population(frames, AS_OF, POLICY)
    assert screen_population(shuffled, AS_OF, POLICY).network == whole.network
    assert screen_population(one_leg, AS_OF, POLICY).rings == whole.rings


def test_only_what_was_known_counts() -> None:
    edges = edges_of(ring_payments([1, 2, 3]))
    late = edges.with_columns(received_at=pl.lit(AS_OF + 1))
    assert screen_population(frames_of(late, [1, 2, 3]), AS_OF, POLICY).rings == ()


def test_failed_payments_and_payments_to_oneself_are_not_money() -> None:
    frames = frames_of(edges_of(ring_payments([1, 2, 3])), [1, 2, 3])
    failed = frames | {"upi_payments": frames["upi_payments"].with_columns(status=pl.lit("failed_funds"))}
    assert len(screen_population(failed, AS_OF, POLICY).edges) == 0
    own = frames | {"upi_payments": frames["upi_payments"].with_columns(counterparty=pl.col("business"))}
    assert len(screen_population(own, AS_OF, POLICY).edges) == 0


def test_repetitions_share_no_payment() -> None:
    payments = [*lap([1, 2, 3], 1_000, 60), (1, 2, 900, 60.0), *lap([1, 2, 3], 1_000, 30)]
    cycles = scan_transfers(edges_of(payments), POLICY).cycles
    chosen = edge_disjoint(cycles)
    assert len(cycles) > len(chosen) == 2
    legs = [leg for cycle in chosen for leg in cycle.legs]
    assert len(legs) == len(set(legs))
    assert edge_disjoint(cycles[::-1]) == chosen


def test_two_rings_that_share_one_business_stay_two() -> None:
    scan = scan_transfers(edges_of([*lap([1, 2, 3], 900, 60), *lap([1, 4, 5], 900, 500)]), POLICY)
    groups = [sorted({member for cycle in group for member in cycle.members}) for group in group_rings(scan.cycles)]
    assert sorted(groups) == [[1, 2, 3], [1, 4, 5]]


def test_a_search_out_of_budget_is_never_complete() -> None:
    crowd = [
        (a, b, 100, 60.0 - 0.01 * n) for n, (a, b) in enumerate((a, b) for a in range(9) for b in range(9) if a != b)
    ]
    assert not scan_transfers(edges_of(crowd), replace(POLICY, work_budget=10)).complete
    assert not scan_transfers(edges_of(crowd), replace(POLICY, list_limit=10)).complete
    assert scan_transfers(edges_of(crowd), POLICY).complete


def test_retention_decays_below_a_half() -> None:
    weights = retention_weight(np.linspace(0, 1, 101))
    assert (np.diff(weights) >= 0).all()
    assert weights[50:].tolist() == [1.0] * 51


def test_chance_does_not_explain_a_ring_but_explains_trade() -> None:
    assert shuffled_p_value(edges_of(ring_payments([1, 2, 3])), POLICY) <= 0.02
    assert shuffled_p_value(edges_of(honest_payments(6, seed=8)), POLICY) > 0.05


def test_false_discovery_rates_are_monotone_in_the_p_values() -> None:
    p_values = [0.001, 0.2, 0.03, 0.04, 0.9]
    rates = false_discovery_rates(p_values)
    assert sorted(rates) == [rate for _, rate in sorted(zip(p_values, rates, strict=True))]
    assert all(rate >= p for rate, p in zip(rates, p_values, strict=True))


@pytest.mark.parametrize(
    ("field", "values", "rises"),
    [
        ("recurrence", [0.5, 1, 2, 8, 30], True),
        ("retention", [0.3, 0.6, 0.9], True),
        ("concentration", [0.0, 0.3, 1.0], True),
        ("hop_hours", [0.5, 6, 30], False),
        ("goods_support", [0.0, 0.5, 1.0], False),
    ],
)
def test_confidence_is_monotone_in_every_quantity(field: str, values: list[float], rises: bool) -> None:
    middle = RingReading(2, 0.6, 0.3, 10, 0.5)
    readings = [confidence(replace(middle, **{field: value})) for value in values]
    assert readings == sorted(readings, reverse=not rises)
    assert len(set(readings)) == len(readings)


def test_velocity_counts_the_last_thirty_days() -> None:
    fresh, old = lap([1, 2, 3], 30_000, 48, pace=1), lap([1, 2, 3], 30_000, 60 * 24, pace=1)
    (ring,) = screened([*fresh, *old]).rings
    assert ring.velocity_paise == 30_000 * 100 // 30
    assert ring.value_paise == 2 * 30_000 * 100


def test_cycles_older_than_the_ring_window_are_forgotten() -> None:
    old = [(a, b, c, h + 95 * 24) for a, b, c, h in ring_payments([1, 2, 3], laps=3)]
    scan = screened([*old, (8, 9, 500, 10.0)])
    assert scan.rings == ()
    assert POLICY.ring_days * DAY < 95 * DAY


def test_a_ring_that_chance_explains_is_not_suspect_however_sure_it_looks() -> None:
    (ring,) = screened(ring_payments([1, 2, 3])).rings
    assert ring.q_value <= POLICY.false_discovery_rate
    assert all(member.is_suspect(POLICY) for member in ring.members)
    by_chance = [replace(member, q_value=0.06) for member in ring.members]
    assert not any(member.is_suspect(POLICY) for member in by_chance)
    assert not any(member.is_suspect(replace(POLICY, false_discovery_rate=0.001)) for member in ring.members)


def test_a_true_ring_among_many_of_chance_is_asked_more_until_it_can_tell() -> None:
    edges = edges_of(ring_payments([1, 2, 3]))
    (ring,) = screened(ring_payments([1, 2, 3])).rings
    (alone,) = held_against_chance([ring], edges, POLICY)
    (among,) = held_against_chance([ring], edges, POLICY, others=[0.9] * 50)
    assert alone.p_value == alone.q_value == 1 / (1 + POLICY.null_shuffles)
    assert among.p_value == 1 / (1 + shuffles_for(51, POLICY))
    assert among.q_value == pytest.approx(51 * among.p_value)
    assert all(member.is_suspect(POLICY) for member in among.members)


def test_among_thousands_of_chance_the_same_evidence_counts_for_less() -> None:
    edges = edges_of(ring_payments([1, 2, 3]))
    (ring,) = screened(ring_payments([1, 2, 3])).rings
    (among,) = held_against_chance([ring], edges, POLICY, others=[0.5] * 5_000)
    assert among.p_value == 1 / (1 + MOST_SHUFFLES)
    assert not among.members[0].is_suspect(POLICY)


def test_fifty_harmless_loops_do_not_hide_a_ring() -> None:
    chaff = [hop for n in range(50) for hop in lap([10 + 3 * n, 11 + 3 * n, 12 + 3 * n], 5_000, 90 + 31 * n, pace=9)]
    scan = screened([*ring_payments([1, 2, 3, 4]), *chaff])
    assert len(scan.rings) == 51
    assert flagged(scan) == {1, 2, 3, 4}
    assert [ring.q_value for ring in scan.rings if ring.recurrence == 1] == [None] * 50


def test_rings_below_policy_are_no_company_for_those_in_question() -> None:
    chaff = [hop for n in range(9) for hop in lap([10 + 3 * n, 11 + 3 * n, 12 + 3 * n], 5_000, 90 + 31 * n)]
    alone, among = screened(ring_payments([1, 2, 3])), screened([*ring_payments([1, 2, 3]), *chaff])
    assert alone.rings[0] == among.rings[0]


ONE_AFTERNOON = [hop for n in range(5) for hop in lap([1, 2, 3], 90_000, 200 - 0.7 * n, pace=0.2)]
TWO_AFTERNOONS = [hop for at in (200, 199, 152, 151) for hop in lap([1, 2, 3], 90_000, at, pace=0.2)]
TWO_WEEKS = [hop for n in range(2) for hop in lap([1, 2, 3], 90_000, 200 + 168 * n, pace=1)]
FOUR_WEEKS = [hop for n in range(4) for hop in lap([1, 2, 3], 90_000, 200 + 168 * n, pace=1)]


@pytest.mark.parametrize("payments", [ONE_AFTERNOON, TWO_AFTERNOONS, TWO_WEEKS, FOUR_WEEKS])
def test_few_days_and_one_amount_do_not_explain_themselves(payments: list[Payment]) -> None:
    assert shuffled_p_value(edges_of(payments), POLICY) <= 0.01
    assert flagged(screened([*payments, *honest_payments(60, seed=2)])) == {1, 2, 3}


def test_small_change_among_the_members_does_not_hide_a_ring() -> None:
    draw = np.random.default_rng(3)
    change = [(1 + n % 3, 1 + (n + 1 + n // 60) % 3, 1 + n % 4, float(draw.uniform(1, 2_000))) for n in range(120)]
    assert shuffled_p_value(edges_of([*ONE_AFTERNOON, *change]), POLICY) <= 0.01


def test_chance_is_rarely_taken_for_a_ring() -> None:
    p_values = [shuffled_p_value(edges_of(honest_payments(8, seed=seed)), POLICY) for seed in range(60)]
    assert sum(p <= 0.05 for p in p_values) <= 6


def weekly_market(seed: int, traders: int = 4) -> list[Payment]:
    """Neighbours who settle with each other on Saturdays only, thirteen times, for whatever they happened to buy."""
    draw = np.random.default_rng(seed)
    rows = []
    for week in range(13):
        for payer in range(traders):
            for _ in range(draw.poisson(2)):
                payee = (payer + int(draw.integers(1, traders))) % traders
                hours = 24 * (7 * week + 4) - float(draw.uniform(4, 14))
                rows.append((1 + payer, 1 + payee, int(np.exp(draw.normal(9.5, 0.8))), hours))
    return rows


@pytest.mark.parametrize("traders", [3, 4])
def test_who_always_settles_on_one_weekday_is_not_taken_for_a_ring_by_it(traders: int) -> None:
    p_values = [shuffled_p_value(edges_of(weekly_market(seed, traders)), POLICY) for seed in range(120)]
    assert sum(p <= 0.05 for p in p_values) <= 0.07 * len(p_values)
    assert 0.35 < float(np.median(p_values)) < 0.65


def test_a_ring_among_saturdays_traders_is_told_from_their_trade() -> None:
    laps = [hop for n in range(5) for hop in lap([1, 2, 3], 200_000, 24 * (14 * n + 4) - 5, pace=2)]
    found = [shuffled_p_value(edges_of([*laps, *weekly_market(seed)]), POLICY) for seed in range(5)]
    assert max(found) <= 0.01


def test_shuffled_histories_keep_the_hours_of_each_payer_and_favour_days_of_trade() -> None:
    edges = edges_of(ring_payments([1, 2, 3])).sort("occurred_at")
    transfers = Transfers(*(edges[name].to_numpy() for name in ("payer", "payee", "amount_paise", "occurred_at")))
    (times,) = shuffled_times(transfers, POLICY)
    days, hours = (times + IST) // DAY, (times + IST) % DAY
    paid_on = (transfers.time + IST) // DAY
    assert paid_on.max() - POLICY.ring_days < days.min() <= days.max() <= paid_on.max()
    assert 0.5 < np.isin(days, paid_on).mean() < 1
    for payer in (1, 2, 3):
        mine = transfers.payer == payer
        assert (np.sort(hours[:, mine], axis=1) == np.sort((transfers.time[mine] + IST) % DAY)).all()
    assert len(np.unique(times, axis=0)) == POLICY.null_shuffles
    (more,) = shuffled_times(transfers, POLICY, 300)
    assert (more[: POLICY.null_shuffles] == times).all()


@pytest.mark.parametrize(("laps", "apart", "pace"), [(4, 6, 1), (3, 24, 4), (8, 12, 2), (6, 72, 10)])
def test_a_ring_in_a_hurry_is_told_from_chance_too(laps: int, apart: int, pace: int) -> None:
    payments = [hop for n in range(laps) for hop in lap([1, 2, 3], 90_000 + 7_919 * n, 200 + apart * n, pace=pace)]
    assert shuffled_p_value(edges_of(payments), POLICY) <= 0.01
