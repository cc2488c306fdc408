"""What every record of a simulated world must satisfy."""

import polars as pl
import pytest

from creditiq.kernel.identifiers import gstin, pan, udyam, vpa
from wallets.engine.world.simulation import Records, Simulation

KEYS = {
    "businesses": ["business"],
    "vpas": ["vpa"],
    "gst_invoices": ["business", "supplier_gstin", "invoice_number", "financial_year"],
    "gst_returns": ["business", "return_type", "period"],
    "upi_payments": ["business", "reference", "direction"],
    "eway_bills": ["business", "number"],
    "bank_entries": ["business", "account", "reference"],
    "outcomes": ["business", "disbursed_at"],
}
EVENTS = ["gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries"]


@pytest.fixture(scope="module", params=["demo", "development"])
def records(request: pytest.FixtureRequest) -> Records:
    simulation: Simulation = request.getfixturevalue(request.param)
    return simulation.records


@pytest.mark.parametrize("name", KEYS)
def test_natural_keys_are_unique(records: Records, name: str) -> None:
    frame = records.frames()[name]
    assert frame.height > 0
    assert frame.select(KEYS[name]).is_duplicated().sum() == 0


@pytest.mark.parametrize("name", EVENTS)
def test_nothing_is_known_before_it_happens_or_after_the_world_ends(records: Records, name: str) -> None:
    frame = records.frames()[name]
    assert frame.filter(pl.col("received_at") < pl.col("occurred_at")).is_empty()
    ends = max(int(f["received_at"].max() or 0) for n, f in records.frames().items() if n in EVENTS)
    assert ends % 86_400_000_000 == 66_599_999_999 or ends < 2**62
    assert frame.select("business").unique().join(records.businesses, on="business", how="anti").is_empty()


@pytest.mark.parametrize("name", EVENTS)
def test_nothing_happens_before_the_business_is_registered(records: Records, name: str) -> None:
    born = records.businesses.select("business", born=pl.col("registered_at") - 86_400_000_000)
    early = records.frames()[name].join(born, on="business").filter(pl.col("occurred_at") < pl.col("born"))
    assert early.is_empty()


def test_all_identifiers_are_valid_and_belong_together(records: Records) -> None:
    for row in records.businesses.iter_rows(named=True):
        parsed = gstin.parse(row["gstin"])
        assert (parsed.pan, parsed.state_code) == (row["pan"], row["state_code"])
        assert pan.is_valid(row["pan"])
        assert udyam.is_valid(row["udyam"])
    parties = set(records.gst_invoices["counterparty_gstin"].drop_nulls()) | set(records.gst_invoices["supplier_gstin"])
    assert all(gstin.is_valid(text) for text in parties)
    payers = set(records.upi_payments["counterparty_vpa"]) | set(records.vpas["vpa"])
    assert all(vpa.is_valid(text) for text in payers)


def test_invoice_numbers_fit_the_gst_rule(records: Records) -> None:
    assert records.gst_invoices["invoice_number"].str.contains(r"^[A-Za-z0-9][A-Za-z0-9/-]{0,15}$").all()


def test_tax_is_split_by_state_and_follows_the_rate(records: Records) -> None:
    state = pl.col("supplier_gstin").str.head(2).cast(pl.Int32)
    wrong = records.gst_invoices.with_columns(local=state == pl.col("place_of_supply")).filter(
        pl.when("local")
        .then((pl.col("igst_paise") != 0) | (pl.col("cgst_paise") != pl.col("sgst_paise")))
        .otherwise((pl.col("cgst_paise") != 0) | (pl.col("sgst_paise") != 0))
    )
    assert wrong.is_empty()
    tax = pl.col("igst_paise") + pl.col("cgst_paise") + pl.col("sgst_paise")
    gap = (tax - pl.col("taxable_paise") * pl.col("rate_bp") / 10_000).abs()
    assert records.gst_invoices.filter(gap > 1).is_empty()


def test_an_eway_bill_repeats_its_invoice(records: Records) -> None:
    tax = pl.col("igst_paise") + pl.col("cgst_paise") + pl.col("sgst_paise")
    sold = records.gst_invoices.filter(pl.col("direction") == "out").select(
        "business",
        "counterparty_gstin",
        document_number="invoice_number",
        total=pl.col("taxable_paise") + tax,
        invoiced=pl.col("occurred_at"),
    )
    bills = records.eway_bills.filter(pl.col("direction") == "out")
    matched = bills.join(sold, on=["business", "counterparty_gstin", "document_number"])
    # Bills of the first days may belong to an invoice from before the window.
    assert matched.height >= bills.height - 0.01 * bills.height
    amended = matched.filter(pl.col("total") != pl.col("value_paise"))
    assert amended.height < 0.02 * matched.height  # told with a slip, and put right in a later return
    last_return = int(records.gst_amendments["received_at"].max() or 0)
    old = amended.filter(pl.col("invoiced") < last_return - 200 * 86_400_000_000)
    right = records.gst_amendments.select("business", "counterparty_gstin", document_number="invoice_number")
    assert old.join(right, on=["business", "counterparty_gstin", "document_number"], how="anti").is_empty()
    assert matched.filter(pl.col("occurred_at") < pl.col("invoiced")).is_empty()


