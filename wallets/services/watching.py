"""From sent to confirmed: what became of our transactions, and what is done when nothing did.

All attempts under one number belong together: whichever gets into a block is the one, the others are replaced. Nothing
is believed before as many blocks are on top as the chain needs.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from django.conf import settings
from django.db import transaction

from accounts import audit
from creditiq.kernel.events import publish
from wallets.chain.port import Block, ChainUnreachable, Receipt
from wallets.chain.signer import SignerUnavailable
from wallets.engine.addresses import keccak
from wallets.engine.outbound import GWEI, Fees, Outbound, is_stuck, raised_fees
from wallets.events import TransactionPrepared, TransactionSettled
from wallets.models import Chain, ChainTransaction, DeployedContract
from wallets.models.outbound import ON_THE_WAY, TRANSACTION_STEPS, WAITING, TransactionState
from wallets.services.sending import Line, broken_cap, fee_cap, hand_in, lines, lock_account, stamp

log = structlog.get_logger()
SEEMS_USED = "Its number seems to be used by a transaction that is not ours; looked at again in a minute."
TOO_CHEAP = ("underpriced", "fee")
"""Words with which a node refuses bytes that more money would help."""
Group = Sequence[ChainTransaction]
"""All attempts under one number of one account, the newest last."""


def watch_transactions(*, at: datetime) -> int:
    """Ask every chain what became of ours; how many were settled. May run twice at once."""
    settled = 0
    for line in lines(ON_THE_WAY, at):
        try:
            settled += _watch(line)
        except (ChainUnreachable, SignerUnavailable) as error:
            log.warning("chain.unreachable", chain=line.chain.key, reason=str(error))
    return settled


def confirmations_needed(chain: Chain) -> int:
    """Blocks on top, the transaction's own included, after which a chain is believed."""
    return int(settings.CHAIN_CONFIRMATIONS.get(chain.key, max(settings.CHAIN_FINALITY_BLOCKS, 1)))


def _watch(line: Line) -> int:
    head = line.node.head()
    buried = max(head.number - confirmations_needed(line.chain) + 1, 0)
    used: dict[str, int] = {}
    settled = 0
    for group in _groups(line.chain):
        account = group[-1].sender
        if account not in used:  # asked before the receipts: a number that was used then has its receipt now
            used[account] = line.node.nonce(account, buried)
        settled += _follow(line, group, head, used[account])
    return settled


def _groups(chain: Chain) -> list[Group]:
    ours = ChainTransaction.objects.filter(chain=chain)
    numbers = ours.filter(state__in=ON_THE_WAY).values_list("sender", "nonce").distinct()
    wanted = set(numbers)
    rows = ours.filter(state__in=(*ON_THE_WAY, TransactionState.REPLACED), nonce__in={nonce for _, nonce in wanted})
    rows = rows.select_related("contract", "chain").order_by("sender", "nonce", "pk")
    grouped = [list(rows) for _, rows in groupby(rows, key=lambda row: (row.sender, row.nonce))]
    return [group for group in grouped if (group[-1].sender, group[-1].nonce) in wanted]


def _follow(line: Line, group: Group, head: Block, used: int) -> int:
    for row in reversed(group):
        receipt = line.node.receipt(row.hash)
        if receipt is not None:
            return _mined(line, row, receipt, head)
    live = next((row for row in group if row.state in ON_THE_WAY), None)
    if live is None:
        return 0
    if live.state == TransactionState.MINED:
        hand_in(line, _reorganised(line, live))
    elif used > (live.nonce or 0):
        _lost(line, live)
    else:
        _push(line, live)
    return 0


def _push(line: Line, live: ChainTransaction) -> None:
    """Pay more for what waits too long; send again what the node has dropped."""
    patience = timedelta(seconds=settings.CHAIN_STUCK_SECONDS)
    underpaid = live.state == TransactionState.SENT or any(word in live.error for word in TOO_CHEAP)
    stuck = underpaid and is_stuck(line.at - (live.signed_at or line.at), patience)
    bumped = replace_transaction(line, live) if stuck else None
    if bumped is not None:
        hand_in(line, bumped)
    elif not line.node.knows(live.hash):
        hand_in(line, live)


