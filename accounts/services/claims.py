"""Claiming a business: proof first, evidence afterwards."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_noop as _

from accounts import audit
from accounts.events import ClaimDisputed, MembershipChanged
from accounts.models import Business, Claim, ClaimProof, ClaimStatus, ClaimVerdict, Membership, Role, User
from accounts.permissions import Capability, require
from accounts.services.mails import Letter, letter_in, write_mail
from accounts.services.papers import refuse_paper, suffix_of
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish

CODE_LIFE = timedelta(minutes=15)
MOST_WRONG_CODES = 5
MOST_CLAIMS_A_DAY = 5


class UnableToClaim(ApplicationError):
    """The claim cannot go on."""

    code = "unable_to_claim"


class Registry(Protocol):
    """The connector to the tax network: it alone knows whom a business registered as its contact."""

    def contact_of(self, business: Business) -> str:
        """The registered contact, masked; empty when there is none."""

    def deliver(self, business: Business, code: str, at: datetime) -> None:
        """Send a one-time code to the registered contact, in the caller's transaction."""


@dataclass(frozen=True)
class DemoRegistry:
    """The tax network of the demo: the contact is a mailbox that the outbox page shows."""

    domain: str = "registered.example"

    def contact_of(self, business: Business) -> str:
        return f"{business.gstin[:2]}•••••@{self.domain}" if settings.DEMO else ""

    def deliver(self, business: Business, code: str, at: datetime) -> None:
        text = f"Code to claim {business.trade_name} ({business.gstin}): {code}\nGood for 15 minutes. Tell nobody else."
        write_mail(letter=Letter(f"{business.gstin.lower()}@{self.domain}", "Your code", text), at=at)


REGISTRY: Registry = DemoRegistry()


def claim_by_code(*, identifier: str, by: User, at: datetime, registry: Registry = REGISTRY) -> Claim:
    """Claim a business; a one-time code goes to its registered contact. Raises InvalidInput, UnableToClaim."""
    business = _business_of(identifier)
    contact = registry.contact_of(business)
    if not contact:
        raise UnableToClaim("The tax network names no contact to send a code to. Upload the registration certificate.")
    code = f"{secrets.randbelow(10**6):06d}"

    def send(claim: Claim) -> None:
        claim.code_digest, claim.contact = _digest_of(claim, code), contact
        claim.code_expires_at = at + CODE_LIFE
        registry.deliver(business, code, at)

    return _open(business, ClaimProof.CODE, by, at, send)


def claim_by_certificate(*, identifier: str, certificate: "UploadedFile[bytes]", by: User, at: datetime) -> Claim:
    """Claim a business with its registration certificate, which a second person looks at."""
    refuse_paper(certificate, field="certificate")
    business = _business_of(identifier)

    def keep(claim: Claim) -> None:
        claim.certificate.save(f"{claim.uuid}{suffix_of(certificate)}", certificate, save=False)

    return _open(business, ClaimProof.CERTIFICATE, by, at, keep)


def prove_claim(*, claim_id: UUID, code: str, by: User, at: datetime) -> Claim:
    """Give the code; the right one grants the claim. Five wrong ones, or a quarter of an hour, end it."""
    with transaction.atomic(durable=True):
        claim = _locked(claim_id, Q(claimant=by))
        if not claim.accepts_codes_at(at) or claim.wrong_codes >= MOST_WRONG_CODES:
            raise UnableToClaim("This code has run out. Claim the business again to get a new one.")
        right = hmac.compare_digest(claim.code_digest, _digest_of(claim, "".join(code.split())))
        if right:
            _grant(claim, at, by=None)
        else:
            Claim.objects.filter(pk=claim.pk).update(wrong_codes=F("wrong_codes") + 1)
            audit.record("claim.code_refused", target=claim, at=at, by=by, outcome="refused")
    if not right:
        raise InvalidInput("The code is wrong.", field="code", rule="code.wrong")
    return claim


def decide_claim(*, claim_id: UUID, verdict: ClaimVerdict, note: str, by: User, at: datetime) -> Claim:
    """A second person grants or refuses what waits: a certificate, or a dispute."""
    require(by, Capability.DECIDE_CLAIM)
    with transaction.atomic(durable=True):
        claim = _locked(claim_id, Q())
        if claim.claimant_id == by.pk:
            raise Forbidden("Nobody decides their own claim.")
        waits = claim.proof == ClaimProof.CERTIFICATE and claim.status == ClaimStatus.PENDING
        if not waits and claim.status != ClaimStatus.DISPUTED:
            raise UnableToClaim("Nothing waits for a decision here.")
        claim.note = note[:500]
        if verdict == ClaimVerdict.GRANT:
            _grant(claim, at, by=by)
        else:
            _refuse(claim, at, by)
    return claim


