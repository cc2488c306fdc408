"""From prepared to sent: dry run, caps, a number under a row lock, a signature, and bytes stored before they leave.

A process that dies between signing and sending leaves the signed bytes; whoever comes next sends exactly those.
"""

from dataclasses import dataclass
from datetime import datetime, time

import structlog
from django.db import transaction

from accounts import audit
from creditiq.kernel.clock import IST
from wallets.chain.port import CallReverted, ChainNode, ChainUnreachable, TransactionRefused
from wallets.chain.signer import SignerUnavailable, TransactionSigner
from wallets.engine.outbound import GWEI, Fees, Outbound, first_fees, free_nonce, hash_of
from wallets.models import Chain, ChainAccount, ChainTransaction
from wallets.models.outbound import ON_THE_WAY, TRANSACTION_STEPS, TransactionState
from wallets.selectors.nodes import usable_node
from wallets.services.transactions import chains_are_on, estimated, reason_of, sender

log = structlog.get_logger()
NEVER_WAITS = "revoke"
"""Taking back what somebody said is not put off because the day's money is spent; publishing is limited by person."""
KNOWN_ALREADY = ("already known", "already imported", "known transaction", "already exists")


@dataclass(frozen=True)
class Line:
    """To one chain: its node, who signs, and when it is."""

    chain: Chain
    node: ChainNode
    signer: TransactionSigner
    at: datetime


def lines(states: tuple[str, ...], at: datetime) -> list[Line]:
    """A line to every chain on which transactions are in one of the states; those without node or signer wait."""
    signer = sender()
    if signer is None or not chains_are_on():
        return []
    chains = Chain.objects.filter(pk__in=ChainTransaction.objects.filter(state__in=states).values("chain")).order_by(
        "pk"
    )
    found = ((chain, usable_node(chain)) for chain in chains)
    return [Line(chain, node, signer, at) for chain, node in found if node is not None]


def send_transactions(*, at: datetime) -> int:
    """Send what was signed, then sign and send what is prepared; how many were handed in. May run twice at once."""
    handed = 0
    for line in lines((TransactionState.PREPARED, TransactionState.SIGNED), at):
        try:
            handed += _send(line)
        except (ChainUnreachable, SignerUnavailable) as error:
            log.warning("chain.unreachable", chain=line.chain.key, reason=str(error))
    return handed


def _send(line: Line) -> int:
    rows = ChainTransaction.objects.filter(chain=line.chain)
    handed = 0
    for row in rows.filter(state=TransactionState.SIGNED).order_by("nonce"):
        handed += hand_in(line, row)
    waiting = rows.filter(state=TransactionState.PREPARED, held=False).select_related("contract", "chain")
    for row in waiting.order_by("pk"):
        signed = sign_transaction(line, row)
        handed += hand_in(line, signed) if signed is not None else 0
    return handed


def sign_transaction(line: Line, row: ChainTransaction) -> ChainTransaction | None:
    """Give a prepared transaction its number, fees and signature, and store all of it. None when it has to wait.

    Raises ChainUnreachable, SignerUnavailable.
    """
    try:
        gas = estimated(line.node, row.data, row.contract.address if row.function else "", line.signer.address)
    except CallReverted as refusal:
        _refused(line, row, refusal)
        return None
    base, tip = line.node.fees()
    cap = fee_cap(row, gas)
    if base > cap:
        _note(row, f"The network asks {-(-base // GWEI)} gwei per gas; {cap // GWEI} were agreed. Waiting for less.")
        return None
    return _signed(line, row, gas, first_fees(base, tip, cap), line.node.nonce(line.signer.address))


def fee_cap(row: ChainTransaction, gas: int) -> int:
    """Most wei per gas: the contract's cap, or what two people agreed to for this one."""
    return row.contract.fee_cap * GWEI if row.spend_limit is None else row.spend_limit * GWEI // gas


