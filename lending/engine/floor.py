"""The policy floor: the rules every request has to pass, each with its evidence, its reason and its consequence."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lending.engine.dossier import Dossier, Facility, Request
from lending.engine.eligibility import Answer, Check, answer
from lending.engine.limits import Constraint, FacilityLimit, Limit
from lending.engine.policy import LendingPolicy

NOTHING = Decimal(0)


class Outcome(StrEnum):
    """What the policy says; a person decides."""

    RECOMMEND = "recommend"
    REFER = "refer"
    DECLINE = "decline"
    HOLD = "hold"


_SEVERITY = (Outcome.RECOMMEND, Outcome.REFER, Outcome.DECLINE, Outcome.HOLD)


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule of the policy floor: its check, the reason its answer gives, and the outcome that answer leads to."""

    check: Check
    reason: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Offer:
    """What the request would cost: level service a month in rupees and its coverage by the observed net flow."""

    service: Decimal
    coverage: Decimal | None


def facility_limit(limit: Limit, facility: Facility) -> FacilityLimit:
    """The limit of the facility asked for."""
    return limit.working_capital if facility is Facility.WORKING_CAPITAL else limit.term_loan


def findings(dossier: Dossier, policy: LendingPolicy, limit: Limit, offer: Offer | None) -> list[Finding]:
    """The rules of the floor applied to the dossier; without a request only those that need none."""
    always = [_fraud(dossier), _score(dossier), _filing(dossier, policy), _vintage(dossier, policy)]
    if dossier.request is None:
        return [*always, _some_limit(limit)]
    product = [_product(dossier.request), _tenor(dossier.request, dossier, policy)]
    return [*always, *product, _amount(dossier.request, limit), _coverage(offer, policy)]


def _finding(
    check: tuple[str, bool | None, str], *, good: str = "", bad: str, unknown: str = "", leads_to: Outcome
) -> Finding:
    rule, fact, evidence = check
    reply = answer(fact)
    outcome = {Answer.PASSED: Outcome.RECOMMEND, Answer.FAILED: leads_to, Answer.UNKNOWN: Outcome.REFER}[reply]
    code = {Answer.PASSED: good, Answer.FAILED: bad, Answer.UNKNOWN: unknown or bad}[reply]
    return Finding(check=Check(rule, reply, evidence), reason=code, outcome=outcome)


def _fraud(dossier: Dossier) -> Finding:
    fraud = dossier.fraud
    if fraud.screening is None:
        return _finding(("Payments screened", None, "not screened yet"), bad="fraud.unscreened", leads_to=Outcome.HOLD)
    clean = not (fraud.held or fraud.confirmed)
    evidence = "no hold" if clean else f"confidence {fraud.confidence or NOTHING:.2f}"
    code, gravity = ("fraud.confirmed", Outcome.DECLINE) if fraud.confirmed else ("fraud.hold", Outcome.HOLD)
    return _finding(("No circular payments", clean, evidence), bad=code, leads_to=gravity)


def _score(dossier: Dossier) -> Finding:
    score = dossier.score
    if score.score is None:
        check: tuple[str, bool | None, str] = ("Score issued", None, f"{score.maturity_months} months of evidence")
        return _finding(check, bad="evidence.insufficient", leads_to=Outcome.REFER)
    check = ("Score issued", True, f"{score.score}, {(score.band or '').replace('_', ' ')}")
    return _finding(check, good="score.meets", bad="score.band", leads_to=Outcome.DECLINE)


def _filing(dossier: Dossier, policy: LendingPolicy) -> Finding:
    gaps = dossier.flows.filing_gaps
    fact = None if gaps is None else gaps <= policy.filing_gaps
    words = "not shared" if gaps is None else f"{gaps} of the last twelve months not filed"
    check = (f"At most {policy.filing_gaps} filing gaps", fact, words)
    return _finding(check, good="filing.regular", bad="filing.gaps", unknown="filing.unknown", leads_to=Outcome.DECLINE)


