from wallets.selectors.nodes import usable_node
from wallets.services.anchoring import anchor_audit_root
from wallets.services.attesting import (
    CONSENT,
    UnableToAttest,
    attest,
    publish_attestation,
    publish_attestation_roots,
    registry_is_there,
    revoke_attestation,
    sealed_credential,
    status_list,
)
from wallets.services.bulk import BulkRows, record_rows
from wallets.services.connecting import SourceSignIn, confirm_otp, connect_source, end_connection, return_from_consent
from wallets.services.consuming import Consumed, Pace, consume_streams
from wallets.services.contracts import (
    Caps,
    deploy_approved_contract,
    propose_deployment,
    record_audit,
    register_contract,
    rehearse_deployment,
)
from wallets.services.exploring import look_at_business, look_at_records, reveal_personal_fields
from wallets.services.fetching import ask_fetch, fetch_source, fetch_source_as_job, move_sources, stop_fetch
from wallets.services.forgetting import forget
from wallets.services.giving_up import give_up_readings
from wallets.services.lake import UnableToWriteLake, Written, write_lake
from wallets.services.letters import DeadLetter, dead_letters, replay_dead_letters
from wallets.services.looking import open_refusals, open_upload
from wallets.services.networks import check_endpoints, register_networks, usable_source
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
from wallets.services.reading import parse_upload, read_upload_as_job
from wallets.services.reconciling import look_at_reconciliation
from wallets.services.records import load_outcomes, load_records, lock_evidence, verify_vpas
from wallets.services.risks import look_over_wallet, look_over_wallets, plan_looking_over, take_risk_list
from wallets.services.sealing import (
    UnableToSeal,
    amend_sealed,
    close_sealed,
    invite_borrower,
    is_invited,
    may_seal,
    send_co_signature,
    write_sealed,
)
from wallets.services.sending import send_transactions
from wallets.services.sharing import UnableToShare, share_score, take_share_back
from wallets.services.source_lines import UnableToConnect
from wallets.services.streams import Standing, dead_count, open_group, standing
from wallets.services.syncing import UnableToSync, ask_sync, sync_wallet
from wallets.services.transactions import (
    UnableToTransact,
    chains_are_on,
    propose_call,
    propose_spending,
    send_approved_call,
    spend_approved,
)
from wallets.services.uploads import IncomingFile, UnableToCancel, cancel_upload, import_file, receive_upload
from wallets.services.wallet_demo import link_demo_wallet, link_sandbox_wallets
from wallets.services.wallet_files import WalletUpload, import_wallet_file
from wallets.services.watching import watch_transactions
from wallets.services.worlds import JudgedWorld, demo_world, development_world, judged_world, simulated_records

__all__ = [
    "CONSENT",
    "BulkRows",
    "Caps",
    "Challenge",
    "Consumed",
    "DeadLetter",
    "IncomingFile",
    "JudgedWorld",
    "Pace",
    "SourceSignIn",
    "Standing",
    "UnableToAttest",
    "UnableToCancel",
    "UnableToConnect",
    "UnableToProve",
    "UnableToPublish",
    "UnableToSeal",
    "UnableToShare",
    "UnableToSync",
    "UnableToTransact",
    "UnableToWriteLake",
    "WalletUpload",
    "Written",
    "add_wallet",
    "amend_sealed",
    "anchor_audit_root",
    "ask_fetch",
    "ask_sync",
    "attest",
    "cancel_upload",
    "chains_are_on",
    "check_endpoints",
    "close_sealed",
    "compare_scores",
    "confirm_otp",
    "connect_source",
    "consume_streams",
    "dead_count",
    "dead_letters",
    "demo_world",
    "deploy_approved_contract",
    "development_world",
    "end_connection",
    "fetch_source",
    "fetch_source_as_job",
    "forget",
    "give_up_readings",
    "import_file",
    "import_wallet_file",
    "invite_borrower",
    "is_invited",
    "issue_challenge",
    "judged_world",
    "link_demo_wallet",
    "link_sandbox_wallets",
    "load_outcomes",
    "load_records",
    "lock_evidence",
    "look_at_business",
    "look_at_reconciliation",
    "look_at_records",
    "look_over_wallet",
    "look_over_wallets",
    "may_seal",
    "move_sources",
    "open_group",
    "open_refusals",
    "open_upload",
    "parse_upload",
    "plan_looking_over",
    "propose_call",
    "propose_deployment",
    "propose_spending",
    "prove_ownership",
    "publish_attestation",
    "publish_attestation_roots",
    "publish_evidence",
    "read_upload_as_job",
    "receive_upload",
    "record_audit",
    "record_rows",
    "register_contract",
    "register_networks",
    "registry_is_there",
    "rehearse_deployment",
    "remove_wallet",
    "replay_dead_letters",
    "return_from_consent",
    "reveal_personal_fields",
    "revoke_attestation",
    "score_each",
    "score_wallets",
    "sealed_credential",
    "send_approved_call",
    "send_co_signature",
    "send_transactions",
    "share_score",
    "simulate_score",
    "simulated_records",
    "spend_approved",
    "standing",
    "status_list",
    "stop_fetch",
    "sync_wallet",
    "take_risk_list",
    "take_share_back",
    "usable_node",
    "usable_source",
    "verify_vpas",
    "watch_transactions",
    "write_lake",
    "write_sealed",
]
