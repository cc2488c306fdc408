"""The columns the features read, per evidence frame.

Money is int64 paise, time is int64 microseconds since the Unix epoch (UTC). Frames may carry more columns; these are
the ones copied to the calculating engine, cast to these types.
"""

from collections.abc import Mapping
from typing import Final

NETWORK_COLUMNS: Final = (
    "fraud_ring_flag",
    "fraud_confidence",
    "cycle_velocity",
    "cycle_recurrence",
    "counterparty_compliance_avg",
    "counterparty_fraud_exposure",
    "gst_upi_receivables_gap",
    "ewb_smurfing_index",
    "pagerank_score",
)

TWO_TIMES: Final = {"occurred_at": "int64", "received_at": "int64"}

SCHEMAS: Final[Mapping[str, Mapping[str, str]]] = {
    "businesses": {"business": "int64", "deals_in_goods": "bool", "quarterly_filer": "bool"},
    "gst_invoices": {
        "business": "int64",
        "direction": "string",
        "counterparty_gstin": "string",
        "invoice_number": "string",
        "kind": "string",
        "cancelled": "bool",
        "hsn": "string",
        "taxable_paise": "int64",
        "igst_paise": "int64",
        "cgst_paise": "int64",
        "sgst_paise": "int64",
        **TWO_TIMES,
    },
    "gst_returns": {
        "business": "int64",
        "return_type": "string",
        "period": "int64",
        "due_at": "int64",
        "filed_at": "int64",
        "turnover_paise": "int64",
        "tax_itc_paise": "int64",
        **TWO_TIMES,
    },
    "upi_payments": {
        "business": "int64",
        "direction": "string",
        "amount_paise": "int64",
        "kind": "string",
        "status": "string",
        "counterparty_vpa": "string",
        "counterparty": "int64",
        **TWO_TIMES,
    },
    "eway_bills": {
        "business": "int64",
        "direction": "string",
        "document_number": "string",
        "value_paise": "int64",
        "distance_km": "int64",
        "counterparty_gstin": "string",
        "from_pincode": "string",
        "to_pincode": "string",
        "from_state": "int64",
        "to_state": "int64",
        **TWO_TIMES,
    },
    "bank_entries": {
        "business": "int64",
        "account": "string",
        "direction": "string",
        "purpose": "string",
        "amount_paise": "int64",
        "balance_paise": "int64",
        **TWO_TIMES,
    },
    "network": {"business": "int64", **dict.fromkeys(NETWORK_COLUMNS, "float64")},
}
