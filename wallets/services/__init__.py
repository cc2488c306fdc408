from wallets.services.attesting import (
    UnableToAttest,
    attest,
    revoke_attestation,
    sealed_credential,
    status_list,
)
from wallets.services.bulk import BulkRows, record_rows
from wallets.services.consuming import Consumed, Pace, consume_streams
from wallets.services.exploring import look_at_business, look_at_records, reveal_personal_fields
from wallets.services.forgetting import forget
from wallets.services.lake import UnableToWriteLake, Written, write_lake
from wallets.services.letters import DeadLetter, dead_letters, replay_dead_letters
from wallets.services.looking import open_upload
from wallets.services.networks import check_endpoints, register_networks, usable_node, usable_source
from wallets.services.onchain import compare_scores, score_each, score_wallets, simulate_score
from wallets.services.ownership import (
    Challenge,
    UnableToProve,
    add_wallet,
    issue_challenge,
    prove_ownership,
    remove_wallet,
)
from wallets.services.publishing import UnableToPublish, publish_evidence
from wallets.services.reading import parse_upload
from wallets.services.reconciling import look_at_reconciliation
from wallets.services.records import load_outcomes, load_records, lock_evidence, verify_vpas
from wallets.services.streams import Standing, dead_count, open_group, standing
from wallets.services.syncing import UnableToSync, ask_sync, sync_wallet
from wallets.services.uploads import IncomingFile, UnableToCancel, cancel_upload, import_file, receive_upload
from wallets.services.wallet_demo import link_demo_wallet
from wallets.services.wallet_files import WalletUpload, import_wallet_file
from wallets.services.worlds import demo_world, development_world, simulated_records

__all__ = [
    "BulkRows",
    "Challenge",
    "Consumed",
    "DeadLetter",
    "IncomingFile",
    "Pace",
    "Standing",
    "UnableToAttest",
    "UnableToCancel",
    "UnableToProve",
    "UnableToPublish",
    "UnableToSync",
    "UnableToWriteLake",
    "WalletUpload",
    "Written",
    "add_wallet",
    "ask_sync",
    "attest",
    "cancel_upload",
    "check_endpoints",
    "compare_scores",
    "consume_streams",
    "dead_count",
    "dead_letters",
    "demo_world",
    "development_world",
    "forget",
    "import_file",
    "import_wallet_file",
    "issue_challenge",
    "link_demo_wallet",
    "load_outcomes",
    "load_records",
    "lock_evidence",
    "look_at_business",
    "look_at_reconciliation",
    "look_at_records",
    "open_group",
    "open_upload",
    "parse_upload",
    "prove_ownership",
    "publish_evidence",
    "receive_upload",
    "record_rows",
    "register_networks",
    "remove_wallet",
    "replay_dead_letters",
    "reveal_personal_fields",
    "revoke_attestation",
    "score_each",
    "score_wallets",
    "sealed_credential",
    "simulate_score",
    "simulated_records",
    "standing",
    "status_list",
    "sync_wallet",
    "usable_node",
    "usable_source",
    "verify_vpas",
    "write_lake",
]
