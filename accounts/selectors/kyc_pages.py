"""The pages and answers about the identity check of a business: personal details covered unless asked otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import DateField, Exists, F, OuterRef, Q, Subquery

from accounts.engine import kyc as rules
from accounts.engine import masks
from accounts.models import (
    Business,
    BusinessQuerySet,
    KycDocument,
    KycPaper,
    KycProfile,
    KycState,
    OwnershipDeclaration,
    OwnershipParty,
    PartyKind,
    User,
)
from accounts.selectors.kyc import Kyc, kyc_of, owners_in_force
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible

SOON = timedelta(days=60)
SHOWS = ("waiting", "due", "all")
HISTORY = 10
MOST_FOUND = 50


@dataclass(frozen=True)
class PartyShown:
    """Somebody in a declaration; `ways` says how each share comes to the business."""

    number: int
    name: str
    kind: str
    pan: str
    born_on: str
    percent: Decimal | None
    is_owner: bool
    by_control: bool
    ways: tuple[str, ...]


@dataclass(frozen=True)
class DeclarationShown:
    """One declaration with its parties, those behind the business first."""

    uuid: UUID
    state: str
    state_label: str
    made_at: datetime
    owner_above: Decimal
    note: str
    parties: tuple[PartyShown, ...]


@dataclass(frozen=True)
class PaperLine:
    """One kind of paper: the newest of it, and which tier first asks for it."""

    kind: str
    label: str
    tier: str
    newest: KycDocument | None


@dataclass(frozen=True)
class KycPage:
    """Everything about the identity check of one business at a moment."""

    business: Business
    kyc: Kyc
    papers: tuple[PaperLine, ...]
    in_force: DeclarationShown | None
    waiting: DeclarationShown | None
    history: tuple[KycProfile, ...]
    revealed: bool


def kyc_page(*, business: Business, at: datetime, revealed: bool = False) -> KycPage:
    """Of a business the person may see; `revealed` shows the owners' names and details in full."""
    rows = OwnershipDeclaration.objects.filter(business=business, state=KycState.WAITING)
    waiting, in_force = rows.first(), owners_in_force(business.pk, at)
    profiles = KycProfile.objects.known_at(at).filter(business=business).newest_first()
    return KycPage(
        business=business,
        kyc=kyc_of(business_id=business.pk, at=at),
        papers=_papers(business),
        in_force=_declaration(in_force, revealed=revealed) if in_force else None,
        waiting=_declaration(waiting, revealed=revealed) if waiting else None,
        history=tuple(profiles.select_related("verified_by", "second_by")[:HISTORY]),
        revealed=revealed,
    )


def kyc_desk(*, user: User, show: str, at: datetime) -> BusinessQuerySet:
    """Businesses the person may see, by what there is to do: papers wait, a renewal is due within 60 days, or all.

    Each row carries kyc_tier, kyc_risk, kyc_due and kyc_waits.
    """
    newest = KycProfile.objects.filter(business=OuterRef("pk")).newest_first()
    of_it = Q(business=OuterRef("pk"), state=KycState.WAITING)
    waits = Exists(KycDocument.objects.filter(of_it)) | Exists(OwnershipDeclaration.objects.filter(of_it))
    rows = Business.objects.visible_to(user, at).annotate(
        kyc_tier=Subquery(newest.values("tier")[:1]),
        kyc_risk=Subquery(newest.values("risk")[:1]),
        kyc_due=Subquery(newest.values("next_due")[:1], output_field=DateField()),
        kyc_waits=waits,
    )
    if show == "waiting":
        rows = rows.filter(kyc_waits=True)
    elif show == "due":
        rows = rows.filter(kyc_due__lte=at.astimezone(IST).date() + SOON)
    return rows.order_by(F("kyc_due").asc(nulls_last=True), "pk")


def business_in_sight(*, user: User, business_id: UUID) -> Business:
    """A business the person may see, by its public id. Raises NotVisible."""
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    return business


def kyc_paper(*, user: User, paper_id: UUID) -> KycDocument:
    """A paper of a business the person may see. Raises NotVisible."""
    paper = KycDocument.objects.select_related("business").filter(uuid=paper_id).first()
    if paper is None:
        raise NotVisible
    own = Business.objects.visible_to(user).filter(pk=paper.business_id).exists()
    if not own:
        raise NotVisible
    return paper


def businesses_of_owner(*, pan: str, user: User, at: datetime) -> list[Business]:
    """Businesses the person may see that somebody with this PAN has a part in, found without opening anything."""
    parties = OwnershipParty.objects.with_pan(pan).filter(declaration__state=KycState.ACCEPTED)
    rows = kyc_desk(user=user, show="all", at=at).filter(pk__in=parties.values("declaration__business"))
    return list(rows.order_by("pk")[:MOST_FOUND])


def _papers(business: Business) -> tuple[PaperLine, ...]:
    newest: dict[str, KycDocument] = {}
    for paper in KycDocument.objects.filter(business=business).order_by("made_at", "pk"):
        if paper.state != KycState.REPLACED:
            newest[paper.kind] = paper
    lines = []
    for kind, label in KycPaper.choices:
        tiers = [tier for tier in rules.TIERS if kind in rules.papers_of(tier, business.constitution)]
        if tiers:
            lines.append(PaperLine(kind, label, tiers[0], newest.get(kind)))
    return tuple(lines)


def _declaration(declared: OwnershipDeclaration, *, revealed: bool) -> DeclarationShown:
    rows = list(declared.parties.select_related("beneficial_owner").order_by("number"))
    names = {row.number: row.name if revealed else masks.name(row.name) for row in rows}
    parties = sorted((_party(row, names, revealed) for row in rows), key=lambda one: (not one.is_owner, one.number))
    return DeclarationShown(
        uuid=declared.uuid,
        state=declared.state,
        state_label=declared.get_state_display(),
        made_at=declared.made_at,
        owner_above=declared.owner_above,
        note=declared.note,
        parties=tuple(parties),
    )


def _party(row: OwnershipParty, names: dict[int, str], revealed: bool) -> PartyShown:
    owner = getattr(row, "beneficial_owner", None)
    paths = owner.paths if owner else []
    return PartyShown(
        number=row.number,
        name=names[row.number],
        kind=PartyKind(row.kind).label,
        pan=row.pan if revealed else masks.pan(row.pan),
        born_on=row.born_on if revealed else masks.day(row.born_on),
        percent=owner.effective_percent if owner else None,
        is_owner=owner is not None,
        by_control=bool(owner and owner.by_control),
        ways=tuple(_way(path["through"], path["percent"], names) for path in paths),
    )


def _way(through: list[int], percent: str, names: dict[int, str]) -> str:
    """`12.50 % through B, then C`; the first of the way is the holder."""
    middle = ", then ".join(names[number] for number in through[1:])
    return f"{percent} % through {middle}" if middle else f"{percent} % directly"
