"""Members of rings who are nobody we know, as dots and lines of the topology."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from accounts.models import Consent
from creditiq.kernel.clock import moment
from creditiq.kernel.money import Rupees, from_paise
from fraud.engine.flow import Leg
from fraud.models import Cycle, Ring
from fraud.selectors.evidence import Willing, is_told, willing_on
from fraud.selectors.layers import Sight, Span
from fraud.selectors.parties import Party
from fraud.selectors.rings import outsiders_of

RAIL = "upi"
"""Somebody outside is known by an address: what they pay and are paid is UPI."""


class OutsideLine(NamedTuple):
    """What a business and somebody outside paid each other in laps of a ring, within the span."""

    payer: Party
    payee: Party
    amount: Rupees
    payments: int
    steps: tuple[int, ...]


class OutsideMember(NamedTuple):
    """Somebody outside, with the ring and one of its businesses beside whom it is drawn."""

    party: Party
    ring: Ring
    beside: int


def outside_members(rings: Mapping[int, Ring]) -> tuple[OutsideMember, ...]:
    """The members outside of the rings of these businesses, each once."""
    found: dict[int, OutsideMember] = {}
    for business, ring in sorted(rings.items()):
        for node, party in outsiders_of(ring).items():
            found.setdefault(node, OutsideMember(party, ring, business))
    return tuple(found.values())


def outside_lines(
    members: tuple[OutsideMember, ...], businesses: Mapping[int, Party], span: Span, sight: Sight
) -> tuple[OutsideLine, ...]:
    """Payments between the members outside and the businesses, which agree to it as they do for every line.

    Of a bank's person only those of its customers.
    """
    if not members:
        return ()
    rings = Ring.objects.filter(pk__in={member.ring.pk for member in members}).values_list("evidence", flat=True)
    cycles = Cycle.objects.filter(pk__in=[key for evidence in rings for key in evidence])
    ends = {key: party for key, party in businesses.items() if party.visible}
    ends |= {member.party.business_id: member.party for member in members}
    found = (Leg(**edge) for cycle in cycles.order_by("pk") for edge in cycle.edges)
    legs = {(leg.rail, leg.reference, leg.payer, leg.payee): leg for leg in found}
    allowed = _allowed([key for key in ends if key >= 0], sight)
    sums: dict[tuple[int, int], list[Leg]] = {}
    for _, leg in sorted(legs.items()):
        reached = min(leg.payer, leg.payee) < 0 and {leg.payer, leg.payee} <= ends.keys()
        told = reached and all(is_told(leg, willing) for willing in allowed)
        if told and span.since <= moment(leg.occurred_at) <= span.until:
            sums.setdefault((leg.payer, leg.payee), []).append(leg)
    return tuple(_line(ends[payer], ends[payee], paid, span) for (payer, payee), paid in sums.items())


def _allowed(businesses: Collection[int], sight: Sight) -> tuple[Willing, ...]:
    """Who lets the platform read, and for a bank's person who lets the bank as well."""
    live = Consent.objects.live_at(sight.at).filter(business__in=businesses)
    readers = [live.to_platform()] if sight.bank is None else [live.to_platform(), live.to_bank(sight.bank)]
    return tuple(willing_on(RAIL, consents) for consents in readers)


def _line(payer: Party, payee: Party, paid: list[Leg], span: Span) -> OutsideLine:
    total = sum(leg.amount_paise for leg in paid)
    steps = {span.step_at(moment(leg.occurred_at)) for leg in paid}
    return OutsideLine(payer, payee, from_paise(total), len(paid), tuple(sorted(steps)))
