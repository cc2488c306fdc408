"""GST invoices and notes as rows: sales where you are the supplier, purchases where you are the buyer."""

from collections.abc import Mapping

import polars as pl

from wallets.engine.importers.checks import INVOICE_NUMBER_PATTERN, gstin_fault
from wallets.engine.importers.columns import (
    EARLIEST_GST,
    HOUR,
    Column,
    Context,
    Rule,
    Table,
    amount,
    choice,
    day,
    financial_year,
    gstin,
    known,
    percent,
    whole,
    word,
    yes,
)
from wallets.engine.importers.tariff import no_heading, unknown_heading

KINDS = ("B2B", "B2CL", "B2CS", "CDNR", "EXP")
STATES = (*range(1, 39), 96, 97)
"""Places of supply: states, other countries (96) and other territory (97)."""
HIGHEST_RATE = 40
_SLACK = 200
_RUPEES = "Write rupees with at most two decimals."

COLUMNS = (
    Column("invoice_number", "number of the invoice or note, at most 16 characters", ("25-26/00012", "CN/7"),
           word(INVOICE_NUMBER_PATTERN), "invoice.number", "1 to 16 letters, digits, “-” and “/”."),
    Column("invoice_date", "date of the document", ("2026-06-14", "20-06-2026"), day, "invoice.date",
           "Write the date as 2026-06-14 or 14-06-2026."),
    Column("supplier_gstin", "who supplied", ("27AAPFU0939F1ZV", "27AAPFU0939F1ZV"), gstin, "gstin.pattern",
           "Give the supplier's 15-character GSTIN.", explain=gstin_fault),
    Column("buyer_gstin", "who bought; empty for buyers without a GSTIN", ("29AAACG0569P1Z3", ""), gstin,
           "gstin.pattern", "This is not a GSTIN.", required=False, explain=gstin_fault),
    Column("kind", f"one of {', '.join(KINDS)}; CDNR is a credit note and subtracts", ("B2B", "CDNR"),
           choice(*KINDS, case="upper"), "invoice.kind", f"Kind is one of: {', '.join(KINDS)}."),
    Column("hsn", "goods or service code of the largest item", ("7210", ""), word(r"^([0-9]{4}|[0-9]{6}|[0-9]{8})$"),
           "invoice.hsn", "An HSN code has 4, 6 or 8 digits.", required=False),
    Column("place_of_supply", "state code of the place of supply", ("29", "27"), whole(1, 97), "invoice.place",
           "Give a state code from 1 to 38, or 96 or 97."),
    Column("rate", "tax rate in percent", ("18", "5"), percent(HIGHEST_RATE), "invoice.rate",
           f"Write the tax rate in percent, at most {HIGHEST_RATE}."),
    Column("taxable_value", "rupees before tax", ("150000.00", "2000"), amount(), "invoice.taxable", _RUPEES),
    Column("igst", "integrated tax in rupees", ("27000.00", "0"), amount(), "invoice.tax", _RUPEES),
    Column("cgst", "central tax in rupees", ("0", "50.00"), amount(), "invoice.tax", _RUPEES),
    Column("sgst", "state tax in rupees", ("0", "50.00"), amount(), "invoice.tax", _RUPEES),
    Column("cess", "compensation cess in rupees", ("0", ""), amount(), "invoice.tax", _RUPEES, required=False),
    Column("reverse_charge", "yes where the buyer pays the tax", ("no", ""), yes, "invoice.reverse_charge",
           "Write yes or no.", required=False),
    Column("cancelled", "yes for a document that was cancelled", ("no", ""), yes, "invoice.cancelled",
           "Write yes or no.", required=False),
)  # fmt: skip


def _rules(context: Context) -> tuple[Rule, ...]:
    supplier, buyer, kind, date = (
        pl.col(name) for name in ("supplier_gstin", "buyer_gstin", "kind", "invoice_date")
    )  # fmt: skip
    integrated, central, state = pl.col("igst"), pl.col("cgst"), pl.col("sgst")
    buyer_known = buyer.is_not_null()
    ours = (supplier == context.own_gstin) | (buyer_known & (buyer == context.own_gstin))
    most = pl.col("taxable_value") * HIGHEST_RATE // 100 + _SLACK
    return (
        Rule("supplier_gstin", "invoice.own", "Neither supplier nor buyer is your GSTIN.", ~ours),
        Rule("buyer_gstin", "invoice.self", "Supplier and buyer are the same GSTIN.", buyer == supplier),
        Rule("invoice_date", "invoice.date_future", "This date lies in the future.", date - 12 * HOUR > context.as_of),
        Rule("invoice_date", "invoice.date_past", "This date is before GST began (July 2017).", date < EARLIEST_GST),
        Rule("buyer_gstin", "invoice.buyer", "A B2B invoice names the buyer's GSTIN.", (kind == "B2B") & ~buyer_known),
        Rule("buyer_gstin", "invoice.consumer", "A B2CL or B2CS invoice has no buyer GSTIN.",
             kind.is_in(["B2CL", "B2CS"]) & buyer_known),
        Rule("hsn", "invoice.hsn_unknown", no_heading(), unknown_heading("hsn")),
        Rule("place_of_supply", "invoice.place", "Give a state code from 1 to 38, or 96 or 97.",
             ~pl.col("place_of_supply").is_in(STATES)),
        Rule("igst", "invoice.heads", "A supply carries IGST or CGST and SGST, not both.",
             (integrated > 0) & ((central > 0) | (state > 0))),
        Rule("sgst", "invoice.halves", "CGST and SGST differ.", (central - state).abs() > _SLACK),
        Rule("taxable_value", "invoice.tax_high", f"The tax is more than {HIGHEST_RATE} % of the taxable value.",
             integrated + central + state > most),
    )  # fmt: skip


def _frame(context: Context) -> Mapping[str, pl.Expr]:
    date, selling = pl.col("invoice_date"), pl.col("supplier_gstin") == context.own_gstin
    return {
        "direction": pl.when(selling).then(pl.lit("out")).otherwise(pl.lit("in")),
        "supplier_gstin": pl.col("supplier_gstin"),
        "counterparty_gstin": pl.when(selling).then(pl.col("buyer_gstin")).otherwise(pl.col("supplier_gstin")),
        "invoice_number": pl.col("invoice_number"),
        "financial_year": financial_year(date),
        "kind": pl.col("kind"),
        "cancelled": pl.col("cancelled").fill_null(False),
        "hsn": pl.col("hsn").fill_null(""),
        "place_of_supply": pl.col("place_of_supply"),
        "rate_bp": pl.col("rate"),
        "taxable_paise": pl.col("taxable_value"),
        "igst_paise": pl.col("igst"),
        "cgst_paise": pl.col("cgst"),
        "sgst_paise": pl.col("sgst"),
        "cess_paise": pl.col("cess").fill_null(0),
        "reverse_charge": pl.col("reverse_charge").fill_null(False),
        "occurred_at": known(date, context),
    }


TABLE = Table(
    kind="gst_invoices",
    columns=COLUMNS,
    rules=_rules,
    frame=_frame,
    key=("invoice_number", "supplier_gstin", "financial_year"),
    key_field="invoice_number",
    key_rule="invoice.repeated",
    key_message="This supplier's invoice number stands on an earlier line for the same financial year.",
)
