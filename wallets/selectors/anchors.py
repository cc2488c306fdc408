"""Anchors of the audit trail: what the contract says, what our rows say, and whether both are the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import AuditCheckpoint, Flag, FlagName
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.hashing import chain_hash, merkle_proof, merkle_root
from wallets.chain.artefacts import AUDIT_ANCHOR, artefact
from wallets.chain.port import Call, CallReverted, ChainUnreachable
from wallets.engine.calls import UnfitArgument
from wallets.models import Anchor, AnchoredCheckpoint, ChainTransaction, TransactionState
from wallets.selectors.nodes import usable_node

SEEN = (TransactionState.MINED, TransactionState.CONFIRMED)


@dataclass(frozen=True)
class OnContract:
    """A batch as the contract has it; `trouble` when it could not be read."""

    root: str = ""
    first: int = 0
    last: int = 0
    trouble: str = ""


@dataclass(frozen=True)
class AnchorView:
    """One anchor: as stored, as computed anew from the checkpoints, and as the contract has it.

    `holds` is True when all three roots are the same, False when they differ, None when the contract could not be read.
    """

    anchor: Anchor
    transaction: ChainTransaction | None
    computed: str
    changed: tuple[int, ...]
    on_chain: OnContract
    holds: bool | None

    @property
    def reason(self) -> str:
        """In one sentence."""
        if self.holds is None:
            return self.on_chain.trouble
        if self.holds:
            return "The root on the contract is the root of our checkpoints."
        if self.changed:
            return f"Checkpoints were changed after they were anchored: no. {', '.join(map(str, self.changed))}."
        return "The contract has another root than our checkpoints give."


def anchors() -> QuerySet[Anchor]:
    """All, newest first."""
    return Anchor.objects.select_related("contract__chain").order_by("-made_at", "-pk")


def transactions_of(shown: list[Anchor]) -> dict[str, ChainTransaction]:
    """The newest attempt of each, by purpose."""
    rows = ChainTransaction.objects.filter(purpose__in=[anchor.purpose for anchor in shown]).order_by("pk")
    return {row.purpose: row for row in rows}


def anchor_view(*, anchor_id: UUID) -> AnchorView:
    """One anchor, proved now. Raises NotVisible."""
    found = anchors().filter(uuid=anchor_id).first()
    if found is None:
        raise NotVisible
    return _proved(found)


def verify_anchors() -> Iterator[AnchorView]:
    """Every anchor, proved now, the oldest first."""
    for anchor in anchors().order_by("contract", "batch"):
        yield _proved(anchor)


def _proved(anchor: Anchor) -> AnchorView:
    leaves = list(anchor.leaves.select_related("checkpoint__organisation").order_by("number"))
    now = [chain_hash(leaf.checkpoint.previous_hash, leaf.checkpoint.stamped) for leaf in leaves]
    changed = tuple(leaf.number for leaf, found in zip(leaves, now, strict=True) if found != leaf.checkpoint.hash)
    computed = merkle_root([bytes.fromhex(found) for found in now])
    on_chain = _read(anchor)
    holds = None if on_chain.trouble else computed == anchor.root == on_chain.root
    return AnchorView(anchor, transactions_of([anchor]).get(anchor.purpose), computed, changed, on_chain, holds)


def _read(anchor: Anchor) -> OnContract:
    chain = anchor.contract.chain
    node = usable_node(chain)
    if node is None:
        return OnContract(trouble=f"No node of {chain} can be asked now, so the contract is not read.")
    ask = artefact(AUDIT_ANCHOR).functions["batch"]
    try:
        answer = node.call(Call(ask.data([anchor.batch]), anchor.contract.address))
        root, _, first, last, written = ask.read(answer)
    except (ChainUnreachable, CallReverted, UnfitArgument):
        return OnContract(trouble=f"The node of {chain} does not answer; ask again.")
    if not written:
        return OnContract(trouble="The contract does not have this batch yet.")
    return OnContract(str(root).removeprefix("0x"), int(first), int(last))


def witness_of_checkpoint(checkpoint: AuditCheckpoint) -> dict[str, object] | None:
    """Where the root over a checkpoint stands outside this database, and the path to it; None for nowhere (yet)."""
    if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        return None
    leaf = AnchoredCheckpoint.objects.select_related("anchor__contract__chain").filter(checkpoint=checkpoint).first()
    if leaf is None:
        return None
    anchor = leaf.anchor
    rows = ChainTransaction.objects.filter(purpose=anchor.purpose, chain=anchor.contract.chain, state__in=SEEN)
    sent = rows.first()
    if sent is None:
        return None
    hashes = anchor.leaves.order_by("number").values_list("checkpoint__hash", flat=True)
    place = leaf.number - anchor.first
    path = merkle_proof([bytes.fromhex(text) for text in hashes], place)
    return {
        "contract": f"{anchor.contract.chain.caip2}:{anchor.contract.address}", "batch": anchor.batch,
        "merkle_root": anchor.root, "place": place, "size": anchor.count, "path": list(path), "transaction": sent.hash,
        "block": sent.block,
    }  # fmt: skip
