"""Value traded with flagged businesses, and the filing discipline of counterparties (features.md, network block)."""

from __future__ import annotations

from collections.abc import Mapping

Weights = Mapping[int, int]


def traded_value(pairs: Mapping[tuple[int, int], int]) -> dict[int, dict[int, int]]:
    """Value (paise) each business traded with each counterparty, both directions added.

    >>> traded_value({(1, 2): 30, (2, 1): 20})[1]
    {2: 50}
    """
    traded: dict[int, dict[int, int]] = {}
    for (payer, payee), value in pairs.items():
        for one, other in ((payer, payee), (payee, payer)):
            partners = traded.setdefault(one, {})
            partners[other] = partners.get(other, 0) + value
    return traded


def direct_exposure(partners: Weights, flagged: Mapping[int, bool]) -> float | None:
    """Share of value traded with flagged businesses; None when nothing was traded."""
    return weighted_mean(partners, {partner: float(flagged.get(partner, False)) for partner in partners})


def fraud_exposure(
    partners: Weights, flagged: Mapping[int, bool], direct: Mapping[int, float | None], decay: float
) -> float | None:
    """Share of value traded with flagged businesses, the partners' own dealings counted at `decay`.

    A partner counts 1 when flagged, else decay × its own direct exposure: two hops, never above 1.

    >>> fraud_exposure({2: 50, 3: 50}, {2: True}, {3: 0.5}, decay=0.5)
    0.625
    """
    risk = {
        partner: 1.0 if flagged.get(partner, False) else decay * (direct.get(partner) or 0.0) for partner in partners
    }
    return weighted_mean(partners, risk)


def compliance_average(partners: Weights, rates: Mapping[int, float | None]) -> float | None:
    """Value-weighted share of returns filed on time by direct counterparties; None when none had one due.

    >>> compliance_average({2: 75, 3: 25, 4: 900}, {2: 1.0, 3: 0.2, 4: None})
    0.8
    """
    return weighted_mean(partners, rates)


def weighted_mean(partners: Weights, value: Mapping[int, float | None]) -> float | None:
    """Mean of the known values weighted by trade, summed in order of key so that any input order agrees."""
    known = [
        (partners[partner], reading) for partner in sorted(partners) if (reading := value.get(partner)) is not None
    ]
    total = sum(weight for weight, _ in known)
    return sum(weight * reading for weight, reading in known) / total if total else None
