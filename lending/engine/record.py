"""The written form of a verdict: what is stored, compared byte for byte by a replay, and shown on pages.

Amounts and rates are decimals in the value and strings in its canonical JSON; the TypedDicts describe the JSON.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TypedDict

from lending.engine.dossier import Dossier
from lending.engine.eligibility import Check, Eligibility
from lending.engine.limits import FacilityLimit
from lending.engine.pricing import RateBuildUp
from lending.engine.verdict import Verdict


class WrittenCheck(TypedDict):
    """A rule, its answer and its evidence."""

    rule: str
    answer: str
    evidence: str


class WrittenBound(TypedDict):
    """One bound of a limit; the amount is None where it is unknown."""

    constraint: str
    amount: str | None
    basis: str


class WrittenPrice(TypedDict):
    """A yearly rate in per cent and its parts."""

    rate: str
    parts: list[tuple[str, str]]


class WrittenFacility(TypedDict):
    """The limit, tenor and price of one facility."""

    amount: str
    binding: str
    bounds: list[WrittenBound]
    months: int
    price: WrittenPrice | None


class WrittenScheme(TypedDict):
    """Whether a scheme may be used, and why."""

    scheme: str
    eligible: bool | None
    most: str
    checks: list[WrittenCheck]


class WrittenOffer(TypedDict):
    """The monthly service of the request and its coverage."""

    service: str
    coverage: str | None


class WrittenVerdict(TypedDict):
    """A whole verdict."""

    outcome: str
    reasons: list[str]
    checks: list[WrittenCheck]
    facilities: dict[str, WrittenFacility]
    category: str | None
    cgtmse: WrittenScheme
    mudra: WrittenScheme
    offer: WrittenOffer | None


def written(verdict: Verdict) -> dict[str, object]:
    """The verdict as plain values, ready for canonical JSON; read back it is a WrittenVerdict."""
    limits = {"working_capital": verdict.limit.working_capital, "term_loan": verdict.limit.term_loan}
    return {
        "outcome": verdict.outcome,
        "reasons": verdict.reasons,
        "checks": [_check(check) for check in verdict.checks],
        "facilities": {
            name: _facility(limit, verdict.months.get(name, 0), verdict.prices.get(name))
            for name, limit in limits.items()
        },
        "category": verdict.category,
        "cgtmse": _scheme(verdict.cgtmse),
        "mudra": _scheme(verdict.mudra),
        "offer": asdict(verdict.offer) if verdict.offer else None,
    }


def filed(dossier: Dossier) -> dict[str, object]:
    """The dossier as plain values, ready for canonical JSON; what is not there leaves no trace."""
    absent = {"rooms"} if not dossier.rooms else set()
    absent |= {"assets"} if dossier.assets is None else set()
    return {name: value for name, value in asdict(dossier).items() if name not in absent}


def differences(stored: object, rebuilt: object, path: str = "") -> list[tuple[str, object, object]]:
    """Where two JSON values differ: (path, stored, rebuilt), leaves only, in path order.

    >>> differences({"a": [1, 2]}, {"a": [1, 3]})
    [('a.1', 2, 3)]
    """
    found: list[tuple[str, object, object]] = []
    for key in sorted({*_branches(stored), *_branches(rebuilt)}):
        below = f"{path}.{key}" if path else key
        found += differences(_branches(stored).get(key), _branches(rebuilt).get(key), below)
    if not found and stored != rebuilt:
        found.append((path, stored, rebuilt))
    return found


def _branches(value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    return {str(index): item for index, item in enumerate(value)} if isinstance(value, list) else {}


def _check(check: Check) -> dict[str, object]:
    return {"rule": check.rule, "answer": check.answer, "evidence": check.evidence}


def _facility(limit: FacilityLimit, months: int, price: RateBuildUp | None) -> dict[str, object]:
    return {
        "amount": limit.amount,
        "binding": limit.binding.constraint,
        "bounds": [asdict(bound) for bound in limit.bounds],
        "months": months,
        "price": {"rate": price.rate, "parts": price.parts} if price else None,
    }


def _scheme(scheme: Eligibility) -> dict[str, object]:
    return {
        "scheme": scheme.scheme,
        "eligible": scheme.eligible,
        "most": scheme.most,
        "checks": [_check(check) for check in scheme.checks],
    }
