"""Whether a business may use the guarantee of CGTMSE or a MUDRA loan: each rule with its evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lending.engine.dossier import Dossier
from lending.engine.msme import MsmeCategory, msme_category


class Answer(StrEnum):
    """A rule answers one of three; unknown is never read as a pass."""

    PASSED = "pass"
    FAILED = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Check:
    """One rule of a scheme or of the policy, its answer and what the answer rests on."""

    rule: str
    answer: Answer
    evidence: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """All checks of one scheme; `most` is the largest loan under it in rupees."""

    scheme: str
    checks: tuple[Check, ...]
    most: Decimal

    @property
    def eligible(self) -> bool | None:
        """True when every rule passes, False when one fails, None when only unknowns stand in the way."""
        return overall(self.checks)


@dataclass(frozen=True, slots=True)
class SchemeRules:
    """The figures of the schemes that change with circulars: rupees, sectors, band names."""

    cgtmse_most: Decimal
    cgtmse_bands: tuple[str, ...]
    mudra_most: Decimal
    mudra_products: tuple[tuple[str, Decimal], ...]
    income_sectors: tuple[str, ...]


def overall(checks: Sequence[Check]) -> bool | None:
    """All rules together: one failure decides, then one unknown."""
    answers = {check.answer for check in checks}
    if Answer.FAILED in answers:
        return False
    return None if Answer.UNKNOWN in answers else True


def answer(fact: bool | None) -> Answer:
    """A fact as the answer of a rule; None is unknown."""
    if fact is None:
        return Answer.UNKNOWN
    return Answer.PASSED if fact else Answer.FAILED


def cgtmse(dossier: Dossier, rules: SchemeRules) -> Eligibility:
    """Cover of the Credit Guarantee Fund Trust for Micro and Small Enterprises (lending rules §6)."""
    firm = dossier.firm
    category = msme_category(dossier.flows.turnover, firm.registered)
    seen = dossier.flows.default_seen
    checks = (
        _in_class("micro or small enterprise", category, (MsmeCategory.MICRO, MsmeCategory.SMALL)),
        Check("Udyam registration", answer(firm.udyam), "on file" if firm.udyam else "no number on file"),
        Check("PAN on file", answer(firm.pan), "on file" if firm.pan else "missing"),
        _activity(firm.sector, rules),
        Check("no default with a lender", answer(None if seen is None else not seen), _default_words(seen)),
        _band(dossier.score.band, rules),
        _clean(dossier),
    )
    return Eligibility("CGTMSE", checks, rules.cgtmse_most)


def mudra(dossier: Dossier, rules: SchemeRules) -> Eligibility:
    """A loan under Pradhan Mantri MUDRA Yojana: non-corporate, non-farm, income-generating, up to Tarun."""
    firm = dossier.firm
    category = msme_category(dossier.flows.turnover, firm.registered)
    checks = (
        Check("not a company", answer(firm.constitution != "company"), firm.constitution),
        _in_class("micro enterprise", category, (MsmeCategory.MICRO,)),
        _activity(firm.sector, rules),
        _clean(dossier),
    )
    return Eligibility("MUDRA", checks, rules.mudra_most)


def mudra_product(amount: Decimal, rules: SchemeRules) -> str:
    """The MUDRA product whose slab holds the amount."""
    return next((name for name, most in rules.mudra_products if amount <= most), "above Tarun")


def _in_class(rule: str, category: MsmeCategory | None, allowed: tuple[MsmeCategory, ...]) -> Check:
    if category is None:
        return Check(rule, Answer.UNKNOWN, "neither turnover nor Udyam class is known")
    return Check(rule, answer(category in allowed), f"{category.value} by the limits of April 2025")


def _activity(sector: str, rules: SchemeRules) -> Check:
    return Check("activity covered", answer(sector in rules.income_sectors), sector.replace("_", " "))


def _default_words(seen: bool | None) -> str:
    if seen is None:
        return "no repayment history and no bank record shared"
    return "a loan fell 90 days behind" if seen else "none in the records shared; the bank confirms with the bureau"


def _band(band: str | None, rules: SchemeRules) -> Check:
    if band is None:
        return Check("risk band covered", Answer.UNKNOWN, "no score")
    return Check("risk band covered", answer(band in rules.cgtmse_bands), band.replace("_", " "))


def _clean(dossier: Dossier) -> Check:
    fraud = dossier.fraud
    if fraud.screening is None:
        return Check("screened", Answer.UNKNOWN, "payments not screened yet")
    clean = not (fraud.held or fraud.confirmed)
    return Check("screened", answer(clean), "no hold" if clean else "payments under review")
