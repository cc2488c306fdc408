"""The audit trail's checkpoints, many under one root, written to a contract in one transaction."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import AuditCheckpoint
from creditiq.kernel import locks
from creditiq.kernel.hashing import merkle_root
from wallets.chain.artefacts import AUDIT_ANCHOR
from wallets.models import Anchor, AnchoredCheckpoint, ChainTransaction, DeployedContract, TransactionState
from wallets.services.transactions import Order, contract_in_use, prepare

MOST_LEAVES = 100_000
NOTHING = "0" * 64


def anchor_audit_root(*, at: datetime) -> Anchor | None:
    """Put every checkpoint that no contract knows yet under one root, and prepare its transaction.

    None without a contract, without news, or while the batch before is on its way: the contract takes them in order.
    A batch whose transaction failed is prepared again as it is.
    """
    contract = contract_in_use(AUDIT_ANCHOR)
    if contract is None:
        return None
    with transaction.atomic(durable=True):
        locks.hold("wallets.anchor", contract.pk)
        last = Anchor.objects.filter(contract=contract).order_by("-batch").first()
        if last is not None and _waits(last):
            prepare(anchoring(last), at=at)
            return None
        return _next(contract, last, at)


def anchoring(anchor: Anchor) -> Order:
    """What writes a batch: anchor(batchId, merkleRoot, count, firstSeq, lastSeq, prevRoot)."""
    arguments = (anchor.batch, f"0x{anchor.root}", anchor.count, anchor.first, anchor.last, f"0x{anchor.previous}")
    return Order(anchor.contract, anchor.purpose, "anchor", arguments)


def _waits(anchor: Anchor) -> bool:
    rows = ChainTransaction.objects.filter(chain=anchor.contract.chain, purpose=anchor.purpose)
    return not rows.filter(state=TransactionState.CONFIRMED).exists()


def _next(contract: DeployedContract, last: Anchor | None, at: datetime) -> Anchor | None:
    fresh = AuditCheckpoint.objects.filter(anchored__isnull=True).order_by("pk")[:MOST_LEAVES]
    checkpoints = list(fresh.values_list("pk", "hash"))
    if not checkpoints:
        return None
    first = (last.last if last else 0) + 1
    made = Anchor.objects.create(
        contract=contract, batch=last.batch + 1 if last else 0,
        root=merkle_root([bytes.fromhex(each) for _, each in checkpoints]), first=first,
        last=first + len(checkpoints) - 1, previous=last.root if last else NOTHING, made_at=at,
    )  # fmt: skip
    AnchoredCheckpoint.objects.bulk_create(
        AnchoredCheckpoint(anchor=made, number=first + place, checkpoint_id=key)
        for place, (key, _) in enumerate(checkpoints)
    )
    prepare(anchoring(made), at=at)
    audit.record("audit.anchored", target=made, at=at, payload={"batch": made.batch, "root": made.root})
    return made
