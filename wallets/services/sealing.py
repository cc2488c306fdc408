"""Fingerprints of loan agreements on the agreement registry: salted hashes, and the borrower's own signature.

Whoever lends gives the hashes; this room knows no loan.
"""

from collections.abc import Sequence
from datetime import datetime

from creditiq.kernel.errors import ApplicationError, InvalidInput
from wallets.chain.artefacts import AGREEMENTS
from wallets.engine.addresses import ZERO
from wallets.engine.calls import Argument
from wallets.models import ChainTransaction, TransactionState
from wallets.selectors.agreements import SealedAgreement
from wallets.services.transactions import Order, contract_in_use, prepare

MOST_INVITATIONS = 5
"""Of one agreement: the house pays the gas of each."""
HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0


class UnableToSeal(ApplicationError):
    """The agreement cannot be put on the registry."""

    code = "unable_to_seal"


def may_seal() -> bool:
    """Whether a registry is deployed and chains are on."""
    return contract_in_use(AGREEMENTS) is not None


def write_sealed(sealed: SealedAgreement, *, at: datetime) -> ChainTransaction | None:
    """Register the hashes, in the caller's transaction. None while no registry is deployed or chains are off.

    The borrower is left empty: an account beside a loan is public for ever, so it takes `invite_borrower`.
    """
    contract = contract_in_use(AGREEMENTS)
    if contract is None:
        return None
    if (standing := ChainTransaction.objects.for_purpose(sealed.purpose).first()) is not None:
        return standing
    arguments = (f"0x{sealed.reference}", f"0x{sealed.kfs}", f"0x{sealed.agreement}", ZERO)
    return prepare(Order(contract, sealed.purpose, "register", arguments), at=at)


def amend_sealed(sealed: SealedAgreement, *, version: int, at: datetime) -> ChainTransaction:
    """New hashes of a registered agreement; a co-signature has to be given again. Raises UnableToSeal."""
    arguments = (f"0x{sealed.reference}", f"0x{sealed.kfs}", f"0x{sealed.agreement}")
    return _follow(sealed, f"amend.{version}", "amend", arguments, at)


def close_sealed(sealed: SealedAgreement, *, at: datetime) -> ChainTransaction:
    """The loan is over. Raises UnableToSeal."""
    return _follow(sealed, "close", "close", (f"0x{sealed.reference}",), at)


def invite_borrower(sealed: SealedAgreement, *, address: str, at: datetime) -> ChainTransaction:
    """Name the account that co-signs; the caller has its owner's consent and holds the agreement.

    The account that is named already gives the transaction that named it; one named before, and another since, is
    named again. Raises UnableToSeal.
    """
    sent = _invitations(sealed)
    if (standing := _standing(sent)) is not None and standing.arguments[-1] == address:
        return standing
    number = len({row.purpose for row in sent}) + 1
    if number > MOST_INVITATIONS:
        raise UnableToSeal(f"Wallets were named {MOST_INVITATIONS} times for this agreement; the last one stands.")
    return _follow(sealed, f"invite.{number}.{address}", "invite", (f"0x{sealed.reference}", address), at)


def is_invited(sealed: SealedAgreement, *, address: str) -> bool:
    """Whether this account is the one that was named last."""
    standing = _standing(_invitations(sealed))
    return standing is not None and standing.arguments[-1] == address


def _invitations(sealed: SealedAgreement) -> list[ChainTransaction]:
    return list(ChainTransaction.objects.filter(purpose__startswith=f"{sealed.purpose}:invite."))


def _standing(sent: Sequence[ChainTransaction]) -> ChainTransaction | None:
    """The last that may still name somebody: by its number, as an earlier one may have been sent again later."""
    kept = [row for row in sent if row.state not in {TransactionState.FAILED, TransactionState.REPLACED}]
    return max(kept, key=_number, default=None)


def _number(row: ChainTransaction) -> int:
    """Of an invitation, from its purpose; 0 when it was sent before they were numbered."""
    first, _, rest = row.purpose.rpartition(":invite.")[2].partition(".")
    return int(first) if rest else 0


def send_co_signature(sealed: SealedAgreement, *, signature: str, at: datetime) -> ChainTransaction:
    """Bring the borrower's EIP-712 signature. Raises InvalidInput for what is none, UnableToSeal."""
    digits = signature.strip().removeprefix("0x").lower()
    if len(digits) != 130 or set(digits) - set("0123456789abcdef"):
        said = "A signature is 0x followed by 130 hexadecimal digits."
        raise InvalidInput(said, field="signature", rule="agreement.signature")
    r, s, v = digits[:64], digits[64:128], int(digits[128:], 16)
    v += 27 if v < 27 else 0
    if v not in {27, 28} or int(s, 16) > HALF_ORDER:
        said = "This signature has no canonical form; sign again with another wallet."
        raise InvalidInput(said, field="signature", rule="agreement.signature")
    arguments = (f"0x{sealed.reference}", v, f"0x{r}", f"0x{s}")
    return _follow(sealed, f"co-sign.{digits[:16]}", "co_sign", arguments, at)


def _follow(
    sealed: SealedAgreement, step: str, function: str, arguments: tuple[Argument, ...], at: datetime
) -> ChainTransaction:
    """The next step on the contract that has the agreement."""
    first = ChainTransaction.objects.for_purpose(sealed.purpose).select_related("contract__chain").first()
    if first is None or not first.contract.address:
        raise UnableToSeal("This agreement is not on a chain.")
    return prepare(Order(first.contract, f"{sealed.purpose}:{step}", function, arguments), at=at)