def dispute_claim(*, claim_id: UUID, note: str, by: User, at: datetime) -> Claim:
    """Somebody who speaks for the business says the newcomer does not: access stops until a second person decides."""
    with transaction.atomic(durable=True):
        claim = _locked(claim_id, Q(business__in=Business.objects.of(by).values("pk")) & ~Q(claimant=by))
        if claim.status not in {ClaimStatus.PENDING, ClaimStatus.GRANTED}:
            raise UnableToClaim("This claim is over.")
        claim.status, claim.note = ClaimStatus.DISPUTED, note[:500]
        claim.save(update_fields=["status", "note"])
        if Membership.objects.filter(user=claim.claimant, business=claim.business).delete()[0]:
            payload = {"member": claim.claimant.uuid}
            audit.record("membership.ended", target=claim.business, at=at, by=by, payload=payload)
        audit.record("claim.disputed", target=claim, at=at, by=by, payload={"business": claim.business.uuid})
        publish(ClaimDisputed(claim_id=claim.pk, business_id=claim.business_id, by_id=by.pk))
    return claim


def _open(business: Business, proof: ClaimProof, by: User, at: datetime, prepare: Callable[[Claim], None]) -> Claim:
    if by.role not in {Role.INDIVIDUAL, Role.MSME_OWNER}:
        raise Forbidden("Staff of an organisation claim no business.")
    if Membership.objects.filter(user=by, business=business).exists():
        raise UnableToClaim("You speak for this business already.")
    if Claim.objects.filter(claimant=by, made_at__gt=at - timedelta(days=1)).count() >= MOST_CLAIMS_A_DAY:
        raise UnableToClaim(f"You made {MOST_CLAIMS_A_DAY} claims within a day. Try again tomorrow.")
    claim = Claim(claimant=by, business=business, proof=proof, made_at=at)
    try:
        with transaction.atomic(durable=True):
            mine = Claim.objects.filter(claimant=by, business=business, status=ClaimStatus.PENDING)
            over = Q(code_expires_at__lte=at) | Q(wrong_codes__gte=MOST_WRONG_CODES)
            mine.filter(over).update(status=ClaimStatus.REFUSED, decided_at=at)
            prepare(claim)
            claim.save(force_insert=True)
            audit.record("claim.made", target=claim, at=at, by=by, payload={"proof": proof, "business": business.uuid})
    except IntegrityError as error:
        raise UnableToClaim("You have a claim on this business that waits already.") from error
    return claim


def _grant(claim: Claim, at: datetime, *, by: User | None) -> None:
    claim.status, claim.decided_at, claim.decided_by = ClaimStatus.GRANTED, at, by
    claim.save(update_fields=["status", "decided_at", "decided_by", "note"])
    Membership.objects.get_or_create(user=claim.claimant, business=claim.business, defaults={"since": at})
    User.objects.filter(pk=claim.claimant_id, role=Role.INDIVIDUAL).update(role=Role.MSME_OWNER)
    who = by or claim.claimant
    audit.record("claim.granted", target=claim, at=at, by=who, payload={"business": claim.business.uuid})
    text = _("{business} is linked to your account. What we know of it appears on your pages.")
    _write(claim, _("Your business is linked"), text, at)
    publish(MembershipChanged(business_id=claim.business_id))


def _refuse(claim: Claim, at: datetime, by: User) -> None:
    claim.status, claim.decided_at, claim.decided_by = ClaimStatus.REFUSED, at, by
    claim.save(update_fields=["status", "decided_at", "decided_by", "note"])
    audit.record("claim.refused", target=claim, at=at, by=by, outcome="refused")
    text = _("We could not link {business} to your account. The reason given: {why}")
    _write(claim, _("Your claim was not granted"), text, at)


def _write(claim: Claim, subject: str, text: str, at: datetime) -> None:
    person, facts = claim.claimant, {"business": claim.business.trade_name, "why": claim.note or "–"}
    write_mail(letter=letter_in(person.language, person.email, subject, text, **facts), at=at)


def _locked(claim_id: UUID, whose: Q) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",)).select_related("claimant", "business")
    claim = rows.filter(whose, uuid=claim_id).first()
    if claim is None:
        raise NotVisible
    return claim


def _business_of(identifier: str) -> Business:
    """The business behind a GSTIN, a PAN or a Udyam number; a PAN of several registrations means none of them."""
    text = "".join(identifier.split()).upper()
    real = Business.register.filter(is_made_up=False)
    its_pan = Q(pk__in=Business.register.get_queryset().with_pan(text).values("pk"))
    found = list(real.filter(Q(gstin=text) | its_pan | (Q(udyam=text) & ~Q(udyam="")))[:2])
    if len(found) == 1:
        return found[0]
    sentence = (
        "This PAN has several registrations. Give the GSTIN of the one you mean."
        if found
        else "We know no business by this number. Check it letter by letter; a GSTIN has 15, a PAN 10."
    )
    raise InvalidInput(sentence, field="identifier", rule="business.unknown")


def _digest_of(claim: Claim, code: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), f"{claim.uuid}:{code}".encode(), sha256).hexdigest()
