from wallets.models.records import (
    RECORD_MODELS,
    BankEntry,
    EwayBill,
    GstInvoice,
    GstReturn,
    Record,
    UpiPayment,
    known_at,
)
from wallets.models.sources import Outcome, Vpa
from wallets.models.uploads import BulkAnswer, Rejection, Upload, UploadState

__all__ = [
    "RECORD_MODELS",
    "BankEntry",
    "BulkAnswer",
    "EwayBill",
    "GstInvoice",
    "GstReturn",
    "Outcome",
    "Record",
    "Rejection",
    "UpiPayment",
    "Upload",
    "UploadState",
    "Vpa",
    "known_at",
]
