"""Who owns a business: declared by its people, worked out along every path, judged by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts import audit
from accounts.engine.kyc import NO_DEED, owner_above
from accounts.engine.ownership import Holding, Stake, Unsound, holdings
from accounts.models import (
    BeneficialOwner,
    Business,
    KycState,
    OwnershipDeclaration,
    OwnershipParty,
    OwnershipStake,
    PartyKind,
    User,
)
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.identifiers import pan as pans

BUSINESS = ""
"""Stands for the business itself among the PANs of holders."""
PEOPLE = "P"
WHOLE = Decimal(100)
MOST_HOLDERS = 40


@dataclass(frozen=True)
class Holder:
    """One line of a declaration: who, and `percent` of what; `of` is the PAN of a company named in another line.

    Somebody who runs the business and holds nothing of it has no percent.
    """

    name: str
    kind: PartyKind
    pan: str
    percent: Decimal | None = None
    of: str = BUSINESS
    born_on: date | None = None
    manages: bool = False


def declare_owners(*, business: Business, holders: Sequence[Holder], by: User, at: datetime) -> OwnershipDeclaration:
    """Declare who owns the business; a declaration that still waits is replaced. Raises InvalidInput."""
    require(by, Capability.SHARE_EVIDENCE, business)
    today = at.astimezone(IST).date()
    _refuse_unreadable(holders, business, today)
    threshold = owner_above(business.constitution, today)
    found = _found(holders)
    owners = _beneficial(found, holders, threshold)
    with transaction.atomic(durable=True):
        waiting = OwnershipDeclaration.objects.select_for_update().filter(business=business, state=KycState.WAITING)
        waiting.update(state=KycState.REPLACED)
        made = OwnershipDeclaration.objects.create(business=business, owner_above=threshold, made_at=at, made_by=by)
        parties = _stored(made, holders)
        rows = [_owner_row(one, parties, by_control=one.effective <= threshold) for one in owners]
        BeneficialOwner.objects.bulk_create(rows)
        facts = {"business": business.uuid, "parties": len(parties), "owners": len(owners)}
        audit.record("kyc.owners_declared", target=made, at=at, by=by, payload=facts)
    return made


def _refuse_unreadable(holders: Sequence[Holder], business: Business, today: date) -> None:
    if not holders or len(holders) > MOST_HOLDERS:
        raise InvalidInput(
            f"Name at least one holder and at most {MOST_HOLDERS}.", field="holders", rule="owners.count"
        )
    companies = {one.pan for one in holders if one.kind == PartyKind.ENTITY}
    names: dict[str, tuple[str, PartyKind]] = {}
    for line, one in enumerate(holders, start=1):
        sentence = _complaint(one, companies, today)
        if names.setdefault(one.pan, (one.name, one.kind)) != (one.name, one.kind):
            sentence = "This PAN stands for another name above. One PAN is one holder."
        if sentence:
            raise InvalidInput(f"Line {line}: {sentence}", field="holders", rule="owners.line")
    if business.constitution == NO_DEED and {one.pan for one in holders} != {business.pan}:
        sentence = "A proprietorship belongs to one person, whose PAN is in its GSTIN. Name that person alone."
        raise InvalidInput(sentence, field="holders", rule="owners.proprietor")


def _complaint(one: Holder, companies: set[str], today: date) -> str:
    if not one.name.strip():
        return "The name is missing."
    if not pans.is_valid(one.pan):
        return "This is no PAN: five letters, four digits, one letter."
    if (one.kind == PartyKind.PERSON) != (pans.parse(one.pan).holder == PEOPLE):
        return "The fourth letter of the PAN says whether it is a person (P) or not; kind and PAN disagree."
    if one.kind == PartyKind.PERSON and (one.born_on is None or one.born_on >= today):
        return "A person's date of birth is missing, or is not in the past."
    if one.of != BUSINESS and one.of not in companies:
        return "What it holds a share of must be a company or firm named in another line."
    if one.percent is None and not one.manages:
        return "Say what share it holds, or that the person runs the business."
    return ""


def _found(holders: Sequence[Holder]) -> dict[str, Holding]:
    stakes = [Stake(one.pan, one.of or "business", one.percent) for one in holders if one.percent is not None]
    try:
        return {one.holder: one for one in holdings(stakes, of="business")}
    except Unsound as error:
        line = next(n for n, one in enumerate(holders, start=1) if one.pan == error.holder)
        raise InvalidInput(f"Line {line}: {error}", field="holders", rule="owners.unsound") from error


def _beneficial(found: dict[str, Holding], holders: Sequence[Holder], threshold: Decimal) -> list[Holding]:
    """Persons above the threshold; where there is none, those who run the business."""
    ends = {one.pan for one in holders if one.kind != PartyKind.ENTITY}
    people = {one.pan for one in holders if one.kind == PartyKind.PERSON}
    unexplained = WHOLE - sum((found[pan].effective for pan in ends if pan in found), Decimal(0))
    if unexplained > threshold:
        sentence = (
            f"{unexplained} % of the business lead to nobody. Name the holders until at most {threshold} % are left: "
            "whoever has more must be known."
        )
        raise InvalidInput(sentence, field="holders", rule="owners.unexplained")
    above = [one for pan, one in found.items() if pan in people and one.effective > threshold]
    if above:
        return above
    running = dict.fromkeys(one.pan for one in holders if one.manages and one.pan in people)
    if not running:
        sentence = f"Nobody holds more than {threshold} %. Name the person who runs the business."
        raise InvalidInput(sentence, field="holders", rule="owners.nobody")
    return [found.get(pan) or Holding(pan, Decimal(0), ()) for pan in running]


def _stored(made: OwnershipDeclaration, holders: Sequence[Holder]) -> dict[str, OwnershipParty]:
    parties: dict[str, OwnershipParty] = {}
    for one in holders:
        if one.pan not in parties:
            born = one.born_on.isoformat() if one.born_on else ""
            parties[one.pan] = OwnershipParty.objects.create(
                declaration=made,
                number=len(parties) + 1,
                kind=one.kind,
                name=one.name.strip(),
                pan=one.pan,
                born_on=born,
                manages=any(other.manages for other in holders if other.pan == one.pan),
            )
    OwnershipStake.objects.bulk_create(
        OwnershipStake(holder=parties[one.pan], held=parties.get(one.of), percent=one.percent)
        for one in holders
        if one.percent is not None
    )
    return parties


def _owner_row(one: Holding, parties: dict[str, OwnershipParty], *, by_control: bool) -> BeneficialOwner:
    paths = [
        {"through": [parties[pan].number for pan in path.through], "percent": str(path.percent)} for path in one.paths
    ]
    party = parties[one.holder]
    return BeneficialOwner(party=party, effective_percent=one.effective, paths=paths, by_control=by_control)
