"""Who a business is to the person who looks: in full when it is theirs to see, a pseudonym otherwise (fraud.md §6)."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef

from accounts.models import Business, User

PSEUDONYM_LENGTH = 6


@dataclass(frozen=True)
class Party:
    """A node of the graph. Without `visible` there is no GSTIN and no public id, only a stable made-up name."""

    business_id: int
    name: str
    gstin: str | None
    uuid: UUID | None
    sector: str

    @property
    def visible(self) -> bool:
        """Whether the person may know who this is."""
        return self.uuid is not None


def parties(user: User, business_ids: Collection[int]) -> dict[int, Party]:
    """The businesses as the person may see them, by key; one query. A key below zero is somebody outside."""
    seen = Exists(Business.objects.visible_to(user).filter(pk=OuterRef("pk")))
    rows = Business.register.filter(pk__in=business_ids).annotate(visible=seen)
    known = {row.pk: party_of(row, user, visible=row.visible) for row in rows}
    return known | {node: outside_party(node) for node in business_ids if node < 0}


def outside_party(node: int, address: str = "") -> Party:
    """Somebody who is no business of ours: a masked address where it is known, else a stable made-up name."""
    name = address or hashlib.sha256(str(node).encode()).hexdigest()[:PSEUDONYM_LENGTH].upper()
    return Party(node, f"Outside party {name}", None, None, "")


def party_of(business: Business, user: User, *, visible: bool) -> Party:
    """The business as the person may see it, once it was judged whether they may know who it is."""
    if visible:
        return Party(business.pk, business.trade_name, business.gstin, business.uuid, business.sector)
    return Party(business.pk, pseudonym(user, business), None, None, "")


def pseudonym(user: User, business: Business) -> str:
    """The same party under the same name for everybody of one bank, and under another name for every other bank."""
    viewer = user.organisation.uuid if user.organisation else user.uuid
    return f"Party {hashlib.sha256(f'{viewer}:{business.uuid}'.encode()).hexdigest()[:PSEUDONYM_LENGTH].upper()}"
