from wallets.services.bulk import BulkRows, record_rows
from wallets.services.consuming import Consumed, Pace, consume_streams
from wallets.services.exploring import look_at_business, look_at_records, reveal_personal_fields
from wallets.services.forgetting import forget
from wallets.services.lake import UnableToWriteLake, Written, write_lake
from wallets.services.letters import DeadLetter, dead_letters, replay_dead_letters
from wallets.services.looking import open_upload
from wallets.services.publishing import UnableToPublish, publish_evidence
from wallets.services.reading import parse_upload
from wallets.services.reconciling import look_at_reconciliation
from wallets.services.records import load_outcomes, load_records, lock_evidence, verify_vpas
from wallets.services.streams import Standing, dead_count, open_group, standing
from wallets.services.uploads import IncomingFile, UnableToCancel, cancel_upload, import_file, receive_upload
from wallets.services.worlds import demo_world, development_world, simulated_records

__all__ = [
    "BulkRows",
    "Consumed",
    "DeadLetter",
    "IncomingFile",
    "Pace",
    "Standing",
    "UnableToCancel",
    "UnableToPublish",
    "UnableToWriteLake",
    "Written",
    "cancel_upload",
    "consume_streams",
    "dead_count",
    "dead_letters",
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
    "open_group",
    "open_upload",
    "parse_upload",
    "publish_evidence",
    "receive_upload",
    "record_rows",
    "replay_dead_letters",
    "reveal_personal_fields",
    "simulated_records",
    "standing",
    "verify_vpas",
    "write_lake",
]
