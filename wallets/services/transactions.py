"""Transactions of the house: written down before they are sent, agreed by two people when they are dear."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Flag, FlagName, User
from accounts.permissions import Capability, require
from accounts.services import Approved, approvable, request_approval
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import digest
from wallets.chain.artefacts import artefact
from wallets.chain.port import Call, CallReverted, ChainNode, ChainUnreachable
from wallets.chain.signer import TransactionSigner, sender_of
from wallets.engine.calls import Argument, UnfitArgument, is_readable
from wallets.engine.outbound import GWEI, first_fees
from wallets.events import TransactionPrepared
from wallets.models import ChainTransaction, DeployedContract
from wallets.models.outbound import OPEN, TransactionState
from wallets.selectors.nodes import usable_node

MARGIN = (12, 10)
"""Gas allowed above what the dry run took."""
MOST_SPENDING = 10**18
"""Gwei: a typing error above a billion coins."""


class UnableToTransact(ApplicationError):
    """The house cannot send this."""

    code = "unable_to_transact"


@dataclass(frozen=True)
class Order:
    """What is to be done: a function of a contract with its arguments (no function: create it), once per purpose."""

    contract: DeployedContract
    purpose: str
    function: str = ""
    arguments: tuple[Argument, ...] = ()

    @property
    def data(self) -> str:
        """What goes onto the chain. Raises UnfitArgument."""
        code = artefact(self.contract.name)
        return code.functions[self.function].data(self.arguments) if self.function else code.bytecode


@dataclass(frozen=True)
class Agreement:
    """Two people agreed; up to `spend_limit` gwei when that is set."""

    maker: User
    checker: User
    spend_limit: int | None = None


@dataclass(frozen=True)
class DryRun:
    """What sending would take: gas with its margin, the most it may cost in gwei; `refused` when it would revert."""

    gas: int
    base_fee: int
    most_gwei: int
    refused: str


def chains_are_on() -> bool:
    """Whether ENABLE_BLOCKCHAIN stands on."""
    return Flag.objects.is_on(FlagName.BLOCKCHAIN)


def sender() -> TransactionSigner | None:
    """Who signs for the house; None when the settings name nobody."""
    return sender_of(settings.CHAIN_SENDER_KEY, settings.CHAIN_SIGNER_URL, settings.CHAIN_SIGNER_ADDRESS)


def contract_in_use(name: str) -> DeployedContract | None:
    """The newest deployed version; None while there is none, or chains are off."""
    if not chains_are_on():
        return None
    rows = DeployedContract.objects.filter(name=name).exclude(address="").select_related("chain")
    return rows.order_by("-deployed_at", "-pk").first()


def prepare(order: Order, *, at: datetime, agreed: Agreement | None = None) -> ChainTransaction:
    """Write a transaction down, in the caller's transaction; the same purpose again gives the row that is there.

    Raises UnableToTransact while chains are off.
    """
    if not chains_are_on():
        raise UnableToTransact("Chains are switched off here (ENABLE_BLOCKCHAIN).")
    chain = order.contract.chain
    rows = ChainTransaction.objects.for_purpose(order.purpose).filter(chain=chain)
    if (made := rows.first()) is not None:
        return made
    arguments = list(order.arguments)
    row = ChainTransaction(
        purpose=order.purpose, chain=chain, contract=order.contract, function=order.function, arguments=arguments,
        arguments_digest=digest([order.contract.code_hash, order.function, arguments]), data=order.data,
        prepared_at=at, asked_by=agreed.maker if agreed else None, approved_by=agreed.checker if agreed else None,
        spend_limit=agreed.spend_limit if agreed else None,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return rows.get()
    facts = {"contract": order.contract.uuid, "function": order.function, "arguments": row.arguments_digest}
    audit.record("chain.prepared", target=row, at=at, by=agreed.checker if agreed else None, payload=facts)
    publish(TransactionPrepared(transaction_id=row.pk))
    return row


def dry_run(order: Order) -> DryRun:
    """Ask the node what sending would take; nothing is sent. Raises UnableToTransact without node or signer."""
    node, signer = usable_node(order.contract.chain), sender()
    if node is None:
        raise UnableToTransact(f"No healthy node is configured for {order.contract.chain}; see Networks.")
    if signer is None:
        raise UnableToTransact("Nobody signs here; ask the operator to set CHAIN_SENDER_KEY or CHAIN_SIGNER_URL.")
    base = tip = 0
    try:
        base, tip = node.fees()
        gas = estimated(node, order.data, order.contract.address, signer.address)
    except CallReverted as refusal:
        return DryRun(0, base, 0, reason_of(refusal))
    except ChainUnreachable as error:
        raise UnableToTransact(f"The node of {order.contract.chain} does not answer.") from error
    fees = first_fees(base, tip, order.contract.fee_cap * GWEI)
    return DryRun(gas, base, -(-gas * fees.most // GWEI), "")


def estimated(node: ChainNode, data: str, to: str, by: str) -> int:
    """Gas with its margin. Raises CallReverted, ChainUnreachable."""
    up, down = MARGIN
    return node.estimate(Call(data, to or None, by)) * up // down


def reason_of(refusal: CallReverted) -> str:
    """The words of a refusal: Error(string) after its selector, else what can be said."""
    content = bytes.fromhex(refusal.data.removeprefix("0x"))
    words = content[4 + 64 :].strip(b"\0").decode("ascii", "ignore") if content[:4].hex() == "08c379a0" else ""
    return f"The contract refuses: {words}." if words else "The contract refuses, without a reason."


def propose_call(
    *, contract_id: UUID, function: str, arguments: Sequence[Argument], reason: str, by: User, at: datetime
) -> UUID:
    """Ask a second person to agree to one call of our own contract; the id of the request.

    Raises NotVisible, InvalidInput, UnableToTransact (also when the dry run says that it would revert).
    """
    require(by, Capability.RUN_CHAIN)
    contract = DeployedContract.objects.select_related("chain").filter(uuid=contract_id).exclude(address="").first()
    if contract is None:
        raise NotVisible
    found = dry_run(_checked(Order(contract, "dry run", function, tuple(arguments))))
    if found.refused:
        raise UnableToTransact(found.refused)
    payload = {
        "contract": str(contract.uuid), "name": contract.name, "chain": contract.chain.caip2, "function": function,
        "arguments": list(arguments), "most_gwei": found.most_gwei,
    }  # fmt: skip
    summary = f"Send {contract.name}.{function} on {contract.chain}"
    return request_approval(action="chain.send", payload=payload, summary=summary, by=by, at=at, reason=reason).uuid


def _checked(order: Order) -> Order:
    known = artefact(order.contract.name).functions.get(order.function)
    if known is None or known.view:
        raise InvalidInput(
            "Name a function of this contract that changes something.", field="function", rule="chain.function"
        )
    try:
        known.data(order.arguments)
    except UnfitArgument as error:
        raise InvalidInput(str(error), field="arguments", rule="chain.arguments") from error
    for (name, kind), value in zip(known.inputs, order.arguments, strict=True):
        if kind == "bytes32" and is_readable(str(value)):
            said = f"{name} is readable text, not a hash: nothing but hashes goes onto a chain."
            raise InvalidInput(said, field="arguments", rule="chain.plain_text")
    return order


@approvable("chain.send", title="Send a transaction", maker=Capability.RUN_CHAIN, checker=Capability.AGREE_TO_CHAIN)
def send_approved_call(approved: Approved) -> ChainTransaction:
    """Payload: `contract`, `function`, `arguments` and `most_gwei`, the most it may cost."""
    asked: Mapping[str, object] = approved.payload
    contract = DeployedContract.objects.select_related("chain").get(uuid=UUID(str(asked["contract"])))
    given = asked["arguments"]
    arguments = tuple(one for one in given if isinstance(one, int | str)) if isinstance(given, list) else ()
    order = _checked(Order(contract, f"approved:{approved.approval_id}", str(asked["function"]), arguments))
    limit = 2 * int(str(asked["most_gwei"]))
    return prepare(order, at=approved.at, agreed=Agreement(approved.maker, approved.checker, limit))


def propose_spending(*, transaction_id: UUID, gwei: int, reason: str, by: User, at: datetime) -> UUID:
    """Ask a second person to let one transaction cost up to so much. Raises NotVisible, InvalidInput."""
    require(by, Capability.RUN_CHAIN)
    row = ChainTransaction.objects.select_related("contract", "chain").filter(uuid=transaction_id).first()
    if row is None:
        raise NotVisible
    if row.state not in OPEN or row.state == TransactionState.MINED:
        raise UnableToTransact("This transaction needs no more; it is in a block already, or over.")
    if not row.most_gwei < gwei <= MOST_SPENDING:
        raise InvalidInput(f"Name more than {row.most_gwei} gwei.", field="gwei", rule="chain.spending")
    payload = {"transaction": str(row.uuid), "arguments_digest": row.arguments_digest, "most_gwei": gwei}
    summary = f"Let {row.title} on {row.chain} cost up to {gwei:,} gwei"
    return request_approval(action="chain.spend", payload=payload, summary=summary, by=by, at=at, reason=reason).uuid


@approvable(
    "chain.spend", title="Pay more for a transaction", maker=Capability.RUN_CHAIN, checker=Capability.AGREE_TO_CHAIN
)
def spend_approved(approved: Approved) -> ChainTransaction:
    """Payload: `transaction`, `arguments_digest`, `most_gwei`."""
    if not chains_are_on():
        raise UnableToTransact("Chains are switched off here (ENABLE_BLOCKCHAIN).")
    rows = ChainTransaction.objects.select_for_update(of=("self",)).select_related("contract", "chain")
    row = rows.get(uuid=UUID(str(approved.payload["transaction"])))
    if row.state not in OPEN or row.arguments_digest != approved.payload["arguments_digest"]:
        raise UnableToTransact("This transaction is over, or another one now.")
    row.spend_limit, row.held, row.error = int(str(approved.payload["most_gwei"])), False, ""
    row.asked_by, row.approved_by = approved.maker, approved.checker
    row.save(update_fields=["spend_limit", "held", "error", "asked_by", "approved_by"])
    facts = {"most_gwei": row.spend_limit, "maker": approved.maker.uuid}
    audit.record("chain.spending_agreed", target=row, at=approved.at, by=approved.checker, payload=facts)
    publish(TransactionPrepared(transaction_id=row.pk))
    return row
