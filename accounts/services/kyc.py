"""Verifying a business: papers come in, a second person judges them, and the clock to ask again starts."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts import audit
from accounts.engine.kyc import missing, next_due, reached
from accounts.events import KycVerified
from accounts.models import (
    ApprovalRequest,
    Business,
    KycDocument,
    KycPaper,
    KycProfile,
    KycRisk,
    KycState,
    OwnershipDeclaration,
    OwnershipParty,
    ReminderKind,
    User,
)
from accounts.permissions import Capability, require
from accounts.selectors.kyc import PAPER_NAMES, accepted_papers, owners_in_force
from accounts.selectors.kyc_pages import kyc_paper
from accounts.services.approvals import Approved, approvable, request_approval
from accounts.services.notices import tell
from accounts.services.papers import digest_of_paper, refuse_paper, suffix_of
from accounts.services.reminders import Occasion, complete_scheduled, schedule_reminder
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.reasons import stated

WARNED = timedelta(days=60)
"""How long before its day a renewal is told of."""
Judged = KycDocument | OwnershipDeclaration


class UnableToJudge(ApplicationError):
    """Nothing waits, or something is missing still."""

    code = "unable_to_judge"


def add_paper(
    *, business: Business, kind: KycPaper, paper: "UploadedFile[bytes]", by: User, at: datetime
) -> KycDocument:
    """Keep a paper for a second person to look at; one of its kind that still waits is replaced."""
    require(by, Capability.SHARE_EVIDENCE, business)
    refuse_paper(paper, field="paper")
    made = KycDocument(business=business, kind=kind, sha256=digest_of_paper(paper), made_at=at, made_by=by)
    with transaction.atomic(durable=True):
        KycDocument.objects.filter(business=business, kind=kind, state=KycState.WAITING).update(state=KycState.REPLACED)
        made.file.save(f"{made.uuid}{suffix_of(paper)}", paper, save=False)
        made.save(force_insert=True)
        facts = {"business": business.uuid, "kind": kind, "sha256": made.sha256}
        audit.record("kyc.paper_added", target=made, at=at, by=by, payload=facts)
    return made


def judge_paper(*, paper_id: UUID, accept: bool, note: str, by: User, at: datetime) -> KycDocument:
    """Accept or refuse a paper; an accepted one replaces the one before."""
    with transaction.atomic(durable=True):
        rows = KycDocument.objects.select_for_update(of=("self",)).select_related("business")
        paper = rows.filter(uuid=paper_id).first()
        if paper is None:
            raise NotVisible
        verdict = _verdict(paper, accept=accept, note=note, by=by, at=at)
        if accept:
            same = KycDocument.objects.filter(business=paper.business, kind=paper.kind, state=KycState.ACCEPTED)
            same.update(state=KycState.REPLACED)
        KycDocument.objects.filter(pk=paper.pk).update(**verdict)
        _on_record(paper, PAPER_NAMES[paper.kind], accept=accept, note=note, by=by, at=at)
    paper.refresh_from_db()
    return paper


def judge_owners(*, declaration_id: UUID, accept: bool, note: str, by: User, at: datetime) -> OwnershipDeclaration:
    """Accept or refuse a declaration; an accepted one replaces the one before."""
    with transaction.atomic(durable=True):
        rows = OwnershipDeclaration.objects.select_for_update(of=("self",)).select_related("business")
        declared = rows.filter(uuid=declaration_id).first()
        if declared is None:
            raise NotVisible
        verdict = _verdict(declared, accept=accept, note=note, by=by, at=at)
        if accept:
            same = OwnershipDeclaration.objects.filter(business=declared.business, state=KycState.ACCEPTED)
            same.update(state=KycState.REPLACED)
        OwnershipDeclaration.objects.filter(pk=declared.pk).update(**verdict)
        _on_record(declared, PAPER_NAMES["owners"], accept=accept, note=note, by=by, at=at)
    declared.refresh_from_db()
    return declared


def verify_business(
    *, business: Business, risk: KycRisk, note: str, by: User, at: datetime
) -> KycProfile | ApprovalRequest:
    """Verify a business to the tier its accepted papers reach.

    A high risk or the premium tier takes two: the answer is then the request that waits on the approval desk.
    Raises Forbidden, NotVisible, UnableToJudge when papers of the first tier are missing.
    """
    require(by, Capability.VERIFY_KYC, business)
    tier = _tier_reached(business, at)
    if risk != KycRisk.HIGH and tier != "premium":
        with transaction.atomic(durable=True):
            return _store(business, tier, risk, note=note, people=(by, None), at=at)
    payload = {"business": str(business.uuid), "tier": tier, "risk": str(risk), "note": note[:300]}
    summary = f"Verify {business.gstin}: {tier} tier, {risk} risk"
    return request_approval(action="kyc.verify", payload=payload, summary=summary, by=by, at=at, reason=note)


@approvable("kyc.verify", title="Verify a business", maker=Capability.VERIFY_KYC, checker=Capability.APPROVE_KYC)
def verify_approved_business(approved: Approved) -> KycProfile:
    """Payload: `business`, `tier`, `risk`, `note`. Raises UnableToJudge when the papers reach less by now."""
    asked: Mapping[str, object] = approved.payload
    business = Business.register.get(uuid=UUID(str(asked["business"])))
    if _tier_reached(business, approved.at) != asked["tier"]:
        raise UnableToJudge("The papers changed since this was asked for. Reject it, and ask again.")
    people, risk = (approved.maker, approved.checker), KycRisk(str(asked["risk"]))
    return _store(business, str(asked["tier"]), risk, note=str(asked["note"]), people=people, at=approved.at)


def reveal_owners(*, declaration_id: UUID, reason: str, by: User, at: datetime) -> list[OwnershipParty]:
    """The parties of a declaration with nothing covered, for this one answer; the trail holds who, whose and why."""
    declared = OwnershipDeclaration.objects.select_related("business").filter(uuid=declaration_id).first()
    if declared is None:
        raise NotVisible
    require(by, Capability.VERIFY_KYC, declared.business)
    why = stated(reason)
    parties = list(declared.parties.order_by("number"))
    with transaction.atomic(durable=True):
        facts = {"reason": why, "business": declared.business.uuid, "parties": len(parties)}
        audit.record("kyc.owners_revealed", target=declared, at=at, by=by, payload=facts)
    return parties


def open_paper(*, paper_id: UUID, by: User, at: datetime) -> KycDocument:
    """A paper to look at; that it was opened is on record. Raises NotVisible, Forbidden."""
    paper = kyc_paper(user=by, paper_id=paper_id)
    require(by, Capability.VIEW_KYC)
    with transaction.atomic(durable=True):
        facts = {"business": paper.business.uuid, "kind": paper.kind}
        audit.record("kyc.paper_opened", target=paper, at=at, by=by, payload=facts)
    return paper


def check_kyc(*, at: datetime) -> int:
    """Every night: plan and tell what is due within sixty days, and what ran out; how many people were told."""
    today = at.astimezone(IST).date()
    due = KycProfile.objects.standing().filter(next_due__lte=today + WARNED).select_related("business")
    told = 0
    for profile in due.order_by("next_due", "pk").iterator(chunk_size=500):
        business, topic = profile.business, "kyc.late" if profile.is_due_on(today) else "kyc.soon"
        people = User.objects.active().filter(memberships__business=business).distinct().order_by("pk")
        facts = {"business": business.trade_name, "day": f"{profile.next_due:%d %b %Y}"}
        occasion = Occasion(ReminderKind.OTHER, _source(profile), "Renew the identity check", profile.next_due)
        with transaction.atomic(durable=True):
            schedule_reminder(business_id=business.pk, occasion=occasion, at=at)
            source = f"{topic}:{profile.pk}"
            told += len(tell(users=people, topic=topic, source=source, at=at, business=business, facts=facts))
    return told


def _verdict(thing: Judged, *, accept: bool, note: str, by: User, at: datetime) -> dict[str, object]:
    """The columns of a verdict, once it is found to be allowed."""
    require(by, Capability.VERIFY_KYC, thing.business)
    if thing.made_by_id == by.pk:
        raise Forbidden("You sent this; somebody else looks at it.")
    if thing.state != KycState.WAITING:
        raise UnableToJudge("This is decided already, or was replaced.")
    if not accept and not note.strip():
        raise InvalidInput("Say what is wrong with it; the owner reads it.", field="note", rule="kyc.note")
    state = KycState.ACCEPTED if accept else KycState.REFUSED
    return {"state": state, "judged_at": at, "judged_by": by, "note": note.strip()[:300]}


def _on_record(thing: Judged, what: str, *, accept: bool, note: str, by: User, at: datetime) -> None:
    """The audit entry; the people of the business hear of a refusal."""
    business = thing.business
    act = "kyc.accepted" if accept else "kyc.refused"
    audit.record(act, target=thing, at=at, by=by, payload={"business": business.uuid, "what": what})
    if not accept:
        people = User.objects.active().filter(memberships__business=business).distinct().order_by("pk")
        facts = {"what": what, "business": business.trade_name, "why": note.strip()[:300]}
        tell(
            users=people, topic="kyc.refused", source=f"kyc.refused:{thing.uuid}", at=at, business=business, facts=facts
        )


def _tier_reached(business: Business, at: datetime) -> str:
    accepted = accepted_papers(business.pk, at)
    known = owners_in_force(business.pk, at) is not None
    tier = reached(business.constitution, accepted=accepted, owners_known=known)
    if not tier:
        lacking = missing("basic", business.constitution, accepted=accepted, owners_known=known)
        names = ", ".join(PAPER_NAMES[kind] for kind in lacking)
        raise UnableToJudge(f"Not yet: accepted papers are missing for the first tier ({names}).")
    return tier


def _store(
    business: Business, tier: str, risk: KycRisk, *, note: str, people: tuple[User, User | None], at: datetime
) -> KycProfile:
    """In the caller's transaction: the profile, the reminder of the one before, the audit entry, the news."""
    verified_by, second_by = people
    before = KycProfile.objects.filter(business=business).newest_first().first()
    profile = KycProfile.objects.create(
        business=business,
        tier=tier,
        risk=risk,
        declaration=owners_in_force(business.pk, at),
        verified_at=at,
        verified_by=verified_by,
        second_by=second_by,
        next_due=next_due(at.astimezone(IST).date(), risk),
        note=note.strip()[:300],
    )
    if before is not None:
        complete_scheduled(business_id=business.pk, source=_source(before), at=at)
    facts = {"business": business.uuid, "tier": tier, "risk": risk, "next_due": profile.next_due}
    audit.record("kyc.verified", target=profile, at=at, by=second_by or verified_by, payload=facts)
    publish(KycVerified(profile_id=profile.pk, business_id=business.pk))
    return profile


def _source(profile: KycProfile) -> str:
    return f"kyc:{profile.pk}"