def _vintage(dossier: Dossier, policy: LendingPolicy) -> Finding:
    months = dossier.firm.vintage_months
    check = (f"Registered {policy.vintage_months} months", months >= policy.vintage_months, f"{months} months")
    return _finding(check, bad="vintage.short", leads_to=Outcome.REFER)


def _some_limit(limit: Limit) -> Finding:
    most = max(limit.working_capital.amount, limit.term_loan.amount)
    check = ("Within a limit", most > 0, limit.working_capital.binding.basis)
    return _finding(
        check, good="amount.within_limit", bad=_why_nothing(limit.working_capital), leads_to=Outcome.DECLINE
    )


def _product(request: Request) -> Finding:
    fits = request.least_amount <= request.amount <= request.most_amount
    lasts = request.least_months <= request.months <= request.most_months
    return _finding(
        ("Fits the product", fits and lasts, request.product), bad="product.outside", leads_to=Outcome.DECLINE
    )


def _tenor(request: Request, dossier: Dossier, policy: LendingPolicy) -> Finding:
    terms = policy.bands.get(dossier.score.band or "")
    if terms is None:
        return _finding(("Tenor allowed", None, "no score band"), bad="evidence.insufficient", leads_to=Outcome.REFER)
    revolving = request.facility is Facility.WORKING_CAPITAL
    most = terms.working_capital_months if revolving else terms.term_months
    if not most:
        return _finding(
            ("Tenor allowed", False, "not offered to this band"), bad="score.band", leads_to=Outcome.DECLINE
        )
    check = ("Tenor allowed", request.months <= most, f"{request.months} of {most} months")
    return _finding(check, bad="term.too_long", leads_to=Outcome.REFER)


def _amount(request: Request, limit: Limit) -> Finding:
    facility = facility_limit(limit, request.facility)
    if not facility.binding.known:
        check: tuple[str, bool | None, str] = ("Amount within the limit", None, facility.binding.basis)
        return _finding(check, bad=_why_nothing(facility), leads_to=Outcome.REFER)
    code = "amount.above_limit" if facility.amount else _why_nothing(facility)
    gravity = Outcome.REFER if facility.amount else Outcome.DECLINE
    check = ("Amount within the limit", request.amount <= facility.amount, facility.binding.basis)
    return _finding(check, good="amount.within_limit", bad=code, leads_to=gravity)


def _why_nothing(facility: FacilityLimit) -> str:
    unknown = {
        Constraint.TURNOVER: "evidence.turnover",
        Constraint.CAPACITY: "evidence.flows",
        Constraint.EXPECTED_LOSS: "evidence.insufficient",
        Constraint.BAND: "evidence.insufficient",
    }
    known = {
        Constraint.FRAUD: "fraud.hold",
        Constraint.CAPACITY: "capacity.short",
        Constraint.BAND: "score.band",
        Constraint.SCHEME: "score.band",
    }
    names = known if facility.binding.known else unknown
    return names.get(facility.binding.constraint, "amount.above_limit")


def _coverage(offer: Offer | None, policy: LendingPolicy) -> Finding:
    coverage = offer.coverage if offer else None
    fact = None if coverage is None else coverage >= policy.coverage
    check = (f"Service covered {policy.coverage} times", fact, "not known" if coverage is None else f"{coverage} times")
    gravity = Outcome.DECLINE
    return _finding(check, good="capacity.sufficient", bad="capacity.short", unknown="evidence.flows", leads_to=gravity)


def worst(findings: list[Finding]) -> Outcome:
    """The outcome of the gravest finding."""
    return max((finding.outcome for finding in findings), key=_SEVERITY.index)


def reasons(findings: list[Finding]) -> tuple[str, ...]:
    """The codes that carry the outcome, gravest first; a recommendation names what speaks for it."""
    ranked = sorted(findings, key=lambda finding: -_SEVERITY.index(finding.outcome))
    against = [finding for finding in ranked if finding.outcome is not Outcome.RECOMMEND]
    return tuple(dict.fromkeys(finding.reason for finding in against or ranked if finding.reason))
