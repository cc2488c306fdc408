"""Agreements on the registry: registered when the money is paid, amended with the schedule, closed with the loan."""

import secrets
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.seals import fingerprints
from lending.models import AgreementSeal, Loan, LoanState
from lending.selectors.loan_acts import visible_loan
from lending.selectors.seals import sealed_values, to_chain, wallets_to_sign_with
from wallets import services as wallets

CONSENT = "I want to co-sign this agreement with my wallet {address}. On the chain it stays beside the fingerprint."


def seal_agreement(*, loan_id: int, at: datetime) -> AgreementSeal | None:
    """Let the registry follow a loan: register, amend, close, whatever is due. May run twice.

    None for a loan without accepted key facts, and while no registry is deployed or chains are off.
    """
    if not wallets.chains_are_on():
        return None
    with transaction.atomic(durable=True):
        loans = Loan.objects.select_for_update(of=("self",)).select_related("application__statement")
        loan = loans.get(pk=loan_id)
        seal = AgreementSeal.objects.filter(loan=loan).first() or _first(loan, at)
        if seal is None or wallets.write_sealed(to_chain(seal), at=at) is None:
            return None
        if loan.schedule_version > seal.version:
            _amend(seal, loan, at)
        if loan.state == LoanState.CLOSED and not seal.closing:
            seal.closing = True
            seal.save(update_fields=["closing"])
            wallets.close_sealed(to_chain(seal), at=at)
    return seal


def seal_agreements(*, at: datetime) -> int:
    """Every night: what happened to loans while no registry was there, or chains were off. Returns how many."""
    behind = Q(seal__isnull=True) | Q(schedule_version__gt=F("seal__version"))
    behind |= Q(state=LoanState.CLOSED, seal__closing=False)
    left = Loan.objects.filter(behind, application__statement__accepted_at__isnull=False)
    keys = list(left.order_by("pk").values_list("pk", flat=True)[:500])
    return sum(seal_agreement(loan_id=key, at=at) is not None for key in keys)


def _first(loan: Loan, at: datetime) -> AgreementSeal | None:
    values = sealed_values(loan)
    if values is None:
        return None
    salt = secrets.token_hex(32)
    made = fingerprints(salt, **values)
    seal = AgreementSeal(
        loan=loan, salt=salt, reference=made.reference, kfs=made.kfs, agreement=made.agreement,
        version=loan.schedule_version, made_at=at,
    )  # fmt: skip
    if not wallets.may_seal():
        return None
    seal.save(force_insert=True)
    facts = {"reference": seal.reference, "agreement": seal.agreement}
    audit.record("agreement.sealed", target=loan, at=at, organisation=loan.organisation, payload=facts)
    return seal


def _amend(seal: AgreementSeal, loan: Loan, at: datetime) -> None:
    values = sealed_values(loan)
    if values is None:
        return
    seal.agreement, seal.version = fingerprints(seal.salt, **values).agreement, loan.schedule_version
    seal.save(update_fields=["agreement", "version"])
    wallets.amend_sealed(to_chain(seal), version=seal.version, at=at)
    facts = {"reference": seal.reference, "agreement": seal.agreement, "version": seal.version}
    audit.record("agreement.amended", target=loan, at=at, organisation=loan.organisation, payload=facts)


def offer_co_signature(*, loan_id: UUID, wallet: str, consent: bool, by: User, at: datetime) -> AgreementSeal:
    """Name one's own proved wallet as the one that co-signs, by explicit consent. Raises NotVisible, InvalidInput.

    Naming the one that is named already changes nothing; naming too many, one after the other, raises UnableToSeal.
    """
    with transaction.atomic(durable=True):
        seal = _own_seal(loan_id, by)
        if not consent:
            said = "A chain forgets nothing. Tick that you want your wallet named there."
            raise InvalidInput(said, field="consent", rule="agreement.consent")
        address = wallet.lower()
        if address not in {each.address for each in wallets_to_sign_with(by)}:
            raise InvalidInput("Choose a wallet that you proved to be yours.", field="wallet", rule="agreement.wallet")
        if address == seal.borrower and wallets.is_invited(to_chain(seal), address=address):
            return seal
        seal.borrower, seal.consent, seal.consented_at = address, CONSENT.format(address=address), at
        seal.save(update_fields=["borrower", "consent", "consented_at"])
        wallets.invite_borrower(to_chain(seal), address=address, at=at)
        facts = {"consent": seal.consent}
        organisation = seal.loan.organisation
        audit.record("agreement.consented", target=seal.loan, at=at, by=by, organisation=organisation, payload=facts)
    return seal


def bring_co_signature(*, loan_id: UUID, signature: str, by: User, at: datetime) -> AgreementSeal:
    """Send the borrower's signature to the registry, which checks it. Raises NotVisible, InvalidInput."""
    with transaction.atomic(durable=True):
        seal = _own_seal(loan_id, by)
        if not seal.borrower:
            raise InvalidInput("Choose the wallet first.", field="wallet", rule="agreement.wallet")
        wallets.send_co_signature(to_chain(seal), signature=signature, at=at)
        audit.record("agreement.co_signed", target=seal.loan, at=at, by=by, organisation=seal.loan.organisation)
    return seal


def _own_seal(loan_id: UUID, by: User) -> AgreementSeal:
    require(by, Capability.VIEW_OWN_LOANS)
    if not wallets.chains_are_on():
        raise NotVisible
    loan = visible_loan(user=by, loan_id=loan_id)
    seal = AgreementSeal.objects.select_for_update(of=("self",)).select_related("loan__organisation")
    found = seal.filter(loan=loan).first()
    if found is None:
        raise NotVisible
    return found
