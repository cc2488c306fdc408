from wallets.services.records import load_outcomes, load_records, lock_evidence, verify_vpas
from wallets.services.uploads import IncomingFile, parse_upload, receive_upload
from wallets.services.worlds import demo_world, development_world

__all__ = [
    "IncomingFile",
    "demo_world",
    "development_world",
    "load_outcomes",
    "load_records",
    "lock_evidence",
    "parse_upload",
    "receive_upload",
    "verify_vpas",
]
