"""What goes beyond payments among customers: addresses nobody knows, papers round a circle, chains, many payers."""

from collections.abc import Sequence

import polars as pl
import pytest

from fraud.engine.outsiders import outsider
from fraud.engine.policy import DAY, HOUR, FraudPolicy
from fraud.engine.typologies.registry import TYPOLOGIES
from tests.fraud.engine.payments import AS_OF, Payment, edges_of, frames_of, lap

POLICY = FraudPolicy()
LAKH = 100_000
Strange = tuple[int, str, str, int, float]


def legs(rows: Sequence[Strange]) -> pl.DataFrame:
    """Legs with an unknown address: business, direction, address, rupees, hours before AS_OF."""
    return pl.DataFrame(
        [
            {"business": business, "reference": f"{number:012d}", "direction": direction, "amount_paise": rupees * 100,
             "kind": "P2P", "status": "success", "counterparty": None, "counterparty_vpa": address,
             "occurred_at": AS_OF - round(hours * HOUR), "received_at": AS_OF - round(hours * HOUR)}
            for number, (business, direction, address, rupees, hours) in enumerate(rows)
        ],
        schema_overrides={"counterparty": pl.Int64},
    )  # fmt: skip


def found(typology: str, frames: dict[str, pl.DataFrame]) -> dict[int, list[tuple[str, str]]]:
    return {one.business: list(one.rows) for one in TYPOLOGIES[typology](frames, AS_OF, POLICY)}


def with_strangers(
    payments: Sequence[Payment], rows: Sequence[tuple[int, str, str, int, float]]
) -> dict[str, pl.DataFrame]:
    frames = frames_of(edges_of(payments), [1, 2, 3])
    known = frames["upi_payments"].with_columns(counterparty_vpa=pl.lit(None, pl.String))
    strange = legs(rows).with_columns(reference="s" + pl.col("reference"))
    return frames | {"upi_payments": pl.concat([known, strange.select(known.columns)])}


def through_a_stranger(laps: int, kept: float = 0.98) -> dict[str, pl.DataFrame]:
    """1 pays x@y, x@y pays 2, 2 pays 1; every four days."""
    inside, outside = [], []
    for number in range(laps):
        hours = 100.0 * number + 50
        outside.append((1, "out", "x@y", LAKH, hours))
        outside.append((2, "in", "x@y", round(kept * LAKH), hours - 6))
        inside.append((2, 1, round(kept**2 * LAKH), hours - 12))
    return with_strangers(inside, outside)


def test_a_circle_through_an_unknown_address_is_found_with_the_members_own_rows() -> None:
    seen = found("circle_through_outsiders", through_a_stranger(8))
    assert set(seen) == {1, 2}
    assert len(seen[1]) == 16
    assert all(kind == "upi_payments" for kind, _ in seen[1])


def test_one_lap_or_lost_money_is_no_circle_and_customers_alone_are_a_ring() -> None:
    assert not found("circle_through_outsiders", through_a_stranger(1))
    assert not found("circle_through_outsiders", through_a_stranger(8, kept=0.3))
    ring = [payment for start in range(8) for payment in lap([1, 2, 3], LAKH, 60.0 + 100 * start)]
    once = [(3, "out", "x@y", 500, 9.0)]
    assert not found("circle_through_outsiders", with_strangers(ring, once))


def test_an_address_with_many_partners_is_no_link() -> None:
    frames = through_a_stranger(8)
    rows = legs([(business, "in", "x@y", 500, 9.0) for business in range(10, 40)])
    frames["upi_payments"] = pl.concat([frames["upi_payments"], rows.select(frames["upi_payments"].columns)])
    assert not found("circle_through_outsiders", frames)
    assert outsider("x@y") < 0


