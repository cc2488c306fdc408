"""A stored verdict read back for pages and the API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypedDict

from creditiq.kernel.money import short_inr
from lending.engine.eligibility import Answer, Check
from lending.engine.floor import Outcome
from lending.engine.limits import Constraint
from lending.engine.reasons import ReasonCode, reason
from lending.engine.record import WrittenBound, WrittenCheck, WrittenFacility, WrittenScheme, WrittenVerdict

LABELS: Mapping[str, str] = {"working_capital": "Working capital", "term_loan": "Term loan"}
CONSTRAINTS: Mapping[str, str] = {
    Constraint.FRAUD: "Fraud stop",
    Constraint.TURNOVER: "Turnover",
    Constraint.PERMISSIBLE: "Permissible bank finance (MPBF)",
    Constraint.CAPACITY: "Repayment capacity",
    Constraint.EXPECTED_LOSS: "Expected loss",
    Constraint.BAND: "Score band",
    Constraint.SCHEME: "Scheme",
    Constraint.EXPOSURE: "Exposure of the bank",
}


@dataclass(frozen=True)
class BoundReport:
    """One bound; amount None is unknown. `binds` marks the one that sets the limit."""

    name: str
    basis: str
    amount: Decimal | None
    binds: bool


@dataclass(frozen=True)
class FacilityReport:
    """What one facility allows: rupees, months, per cent a year."""

    code: str
    label: str
    amount: Decimal
    months: int
    rate: Decimal | None
    parts: tuple[tuple[str, Decimal], ...]
    constraint: str
    basis: str
    bounds: tuple[BoundReport, ...]


@dataclass(frozen=True)
class SchemeReport:
    """One scheme with its checks; eligible None is unknown."""

    scheme: str
    eligible: bool | None
    checks: tuple[Check, ...]
    most: Decimal

    @property
    def tone(self) -> str:
        """The badge tone of the answer."""
        return {True: "good", False: "neutral", None: "warn"}[self.eligible]

    @property
    def words(self) -> str:
        """The answer in words."""
        up_to = f"eligible up to {short_inr(self.most)}"
        answer = {True: up_to, False: "not eligible", None: "not known yet"}[self.eligible]
        return f"{self.scheme} {answer}"


@dataclass(frozen=True)
class VerdictReport:
    """What the policy said, ready to show. `service` is rupees a month for the amount asked.

    `binding_constraint` is the code of the bound that sets the working-capital limit.
    """

    outcome: Outcome
    reasons: tuple[ReasonCode, ...]
    checks: tuple[Check, ...]
    facilities: tuple[FacilityReport, ...]
    category: str | None
    cgtmse: SchemeReport
    mudra: SchemeReport
    service: Decimal | None
    coverage: Decimal | None
    binding_constraint: str
    policy_version: int

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """The codes of the reasons."""
        return tuple(row.code for row in self.reasons)

    def facility(self, code: str) -> FacilityReport:
        """The facility with this code."""
        return next(facility for facility in self.facilities if facility.code == code)


class _WrittenPolicy(TypedDict):
    version: int
    sha256: str


class _Document(TypedDict):
    policy: _WrittenPolicy
    verdict: WrittenVerdict


def read_verdict(document: str) -> VerdictReport:
    """The verdict in a stored document."""
    loaded: _Document = json.loads(document)
    verdict = loaded["verdict"]
    offer = verdict["offer"]
    return VerdictReport(
        outcome=Outcome(verdict["outcome"]),
        reasons=tuple(reason(code) for code in verdict["reasons"]),
        checks=_checks(verdict["checks"]),
        facilities=tuple(_facility(code, verdict["facilities"][code]) for code in LABELS),
        category=verdict["category"],
        cgtmse=_scheme(verdict["cgtmse"]),
        mudra=_scheme(verdict["mudra"]),
        service=Decimal(offer["service"]) if offer else None,
        coverage=Decimal(offer["coverage"]) if offer and offer["coverage"] is not None else None,
        binding_constraint=verdict["facilities"]["working_capital"]["binding"],
        policy_version=loaded["policy"]["version"],
    )


def _facility(code: str, written: WrittenFacility) -> FacilityReport:
    price = written["price"]
    bounds = tuple(_bound(bound, written["binding"]) for bound in written["bounds"])
    binding = next(bound for bound in bounds if bound.binds)
    return FacilityReport(
        code=code,
        label=LABELS[code],
        amount=Decimal(written["amount"]),
        months=written["months"],
        rate=Decimal(price["rate"]) if price else None,
        parts=tuple((name, Decimal(part)) for name, part in price["parts"]) if price else (),
        constraint=binding.name,
        basis=binding.basis,
        bounds=bounds,
    )


def _bound(written: WrittenBound, binding: str) -> BoundReport:
    amount = written["amount"]
    return BoundReport(
        name=CONSTRAINTS[written["constraint"]],
        basis=written["basis"],
        amount=Decimal(amount) if amount is not None else None,
        binds=written["constraint"] == binding,
    )


def _scheme(written: WrittenScheme) -> SchemeReport:
    return SchemeReport(
        scheme=written["scheme"],
        eligible=written["eligible"],
        checks=_checks(written["checks"]),
        most=Decimal(written["most"]),
    )


def _checks(written: list[WrittenCheck]) -> tuple[Check, ...]:
    return tuple(Check(check["rule"], Answer(check["answer"]), check["evidence"]) for check in written)
