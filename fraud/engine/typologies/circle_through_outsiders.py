"""Circle through outsiders: money comes back to a business by way of an address that is nobody's we know."""

from __future__ import annotations

from fraud.engine.policy import FraudPolicy
from fraud.engine.rings import MemberFinding, RingFinding
from fraud.engine.typologies.findings import MOST_ROWS, Finding, Frames
from fraud.engine.wider_rings import wider_rings


def circle_through_outsiders(frames: Frames, as_of: int, policy: FraudPolicy) -> list[Finding]:
    """UPI payments, bank entries and documents of the ring window, all customers' together.

    Formula: temporal cycles as in rings (fraud.md §2 and §3) with at least one node that is an unverified address;
    a member is found when the ring's confidence and its recurrence pass policy; strength is that confidence.
    Rows are the member's own payments. Reference: fraud.md §1, parties outside. Example: a shop pays ₹3 lakh to an
    address, which pays ₹2.9 lakh to a second shop, which pays the first; every week.

    >>> circle_through_outsiders.__name__
    'circle_through_outsiders'
    """
    best: dict[int, Finding] = {}
    for ring in wider_rings(frames, as_of, policy).rings:
        for member in ring.members:
            if member.business >= 0 and member.is_suspect(policy) and member.business not in best:
                best[member.business] = _finding(member, ring)
    return list(best.values())


def _finding(member: MemberFinding, ring: RingFinding) -> Finding:
    mine = sorted(
        {
            (leg.occurred_at, leg.rail, leg.reference)
            for cycle in ring.cycles
            for leg in cycle.legs
            if member.business in (leg.payer, leg.payee)
        }
    )
    kinds = {"upi": "upi_payments", "bank": "bank_entries"}
    strangers = sum(1 for other in ring.members if other.business < 0)
    return Finding(
        business=member.business,
        typology="circle_through_outsiders",
        score=round(member.confidence, 4),
        figures=(
            ("laps", round(member.reading.recurrence, 2)),
            ("members", float(len(ring.members))),
            ("of_them_unknown", float(strangers)),
            ("retention", round(member.reading.retention, 4)),
        ),
        rows=tuple((kinds[rail], reference) for _, rail, reference in mine[-MOST_ROWS:]),
    )
