from wallets.services.bulk import BulkRows, record_rows
from wallets.services.exploring import look_at_business, look_at_records, reveal_personal_fields
from wallets.services.forgetting import forget
from wallets.services.lake import UnableToWriteLake, Written, write_lake
from wallets.services.looking import open_upload
from wallets.services.reading import parse_upload
from wallets.services.reconciling import look_at_reconciliation
from wallets.services.records import load_outcomes, load_records, lock_evidence, verify_vpas
from wallets.services.uploads import IncomingFile, UnableToCancel, cancel_upload, import_file, receive_upload
from wallets.services.worlds import demo_world, development_world, simulated_records

__all__ = [
    "BulkRows",
    "IncomingFile",
    "UnableToCancel",
    "UnableToWriteLake",
    "Written",
    "cancel_upload",
    "demo_world",
    "development_world",
    "forget",
    "import_file",
    "load_outcomes",
    "load_records",
    "lock_evidence",
    "look_at_business",
    "look_at_reconciliation",
    "look_at_records",
    "open_upload",
    "parse_upload",
    "receive_upload",
    "record_rows",
    "reveal_personal_fields",
    "simulated_records",
    "verify_vpas",
    "write_lake",
]