def _mined(line: Line, found: ChainTransaction, receipt: Receipt, head: Block) -> int:
    depth = max(head.number - receipt.block_number + 1, 0)
    deep = depth >= confirmations_needed(line.chain)
    if deep and line.node.blocks([receipt.block_number])[0].hash != receipt.block_hash:
        raise ChainUnreachable("the receipt is of a block that is not on the chain")
    code = ""
    if deep and receipt.status == 1 and not found.function:
        code = line.node.code(receipt.contract_address or "")
    with transaction.atomic(durable=True):
        row = _taken(line, found)
        if row is None:
            return 0
        row.block, row.block_hash, row.succeeded = receipt.block_number, receipt.block_hash, receipt.status == 1
        row.gas_used, row.price, row.confirmations = receipt.gas_used, receipt.effective_gas_price, depth
        row.cost_gwei = -(-receipt.gas_used * receipt.effective_gas_price // GWEI)
        row.error = "" if row.succeeded else "It was taken into a block and reverted."
        if deep:
            _settle(line, row, receipt, code)
        row.save()
    return int(deep)


def _taken(line: Line, found: ChainTransaction) -> ChainTransaction | None:
    """The row, locked and in state mined; its rivals under the same number are replaced. None when it is over."""
    rows = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract", "chain")
    rivals = rows.filter(chain=line.chain, sender=found.sender, nonce=found.nonce).order_by("pk")
    row = next(rival for rival in rivals if rival.pk == found.pk)
    if row.state not in {*ON_THE_WAY, TransactionState.REPLACED}:
        return None
    for rival in rivals:
        if rival.pk != row.pk and rival.state in WAITING:
            rival.state = TRANSACTION_STEPS.follow(rival.state, "replace").target
            rival.error = "The chain took another attempt with the same number."
            rival.save(update_fields=["state", "error"])
    if row.state != TransactionState.MINED:
        row.state = TRANSACTION_STEPS.follow(row.state, "mine").target
        row.mined_at = line.at
        audit.record("chain.mined", target=row, at=line.at, payload={"hash": row.hash})
    return row


def _settle(line: Line, row: ChainTransaction, receipt: Receipt, code: str) -> None:
    if row.succeeded and not row.function and code in {"", "0x"}:
        row.succeeded, row.error = False, "There is no code at the address of the contract."
    row.state = TRANSACTION_STEPS.follow(row.state, "confirm" if row.succeeded else "fail").target
    row.settled_at = line.at
    if row.succeeded and not row.function:
        address = receipt.contract_address or ""
        DeployedContract.objects.filter(pk=row.contract_id).update(
            address=address, deployed_at=line.at, runtime_hash=keccak(bytes.fromhex(code[2:])).hex()
        )
        audit.record("contract.deployed", target=row.contract, at=line.at, payload={"address": address})
    facts = {"hash": row.hash, "block": row.block, "cost_gwei": row.cost_gwei}
    outcome = "ok" if row.succeeded else "reverted"
    audit.record(f"chain.{row.state}", target=row, at=line.at, outcome=outcome, payload=facts)
    publish(TransactionSettled(transaction_id=row.pk))


def _reorganised(line: Line, found: ChainTransaction) -> ChainTransaction:
    """Its block is gone: it is sent again, as it was."""
    with transaction.atomic(durable=True):
        rows = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract", "chain")
        row = rows.get(pk=found.pk)
        if row.state == TransactionState.MINED:
            row.state = TRANSACTION_STEPS.follow(row.state, "reorganise").target
            facts = {"block": row.block, "block_hash": row.block_hash}
            audit.record("chain.reorganised", target=row, at=line.at, outcome="warning", payload=facts)
            row.block, row.block_hash, row.succeeded, row.mined_at = None, "", None, None
            row.gas_used, row.price, row.cost_gwei, row.confirmations = None, None, None, 0
            row.signed_at, row.reorganisations = line.at, row.reorganisations + 1
            row.save()
    return row


def _lost(line: Line, found: ChainTransaction) -> None:
    """Somebody else used the number of the account: what was to be done is prepared anew.

    Only when seen twice: of several nodes one may be behind, and know the number but not yet the receipt.
    """
    if found.error != SEEMS_USED:
        ChainTransaction.objects.filter(pk=found.pk, state__in=WAITING).update(error=SEEMS_USED)
        return
    with transaction.atomic(durable=True):
        rows = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract", "chain")
        row = rows.get(pk=found.pk)
        if row.state not in WAITING:
            return
        row.state = TRANSACTION_STEPS.follow(row.state, "replace").target
        row.error = f"Number {row.nonce} was used by a transaction that is not ours; done anew."
        row.save(update_fields=["state", "error"])
        made = _again(line, row)
        made.save(force_insert=True)
        audit.record(
            "chain.number_lost",
            target=row,
            at=line.at,
            outcome="warning",
            payload={"nonce": row.nonce, "by": made.uuid},
        )
        publish(TransactionPrepared(transaction_id=made.pk))


def replace_transaction(line: Line, stuck: ChainTransaction) -> ChainTransaction | None:
    """The same with the same number and at least an eighth more of fees. None when the caps allow no more.

    Raises ChainUnreachable, SignerUnavailable.
    """
    base, tip = line.node.fees()
    with transaction.atomic(durable=True):
        lock_account(line)
        rows = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract", "chain")
        row = rows.get(pk=stuck.pk)
        if row.state not in WAITING or row.gas is None or row.nonce is None or row.sender != line.signer.address:
            return None
        fees = raised_fees(Fees(row.max_fee or 0, row.tip or 0), base, tip, _cap(row, row.gas))
        if fees is None or broken_cap(row, row.gas, fees, line.at):
            if not row.held:
                row.held, row.error = True, "It waits, and paying more would break its cap; two people have to agree."
                row.save(update_fields=["held", "error"])
                audit.record("chain.held", target=row, at=line.at, payload={"max_fee": row.max_fee})
            return None
        made = _again(line, row)
        made.state = TransactionState.SIGNED
        to = row.contract.address if row.function else ""
        stamp(line, made, Outbound(line.chain.eip155_id or 0, row.nonce, fees, row.gas, to, row.data))
        row.state = TRANSACTION_STEPS.follow(row.state, "replace").target
        row.error, row.held = "It waited too long; a better paid one took its place.", False
        row.save(update_fields=["state", "error", "held"])
        made.save()
        facts = {"replaces": row.hash, "hash": made.hash, "max_fee": fees.most}
        audit.record("chain.fee_raised", target=made, at=line.at, payload=facts)
    return made


def _cap(row: ChainTransaction, gas: int) -> int:
    """Most wei per gas for a replacement: what one transaction of the contract may cost bounds it as well."""
    if row.spend_limit is not None:
        return fee_cap(row, gas)
    return min(fee_cap(row, gas), row.contract.spend_cap * GWEI // gas)


def _again(line: Line, row: ChainTransaction) -> ChainTransaction:
    """Another attempt at the same."""
    return ChainTransaction(
        purpose=row.purpose, chain=row.chain, contract=row.contract, function=row.function, arguments=row.arguments,
        arguments_digest=row.arguments_digest, data=row.data, spend_limit=row.spend_limit, asked_by=row.asked_by,
        approved_by=row.approved_by, replaces=row, prepared_at=line.at,
    )  # fmt: skip
