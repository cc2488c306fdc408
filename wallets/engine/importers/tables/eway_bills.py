"""E-way bills as rows: goods you sent or received, as the portal lists them."""

from collections.abc import Mapping

import polars as pl

from wallets.engine.importers.checks import PINCODE_PATTERN, VEHICLE_PATTERN, gstin_fault
from wallets.engine.importers.columns import (
    Column,
    Context,
    Rule,
    Table,
    amount,
    choice,
    gstin_or_none,
    instant,
    whole,
    word,
)
from wallets.engine.importers.tariff import no_heading, unknown_heading

EARLIEST = 1_522_521_000_000_000
"""1 April 2018 IST, the first day of e-way bills, in microseconds."""
DOCUMENTS = ("INV", "BIL", "BOE", "CHL", "OTH")
STATES = (*range(1, 28), *range(29, 39), 97, 99)
"""State codes of an address on a bill; 99 is another country."""
FARTHEST = 4000
_STATE = "Give a state code; 99 is another country."
_PIN = "A pin code has six digits and does not begin with 0."
_RUPEES = "Write rupees with at most two decimals."

COLUMNS = (
    Column("number", "12-digit e-way bill number", ("331000000001", "331000000002"), word(r"^[0-9]{12}$"),
           "eway.number", "Give the 12-digit e-way bill number."),
    Column("generated_at", "when the bill was made; Indian time where no zone is given",
           ("2026-06-14 17:20:00", "2026-06-15T09:05:00+05:30"), instant, "eway.time",
           "Write the time as 2026-06-14 17:20:00."),
    Column("from_gstin", "sender's GSTIN, or URP", ("27AAPFU0939F1ZV", "URP"), gstin_or_none, "gstin.pattern",
           "Give a GSTIN, or URP for a party without one.", explain=gstin_fault),
    Column("to_gstin", "receiver's GSTIN, or URP", ("29AAACG0569P1Z3", "27AAPFU0939F1ZV"), gstin_or_none,
           "gstin.pattern", "Give a GSTIN, or URP for a party without one.", explain=gstin_fault),
    Column("document_type", f"one of {', '.join(DOCUMENTS)}", ("INV", "BIL"), choice(*DOCUMENTS, case="upper"),
           "eway.document_type", f"Document type is one of: {', '.join(DOCUMENTS)}."),
    Column("document_number", "number of that document", ("25-26/00012", "B/77"), word(r"^[0-9A-Za-z/.-]{1,16}$"),
           "eway.document_number", "1 to 16 letters, digits, “-”, “/” and “.”."),
    Column("total_value", "invoice value in rupees, with tax", ("177000.00", "61000"), amount(), "eway.value", _RUPEES),
    Column("taxable_value", "rupees before tax", ("150000.00", "61000"), amount(), "eway.taxable", _RUPEES),
    Column("distance_km", f"kilometres, at most {FARTHEST}", ("980", "45"), whole(0, FARTHEST), "eway.distance",
           f"Write whole kilometres from 0 to {FARTHEST}."),
    Column("hsn", "goods code of the main item", ("7210", "5208"), word(r"^([0-9]{4}|[0-9]{6}|[0-9]{8})$"), "eway.hsn",
           "An HSN code has 4, 6 or 8 digits."),
    Column("from_pincode", "pin code of dispatch", ("400001", "411001"), word(PINCODE_PATTERN), "eway.pincode", _PIN),
    Column("to_pincode", "pin code of delivery", ("560001", "400001"), word(PINCODE_PATTERN), "eway.pincode", _PIN),
    Column("from_state", "state code the goods left", ("27", "27"), whole(1, 99), "eway.state", _STATE),
    Column("to_state", "state code the goods went to", ("29", "27"), whole(1, 99), "eway.state", _STATE),
    Column("vehicle", "registration of the vehicle", ("MH12AB1234", ""), word(VEHICLE_PATTERN, case="upper"),
           "eway.vehicle", "Write the registration without spaces, as MH12AB1234.", required=False),
    Column("transport_mode", "1 road, 2 rail, 3 air, 4 ship", ("1", "1"), whole(1, 4), "eway.mode",
           "Transport mode is 1 (road), 2 (rail), 3 (air) or 4 (ship)."),
    Column("supply_type", "O outward or I inward", ("O", ""), choice("O", "I", case="upper"), "eway.supply_type",
           "Write O for outward or I for inward.", required=False),
    Column("sub_supply_type", "1 to 12 of the master list, 1 is supply", ("1", ""), whole(1, 12), "eway.sub_type",
           "A sub-type is a number from 1 to 12.", required=False),
)  # fmt: skip


def _rules(context: Context) -> tuple[Rule, ...]:
    made, sender, receiver = pl.col("generated_at"), pl.col("from_gstin"), pl.col("to_gstin")
    ours = (sender == context.own_gstin) | (receiver == context.own_gstin)
    above = pl.col("taxable_value") > pl.col("total_value")
    return (
        Rule("generated_at", "eway.time_future", "This time lies in the future.", made > context.as_of),
        Rule(
            "generated_at", "eway.time_past", "This time is before e-way bills existed (April 2018).", made < EARLIEST
        ),
        Rule("from_gstin", "eway.own", "Neither sender nor receiver is your GSTIN.", ~ours),
        Rule("taxable_value", "eway.taxable_high", "The taxable value is more than the invoice value.", above),
        Rule("hsn", "eway.hsn_unknown", no_heading(), unknown_heading("hsn")),
        Rule("total_value", "eway.value", "The value of goods is more than zero.", pl.col("total_value") <= 0),
        *(Rule(name, "eway.state", _STATE, ~pl.col(name).is_in(STATES)) for name in ("from_state", "to_state")),
    )


def _frame(context: Context) -> Mapping[str, pl.Expr]:
    sending = pl.col("from_gstin") == context.own_gstin
    other = pl.when(sending).then(pl.col("to_gstin")).otherwise(pl.col("from_gstin"))
    same = ("number", "document_type", "document_number", "distance_km", "hsn", "from_pincode", "to_pincode",
            "from_state", "to_state", "vehicle", "transport_mode")  # fmt: skip
    return {
        **{name: pl.col(name) for name in same},
        "direction": pl.when(sending).then(pl.lit("out")).otherwise(pl.lit("in")),
        "counterparty_gstin": pl.when(other != "URP").then(other),
        "value_paise": pl.col("total_value"),
        "taxable_paise": pl.col("taxable_value"),
        "occurred_at": pl.col("generated_at"),
        "supply_type": pl.col("supply_type").fill_null(""),
        "sub_supply_type": pl.col("sub_supply_type"),
    }


TABLE = Table(
    kind="eway_bills",
    columns=COLUMNS,
    rules=_rules,
    frame=_frame,
    key=("number",),
    key_field="number",
    key_rule="eway.repeated",
    key_message="This bill number stands on an earlier line.",
)
