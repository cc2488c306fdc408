"""The seal of a loan: our fingerprints, what the registry says, and how anybody checks it alone."""

from dataclasses import dataclass, replace

from accounts.models import User
from creditiq.kernel.hashing import digest
from lending.engine.seals import holders_file
from lending.models import AgreementSeal, KeyFactStatement, Loan
from wallets.models import ChainTransaction, TransactionState, Wallet
from wallets.selectors import (
    RegisteredAgreement,
    SealedAgreement,
    agreement_transactions,
    message_to_sign,
    proved_wallets,
    registered_agreement,
)

OVER = (TransactionState.CONFIRMED, TransactionState.FAILED, TransactionState.REPLACED)


@dataclass(frozen=True)
class SealView:
    """`holds`: None while the registry has, or could tell, nothing."""

    loan: Loan
    seal: AgreementSeal | None
    told: RegisteredAgreement
    transactions: tuple[ChainTransaction, ...]
    holds: bool | None
    message: str
    wallets: tuple[Wallet, ...]

    @property
    def reason(self) -> str:
        """In one sentence."""
        if self.holds is None:
            return self.told.trouble
        if self.holds:
            return "The registry holds the fingerprints of exactly these documents."
        return "The registry holds other fingerprints than these documents give."


def sealed_values(loan: Loan) -> dict[str, str] | None:
    """What is fingerprinted, by part; None without accepted key facts."""
    statement = KeyFactStatement.objects.filter(application=loan.application_id, accepted_at__isnull=False).first()
    if statement is None:
        return None
    return {"loan": str(loan.uuid), "kfs": statement.sha256, "agreement": _agreement(loan)}


def _agreement(loan: Loan) -> str:
    """Digest of what is agreed now: the agreement's own, and with a changed schedule that of both."""
    if loan.schedule_version == 1:
        return loan.sha256
    rows = loan.instalments.filter(version=loan.schedule_version).order_by("number")
    schedule = [[row.number, row.due, row.principal, row.interest] for row in rows]
    return digest({"agreement": loan.sha256, "version": loan.schedule_version, "schedule": schedule})


def to_chain(seal: AgreementSeal) -> SealedAgreement:
    """What the registry is given."""
    return SealedAgreement(seal.uuid, seal.reference, seal.kfs, seal.agreement)


def wallets_to_sign_with(user: User) -> tuple[Wallet, ...]:
    """Wallets that the person proved to be theirs with a key."""
    return proved_wallets(user=user)


def seal_view(*, loan: Loan, user: User) -> SealView:
    """The seal of a loan that the person may see, proved now."""
    seal = AgreementSeal.objects.filter(loan=loan).first()
    if seal is None:
        told = RegisteredAgreement(trouble="This agreement has no fingerprint on a chain.")
        return SealView(loan, None, told, (), None, "", ())
    purpose = to_chain(seal).purpose
    told = registered_agreement(purpose=purpose, reference=seal.reference)
    ours = holders_file(seal.salt, sealed_values(loan) or {})["fingerprints"]
    same = ours == {"loan": seal.reference, "kfs": told.kfs, "agreement": told.agreement}
    message = message_to_sign(purpose=purpose, reference=seal.reference, told=told)
    sent = agreement_transactions(purpose=purpose)
    if not same and not told.trouble and any(row.state not in OVER for row in sent):
        told = replace(told, trouble="The newest change is on its way to the chain.")
    mine = wallets_to_sign_with(user) if not told.signed_at else ()
    return SealView(loan, seal, told, sent, None if told.trouble else same, message, mine)


def seal_file(view: SealView) -> dict[str, object]:
    """What the borrower keeps: enough to compute the fingerprints and to find them on the chain, without us."""
    seal = view.seal
    if seal is None:
        return {}
    return holders_file(seal.salt, sealed_values(view.loan) or {}) | {
        "registry": view.told.contract,
        "ask": "agreements(bytes32) of the registry with the loan's fingerprint",
        "transactions": [row.hash for row in view.transactions if row.hash],
    }
