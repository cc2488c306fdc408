"""Members of rings who are nobody we know, as dots and lines of the topology."""

from collections.abc import Mapping
from typing import NamedTuple

from creditiq.kernel.clock import moment
from creditiq.kernel.money import Rupees, from_paise
from fraud.models import Cycle, Ring
from fraud.selectors.layers import Span
from fraud.selectors.parties import Party
from fraud.selectors.rings import outsiders_of


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
    members: tuple[OutsideMember, ...], businesses: Mapping[int, Party], span: Span
) -> tuple[OutsideLine, ...]:
    """Payments between the members outside and the businesses; of a bank's person only those of its customers."""
    if not members:
        return ()
    rings = Ring.objects.filter(pk__in={member.ring.pk for member in members}).values_list("evidence", flat=True)
    cycles = Cycle.objects.filter(pk__in=[key for evidence in rings for key in evidence])
    ends = {key: party for key, party in businesses.items() if party.visible}
    ends |= {member.party.business_id: member.party for member in members}
    legs = {
        (str(leg["rail"]), str(leg["reference"]), int(leg["payer"]), int(leg["payee"])): leg
        for cycle in cycles.order_by("pk")
        for leg in cycle.edges
        if min(int(leg["payer"]), int(leg["payee"])) < 0 and {int(leg["payer"]), int(leg["payee"])} <= ends.keys()
    }
    sums: dict[tuple[int, int], list[Mapping[str, object]]] = {}
    for (_, _, payer, payee), leg in sorted(legs.items()):
        if span.since <= moment(int(leg["occurred_at"])) <= span.until:
            sums.setdefault((payer, payee), []).append(leg)
    return tuple(_line(ends[payer], ends[payee], paid, span) for (payer, payee), paid in sums.items())


def _line(payer: Party, payee: Party, paid: list[Mapping[str, object]], span: Span) -> OutsideLine:
    total = sum(int(str(leg["amount_paise"])) for leg in paid)
    steps = {span.step_at(moment(int(str(leg["occurred_at"])))) for leg in paid}
    return OutsideLine(payer, payee, from_paise(total), len(paid), tuple(sorted(steps)))
