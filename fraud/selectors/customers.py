"""The names of our customers as the matcher takes them."""

from collections.abc import Collection

from accounts.models import Business, Membership
from fraud.engine.names.entities import Subject


def subjects_of(business_ids: Collection[int] | None = None) -> dict[int, list[Subject]]:
    """Legal and trade name of each business and the names of those who speak for it; two queries. None: everybody."""
    businesses = Business.objects.filter(is_made_up=False).order_by("pk")
    members = Membership.objects.select_related("user").filter(business__is_made_up=False).order_by("pk")
    if business_ids is not None:
        businesses = businesses.filter(pk__in=business_ids)
        members = members.filter(business_id__in=business_ids)
    found = {business.pk: _names(business) for business in businesses}
    for member in members:
        name = member.user.get_full_name().strip()
        if name:
            found[member.business_id].append(Subject(f"person {member.user.uuid}", name, "person"))
    return found


def _names(business: Business) -> list[Subject]:
    """A sole proprietor's firm often carries the proprietor's own name, so its kind is left open."""
    kind = "unknown" if business.constitution == "proprietorship" else "organisation"
    papers = frozenset(filter(None, (business.gstin, business.pan, business.udyam)))
    written = dict.fromkeys(filter(None, (business.legal_name, business.trade_name)))
    return [
        Subject(
            f"business {business.uuid}",
            name,
            "unknown" if kind == "unknown" else "organisation",
            "",
            frozenset(),
            papers,
        )
        for name in written
    ]
