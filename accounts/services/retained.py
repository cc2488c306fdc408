"""Each kind of record with an end: which rows are past it, whom a law holds, and how they are forgotten.

Nothing here touches the audit trail: entries name public ids and digests, so the chains verify afterwards.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, Value
from django.db.models.fields.files import FieldFile
from django.db.models.functions import Cast, Concat

from accounts.models import (
    AuditEntry,
    Business,
    Claim,
    ClaimStatus,
    Consent,
    DataRequest,
    DataRequestState,
    Invitation,
    Job,
    KycDocument,
    KycState,
    LegalHold,
    Mail,
    Membership,
    Notification,
    OwnershipParty,
)

Rows = QuerySet[Model]


@dataclass(frozen=True)
class Ending:
    """`due` are the rows older than a moment, `business` the path to whose they are (None: nobody's records)."""

    due: Callable[[datetime], Rows]
    business: str | None
    forget: Callable[[Rows], int]

    def held(self, rows: Rows, today: date) -> Rows:
        """Those that a law keeps although their time is over."""
        if self.business is None:
            return rows.none()
        holds = LegalHold.objects.live_on(today).filter(business=OuterRef(self.business))
        return rows.filter(Exists(holds))

    def free(self, rows: Rows, today: date) -> Rows:
        """Those that no law keeps."""
        return rows.exclude(pk__in=self.held(rows, today).values("pk"))


def _delete(rows: Rows) -> int:
    return rows.delete()[1].get(rows.model._meta.label, 0)


def _delete_file(kept: FieldFile) -> None:
    """The bytes go when the transaction is over; a file that is gone already is no trouble."""
    storage, name = kept.storage, str(kept.name)
    transaction.on_commit(lambda: storage.delete(name))


def _empty_certificates(rows: Rows) -> int:
    claims = list(Claim.objects.filter(pk__in=rows.values("pk")))
    for claim in claims:
        _delete_file(claim.certificate)
    return Claim.objects.filter(pk__in=[claim.pk for claim in claims]).update(certificate="")


def _delete_papers(rows: Rows) -> int:
    papers = list(KycDocument.objects.filter(pk__in=rows.values("pk")))
    for paper in papers:
        _delete_file(paper.file)
    return _delete(KycDocument.objects.filter(pk__in=[paper.pk for paper in papers]))


def _wipe_requests(rows: Rows) -> int:
    return rows.update(text="", answer="")


def _relationship_over(before: datetime) -> Q:
    """Nobody speaks for the business, nobody may read it, and the last who did or could lost it before that moment."""
    since = Q(expires_at__gte=before) & (Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=before))
    consents = Consent.objects.filter(since, business=OuterRef("declaration__business"))
    members = Membership.objects.filter(business=OuterRef("declaration__business"))
    # A membership that ended is gone, but the trail knows when.
    name = Concat(Value(f"{Business._meta.label_lower}:"), Cast(OuterRef("declaration__business__uuid"), CharField()))
    moved = AuditEntry.objects.filter(action__startswith="membership.", at__gte=before, target=name)
    return ~Exists(consents) & ~Exists(members) & ~Exists(moved) & Q(declaration__made_at__lt=before)


def _shred_owners(rows: Rows) -> int:
    """Destroys the keys: what is sealed opens for nobody, in backups neither. Papers of the business go too."""
    parties = OwnershipParty.objects.filter(pk__in=list(rows.values_list("pk", flat=True)))
    businesses = list(parties.values_list("declaration__business", flat=True).distinct())
    _delete_papers(KycDocument.objects.filter(business__in=businesses).order_by("pk"))
    return parties.update(data_key="", pan_index="")


ENDINGS: Mapping[str, Ending] = {
    "letters": Ending(lambda before: Mail.objects.filter(sent_at__lt=before), None, _delete),
    "notifications": Ending(lambda before: Notification.objects.filter(read_at__lt=before), "business", _delete),
    "jobs": Ending(lambda before: Job.objects.filter(ended_at__lt=before), None, _delete),
    "invitations": Ending(lambda before: Invitation.objects.filter(expires_at__lt=before), "business", _delete),
    "requests": Ending(
        lambda before: DataRequest.objects.filter(answered_at__lt=before).exclude(
            Q(state=DataRequestState.OPEN) | Q(text="", answer="")
        ),
        None,
        _wipe_requests,
    ),
    "certificates": Ending(
        lambda before: Claim.objects.filter(
            decided_at__lt=before, status__in=(ClaimStatus.GRANTED, ClaimStatus.REFUSED)
        ).exclude(certificate=""),
        "business",
        _empty_certificates,
    ),
    "refused_papers": Ending(
        lambda before: KycDocument.objects.filter(
            # A paper that was accepted once proved who somebody was: it stays as long as the relationship asks.
            Q(state=KycState.REFUSED, judged_at__lt=before)
            | Q(state=KycState.REPLACED, judged_at__isnull=True, made_at__lt=before)
        ),
        "business",
        _delete_papers,
    ),
    "kyc": Ending(
        lambda before: OwnershipParty.objects.filter(_relationship_over(before)).exclude(data_key=""),
        "declaration__business",
        _shred_owners,
    ),
}
"""By the kind of the schedule; a kind without an ending is append-only and stays."""