def broken_cap(row: ChainTransaction, gas: int, fees: Fees, at: datetime) -> str:
    """The cap that this would break, in words; empty for none, and when two people agreed to what it may cost.

    Under `lock_account`: the sum of the day is of what others may be signing as well.
    """
    if row.spend_limit is not None:
        return ""
    most = -(-gas * fees.most // GWEI)
    if most > row.contract.spend_cap:
        return "this one's cap"
    midnight = datetime.combine(at.astimezone(IST).date(), time(), IST)
    others = ChainTransaction.objects.filter(contract=row.contract, spend_limit__isnull=True).exclude(pk=row.pk)
    beyond = row.function != NEVER_WAITS and others.spent_since(midnight) + most > row.contract.day_cap
    return "the cap of the day" if beyond else ""


def _hold(line: Line, row: ChainTransaction, most: int, why: str) -> None:
    row.held, row.error = True, f"It may cost {most:,} gwei, more than {why}; two people have to agree."
    row.save(update_fields=["held", "error"])
    audit.record("chain.held", target=row, at=line.at, payload={"most_gwei": most})


def _signed(line: Line, row: ChainTransaction, gas: int, fees: Fees, on_chain: int) -> ChainTransaction | None:
    signer = line.signer
    with transaction.atomic(durable=True):
        lock_account(line)
        found = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract")
        locked = found.filter(pk=row.pk, state=TransactionState.PREPARED, held=False).first()
        if locked is None:
            return None
        if why := broken_cap(locked, gas, fees, line.at):
            _hold(line, locked, -(-gas * fees.most // GWEI), why)
            return None
        taken = ChainTransaction.objects.holding_nonces(line.chain, signer.address).filter(nonce__gte=on_chain)
        nonce = free_nonce(on_chain, [row.nonce for row in taken if row.nonce is not None])
        stamp(line, locked, Outbound(
            line.chain.eip155_id or 0, nonce, fees, gas, locked.contract.address if locked.function else "", locked.data
        ))  # fmt: skip
        locked.state = TRANSACTION_STEPS.follow(locked.state, "sign").target
        locked.save()
        facts = {"hash": locked.hash, "nonce": nonce, "most_gwei": locked.most_gwei}
        audit.record("chain.signed", target=locked, at=line.at, payload=facts)
    return locked


def lock_account(line: Line) -> None:
    """Hold the sending account of a chain until the transaction ends: one number, one transaction."""
    account, _ = ChainAccount.objects.get_or_create(chain=line.chain, address=line.signer.address)
    ChainAccount.objects.select_for_update().get(pk=account.pk)


def stamp(line: Line, row: ChainTransaction, outbound: Outbound) -> None:
    """Sign, and write number, fees, bytes and their name onto the row."""
    row.raw = line.signer.sign_transaction(outbound)
    row.hash, row.sender, row.nonce = hash_of(row.raw), line.signer.address, outbound.nonce
    row.gas, row.max_fee, row.tip = outbound.gas, outbound.fees.most, outbound.fees.tip
    row.signed_at, row.error = line.at, ""


def hand_in(line: Line, row: ChainTransaction) -> bool:
    """Give the stored bytes to the node; whether it has them now. What the node says otherwise is kept on the row."""
    try:
        line.node.send_raw(row.raw)
    except TransactionRefused as refusal:
        said = str(refusal)
        if not any(words in said.lower() for words in KNOWN_ALREADY):
            _note(row, f"The node does not take it: {said}")
            return False
    with transaction.atomic(durable=True):
        locked = ChainTransaction.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.state not in {TransactionState.SIGNED, TransactionState.SENT}:
            return False
        if locked.state == TransactionState.SIGNED:
            locked.state = TRANSACTION_STEPS.follow(locked.state, "send").target
            locked.sent_at = line.at
            audit.record("chain.sent", target=locked, at=line.at, payload={"hash": locked.hash})
        locked.sends, locked.error = locked.sends + 1, ""
        locked.save(update_fields=["state", "sent_at", "sends", "error"])
    return True


def _refused(line: Line, row: ChainTransaction, refusal: CallReverted) -> None:
    """Fail it, unless an earlier one that is not in a block yet may be what it stands on."""
    earlier = ChainTransaction.objects.filter(contract=row.contract, pk__lt=row.pk)
    if earlier.filter(state__in=(TransactionState.PREPARED, *ON_THE_WAY)).exists():
        return
    with transaction.atomic(durable=True):
        locked = ChainTransaction.objects.select_for_update(of=("self",)).get(pk=row.pk)
        if locked.state != TransactionState.PREPARED:
            return
        locked.state = TRANSACTION_STEPS.follow(locked.state, "refuse").target
        locked.error, locked.settled_at = reason_of(refusal)[:300], line.at
        locked.save(update_fields=["state", "error", "settled_at"])
        audit.record("chain.refused", target=locked, at=line.at, outcome="refused", payload={"why": locked.error})


def _note(row: ChainTransaction, words: str) -> None:
    ChainTransaction.objects.filter(pk=row.pk).update(error=words[:300])