def test_eway_bills_have_lawful_fields(records: Records) -> None:
    bills = records.eway_bills
    assert bills["number"].str.contains(r"^[0-9]{12}$").all()
    assert bills["distance_km"].is_between(1, 4000).all()
    assert bills["from_pincode"].str.contains(r"^[1-9][0-9]{5}$").all()
    assert bills["vehicle"].str.contains(r"^[A-Z]{2}[0-9]{2}[A-Z]{2}[0-9]{4}$").all()


def test_goods_above_the_line_nearly_always_travel_with_a_bill(records: Records) -> None:
    goods = records.businesses.filter("deals_in_goods").select("business")
    tax = pl.col("igst_paise") + pl.col("cgst_paise") + pl.col("sgst_paise")
    sold = records.gst_invoices.join(goods, on="business").filter(
        (pl.col("direction") == "out") & (pl.col("kind") == "B2B") & ~pl.col("cancelled")
    )
    large = sold.filter(pl.col("taxable_paise") + tax >= 5_000_000)
    billed = large.join(
        records.eway_bills, left_on=["business", "invoice_number"], right_on=["business", "document_number"], how="semi"
    )
    assert billed.height / large.height > 0.9


def test_both_parties_hold_the_same_invoice(records: Records) -> None:
    key = ["supplier_gstin", "invoice_number", "financial_year"]
    own = records.businesses["gstin"].implode()
    sold = records.gst_invoices.filter((pl.col("direction") == "out") & pl.col("counterparty_gstin").is_in(own))
    bought = records.gst_invoices.filter((pl.col("direction") == "in") & pl.col("supplier_gstin").is_in(own))
    assert sold.height == bought.height > 0
    both = sold.join(bought, on=key)
    assert both.height == sold.height
    assert (both["taxable_paise"] == both["taxable_paise_right"]).all()


@pytest.mark.parametrize(("name", "out"), [("upi_payments", "out"), ("bank_entries", "debit")])
def test_both_legs_of_every_payment_inside_the_population_are_recorded(records: Records, name: str, out: str) -> None:
    frame = records.frames()[name]
    inside = frame.filter(pl.col("counterparty").is_not_null())
    if "status" in frame.columns:
        inside = inside.filter(pl.col("status") == "success")
    paid, received = inside.filter(pl.col("direction") == out), inside.filter(pl.col("direction") != out)
    assert paid.height == received.height > 0
    both = paid.join(received, on="reference")
    assert both.height == paid.height
    assert (both["business"] == both["counterparty_right"]).all()
    assert (both["counterparty"] == both["business_right"]).all()
    assert (both["amount_paise"] == both["amount_paise_right"]).all()
    assert (both["occurred_at"] == both["occurred_at_right"]).all()


def test_a_payment_address_belongs_to_the_business_that_uses_it(records: Records) -> None:
    own = records.upi_payments.select("business", "vpa").unique()
    assert own.join(records.vpas, on=["business", "vpa"], how="anti").is_empty()
    known = records.upi_payments.filter(pl.col("counterparty").is_not_null())
    theirs = known.select(business="counterparty", vpa="counterparty_vpa").unique()
    assert theirs.join(records.vpas, on=["business", "vpa"], how="anti").is_empty()
    assert records.vpas.group_by("business").len()["len"].is_between(1, 3).all()


def test_references_are_twelve_digits(records: Records) -> None:
    assert records.upi_payments["reference"].str.contains(r"^[0-9]{12}$").all()


def test_the_running_balance_adds_up(records: Records) -> None:
    signed = pl.when(pl.col("direction") == "credit").then("amount_paise").otherwise(-pl.col("amount_paise"))
    before = pl.col("balance_paise").shift(1).over("business")
    gap = records.bank_entries.with_columns(gap=pl.col("balance_paise") - before - signed)["gap"]
    assert (gap.drop_nulls() == 0).all()


def test_returns_fall_due_on_the_statutory_days(records: Records) -> None:
    due = pl.from_epoch(pl.col("due_at") + 19_800_000_000, time_unit="us").dt.day().alias("day")
    days = records.gst_returns.join(records.businesses, on="business").select("return_type", "quarterly_filer", due)
    seen = {key: set(group["day"]) for key, group in days.group_by("return_type", "quarterly_filer")}
    assert seen[("GSTR1", False)] == {11}
    assert seen[("GSTR3B", False)] == {20}
    assert seen[("GSTR1", True)] == {13}
    assert seen[("GSTR3B", True)] <= {22, 24}


def test_unfiled_returns_have_no_acknowledgement(records: Records) -> None:
    returns = records.gst_returns
    assert (returns["filed_at"].is_null() == returns["arn"].is_null()).all()
    assert 0 < returns["filed_at"].is_null().mean() < 0.1