def invoices(laps: int, *, carried: bool, rupees: int = 8 * LAKH) -> dict[str, pl.DataFrame]:
    """1 sells to 2, 2 to 3, 3 to 1, all on one day; a lap every two weeks."""
    frames = frames_of(edges_of([]), [1, 2, 3])
    rows = [
        {"business": seller, "direction": "out", "counterparty_gstin": f"G{buyer}", "kind": "B2B", "cancelled": False,
         "taxable_paise": rupees * 100, "occurred_at": AS_OF - 14 * DAY * (number + 1),
         "received_at": AS_OF - 14 * DAY * (number + 1), "invoice_number": f"I{number}{place}"}
        for number in range(laps)
        for place, (seller, buyer) in enumerate(((1, 2), (2, 3), (3, 1)))
    ]  # fmt: skip
    papers = pl.DataFrame(rows)
    bills = papers.select(
        "business", "direction", "counterparty_gstin", "occurred_at", "received_at",
        value_paise="taxable_paise", taxable_paise="taxable_paise",
    )  # fmt: skip
    moved = bills.select(frames["eway_bills"].columns) if carried else frames["eway_bills"]
    return frames | {"gst_invoices": papers, "eway_bills": moved}


def test_invoices_round_a_circle_without_goods_are_found_with_their_numbers() -> None:
    seen = found("goods_circle", invoices(3, carried=False))
    assert set(seen) == {1, 2, 3}
    assert seen[2] == [("gst_invoices", "I21"), ("gst_invoices", "I11"), ("gst_invoices", "I01")]


@pytest.mark.parametrize(
    "honest",
    [invoices(3, carried=True), invoices(1, carried=False), invoices(4, carried=False, rupees=40_000)],
)
def test_goods_that_move_one_lap_or_small_papers_are_left_alone(honest: dict[str, pl.DataFrame]) -> None:
    assert not found("goods_circle", honest)


CHAIN = [(1, 2, 500_000, 90.0), (2, 3, 495_000, 70.0), (3, 4, 490_000, 50.0), (4, 5, 486_000, 30.0)]


def test_a_sum_handed_on_four_times_is_a_chain_and_its_middle_is_found() -> None:
    frames = frames_of(edges_of(CHAIN), [1, 2, 3, 4, 5])
    seen = found("layering_chain", frames)
    assert set(seen) == {2, 3, 4}
    assert len(seen[3]) == 2


@pytest.mark.parametrize(
    "broken",
    [
        CHAIN[:3],
        [*CHAIN[:3], (4, 5, 300_000, 30.0)],
        [*CHAIN[:3], (4, 1, 486_000, 30.0)],
        [(payer, payee, rupees, hours * 3) for payer, payee, rupees, hours in CHAIN],
    ],
)
def test_a_short_lossy_closed_or_slow_chain_is_none(broken: list[Payment]) -> None:
    assert not found("layering_chain", frames_of(edges_of(broken), [1, 2, 3, 4, 5]))


def test_a_chain_of_sales_is_trade() -> None:
    frames = frames_of(edges_of(CHAIN), [1, 2, 3, 4, 5])
    sale = {"business": 3, "direction": "out", "counterparty_gstin": "G2", "kind": "B2B", "cancelled": False,
            "taxable_paise": 49_500_000, "occurred_at": AS_OF - 5 * DAY, "received_at": AS_OF - 5 * DAY}  # fmt: skip
    assert not found("layering_chain", frames | {"gst_invoices": pl.DataFrame([sale])})


def test_many_payers_just_under_the_line_within_a_week() -> None:
    week = [(1, "in", f"p{number}@y", 49_000, 5.0 * number) for number in range(15)]
    spread = [(2, "in", f"p{number}@y", 49_000, 60.0 * number) for number in range(15)]
    one = [(3, "in", "p@y", 49_000, 5.0 * number) for number in range(15)]
    frames = frames_of(edges_of([]), [1, 2, 3]) | {"upi_payments": legs([*week, *spread, *one])}
    assert set(found("smurfing", frames)) == {1}
    sale = {"business": 1, "direction": "out", "cancelled": False, "taxable_paise": 70_000_000,
            "occurred_at": AS_OF - DAY, "received_at": AS_OF - DAY}  # fmt: skip
    assert not found("smurfing", frames | {"gst_invoices": pl.DataFrame([sale])})
