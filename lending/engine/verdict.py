"""From a dossier to a verdict: the policy floor, the limits, the price and the reasons, all in one value."""

from dataclasses import dataclass
from decimal import Decimal

from creditiq.kernel.money import rupees
from lending.engine import eligibility, floor, limits, pricing
from lending.engine.dossier import Dossier, Facility
from lending.engine.eligibility import Check, Eligibility
from lending.engine.floor import Offer, Outcome
from lending.engine.limits import Bound, Constraint, Limit
from lending.engine.msme import MsmeCategory, msme_category
from lending.engine.policy import BandTerms, LendingPolicy
from lending.engine.pricing import RateBuildUp
from lending.engine.schedule import annuity, monthly_rate

NOTHING = Decimal(0)
RATIO = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The whole answer of the policy to one dossier; `months` and `prices` are keyed by facility."""

    outcome: Outcome
    reasons: tuple[str, ...]
    checks: tuple[Check, ...]
    limit: Limit
    months: dict[str, int]
    prices: dict[str, RateBuildUp]
    category: MsmeCategory | None
    cgtmse: Eligibility
    mudra: Eligibility
    offer: Offer | None


def evaluate(dossier: Dossier, policy: LendingPolicy) -> Verdict:
    """Apply the policy to the dossier. Pure: the same dossier and policy give the same verdict, whatever the day."""
    cgtmse = eligibility.cgtmse(dossier, policy.schemes)
    mudra = eligibility.mudra(dossier, policy.schemes)
    limit = limits_of(dossier, policy, mudra)
    offer = _offer(dossier, policy)
    findings = floor.findings(dossier, policy, limit, offer)
    return Verdict(
        outcome=_stopped(dossier) or floor.worst(findings),
        reasons=floor.reasons(findings),
        checks=tuple(finding.check for finding in findings),
        limit=limit,
        months=_months(dossier, policy),
        prices=_prices(dossier, policy, limit, cgtmse),
        category=msme_category(dossier.flows.turnover, dossier.firm.registered),
        cgtmse=cgtmse,
        mudra=mudra,
        offer=offer,
    )


def limits_of(dossier: Dossier, policy: LendingPolicy, mudra: Eligibility) -> Limit:
    """The limits of both facilities; each is the smallest of its bounds in the binding order of the lending rules."""
    terms = policy.bands.get(dossier.score.band or "")
    shared = _fraud_stop(dossier)
    loss = _loss(dossier, policy)
    flows = dossier.flows
    turnover = limits.working_bound(flows.turnover, flows.digital, policy.turnover, dossier.assets)
    working = [*shared, turnover, _capacity(dossier, policy, Facility.WORKING_CAPITAL, terms), loss]
    working += _caps(terms, terms.working_capital if terms else None, policy, mudra)
    term = [*shared, _capacity(dossier, policy, Facility.TERM_LOAN, terms), loss]
    term += _caps(terms, terms.term_loan if terms else None, policy, mudra)
    rooms = [limits.exposure_bound(room.cap, room.used, room.name) for room in dossier.rooms]
    working, term = [*working, *rooms], [*term, *rooms]
    return Limit(working_capital=limits.binding(working), term_loan=limits.binding(term))


def _stopped(dossier: Dossier) -> Outcome | None:
    if dossier.fraud.confirmed:
        return Outcome.DECLINE
    return Outcome.HOLD if dossier.fraud.held else None


def _fraud_stop(dossier: Dossier) -> list[Bound]:
    if dossier.fraud.confirmed:
        return [Bound(Constraint.FRAUD, NOTHING, "Confirmed circular payments")]
    return [Bound(Constraint.FRAUD, NOTHING, "Payments under review")] if dossier.fraud.held else []


def _base_rate(dossier: Dossier, policy: LendingPolicy) -> Decimal | None:
    # Without the guarantee: cheaper money must never make approval more likely.
    pd = dossier.score.pd
    return monthly_rate(pricing.rate(policy.price, pd=pd, lgd=policy.lgd).rate) if pd is not None else None


def _capacity(dossier: Dossier, policy: LendingPolicy, facility: Facility, terms: BandTerms | None) -> Bound:
    flows, rate = dossier.flows, _base_rate(dossier, policy)
    if flows.net_flow is None or flows.debt_service is None or rate is None or terms is None:
        return Bound(Constraint.CAPACITY, None, "No cash flow or no score to judge it by")
    room = limits.room_for_service(flows.net_flow, flows.debt_service, policy.coverage)
    basis = f"Repayment capacity at {policy.coverage} times the service"
    if facility is Facility.WORKING_CAPITAL:
        return Bound(Constraint.CAPACITY, limits.revolving_capacity(room, rate), basis)
    return Bound(Constraint.CAPACITY, limits.term_capacity(room, rate, terms.term_months), basis)


def _loss(dossier: Dossier, policy: LendingPolicy) -> Bound:
    if not dossier.score.pd:
        return Bound(Constraint.EXPECTED_LOSS, None, "No probability of default")
    return limits.expected_loss_bound(policy.expected_loss_appetite, dossier.score.pd, policy.lgd)


def _caps(terms: BandTerms | None, cap: Decimal | None, policy: LendingPolicy, mudra: Eligibility) -> list[Bound]:
    if terms is None or cap is None:
        return [Bound(Constraint.BAND, None, "No score band")]
    bounds = [Bound(Constraint.BAND, cap, "Largest amount for the score band" if cap else "Not offered to this band")]
    if terms.mudra_only:
        most = {True: policy.mudra_only_most, False: NOTHING, None: None}[mudra.eligible]
        bounds.append(Bound(Constraint.SCHEME, most, "MUDRA Shishu or Kishor only"))
    return bounds


def _offer(dossier: Dossier, policy: LendingPolicy) -> Offer | None:
    request, rate = dossier.request, _base_rate(dossier, policy)
    if request is None or rate is None:
        return None
    revolving = request.facility is Facility.WORKING_CAPITAL
    service = rupees(request.amount * rate if revolving else annuity(request.amount, rate, request.months))
    flows = dossier.flows
    if flows.net_flow is None or flows.debt_service is None:
        return Offer(service=service, coverage=None)
    return Offer(service=service, coverage=(flows.net_flow / (flows.debt_service + service)).quantize(RATIO))


def _months(dossier: Dossier, policy: LendingPolicy) -> dict[str, int]:
    terms = policy.bands.get(dossier.score.band or "")
    if terms is None:
        return {}
    return {
        Facility.WORKING_CAPITAL.value: terms.working_capital_months,
        Facility.TERM_LOAN.value: terms.term_months,
    }


def _prices(dossier: Dossier, policy: LendingPolicy, limit: Limit, cgtmse: Eligibility) -> dict[str, RateBuildUp]:
    pd = dossier.score.pd
    if pd is None:
        return {}
    amounts = {Facility.WORKING_CAPITAL: limit.working_capital.amount, Facility.TERM_LOAN: limit.term_loan.amount}
    if dossier.request:
        amounts[dossier.request.facility] = dossier.request.amount
    return {
        facility.value: pricing.rate(
            policy.price, pd=pd, lgd=policy.lgd, guarantee=policy.guarantee(amount) if cgtmse.eligible else None
        )
        for facility, amount in amounts.items()
    }
