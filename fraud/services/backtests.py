"""What a rule would have done: its hits among past screenings, and what the decisions of the time would have lost."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from fraud.engine.rules.expressions import matches
from fraud.engine.rules.facts import Value, facts_of
from fraud.engine.typologies.findings import Finding as Found
from fraud.models import Backtest, Finding, RuleVersion, Screening


@dataclass(frozen=True)
class Decided:
    """A past decision about a business: whether it was approved, and the paise granted."""

    business_id: int
    approved: bool
    granted_paise: int


@dataclass(frozen=True)
class BacktestPeriod:
    """Days of Indian time, both inclusive."""

    since: date
    until: date


def backtest_rule(
    *, rule_id: UUID, version: int, period: BacktestPeriod, decided: Collection[Decided], by: User, at: datetime
) -> Backtest:
    """Ask a version about the last screening in the period of every business the person may see, and compare.

    Lending, above us, brings what was decided about them. Raises NotVisible, Forbidden, InvalidInput.
    """
    require(by, Capability.WORK_FRAUD)
    row = RuleVersion.objects.filter(rule__uuid=rule_id, version=version).first()
    if row is None:
        raise NotVisible
    if period.until < period.since:
        raise InvalidInput("The period ends before it begins.", field="until", rule="backtest.period")
    since = datetime.combine(period.since, datetime.min.time(), IST)
    until = datetime.combine(period.until, datetime.max.time(), IST)
    screenings = list(
        Screening.objects.filter(as_of__range=(since, until), business__in=Business.objects.visible_to(by, at))
        .latest_of_each()
        .select_related("business")
        .prefetch_related("findings")
    )
    hit = {each.business_id for each in screenings if matches(row.expression, _facts(each))}
    approved = [case for case in decided if case.approved]
    touched = [case for case in approved if case.business_id in hit]
    with transaction.atomic(durable=True):
        made = Backtest.objects.create(
            version=row,
            since=period.since,
            until=period.until,
            ran_at=at,
            ran_by=by,
            screened=len(screenings),
            hits=len(hit),
            decided=len(decided),
            approved=len(approved),
            approved_hit=len(touched),
            effect_paise=sum(case.granted_paise for case in touched),
        )
        audit.record("rule.backtested", target=made, at=at, by=by, payload={"version": version, "hits": len(hit)})
    return made


def _facts(screening: Screening) -> dict[str, Value]:
    business = screening.business
    register: dict[str, Value] = {
        "sector": business.sector,
        "state_code": float(business.state_code),
        "constitution": business.constitution,
    }
    found = [_found(finding) for finding in screening.findings.all()]
    return facts_of(screening.network(), found, complete=screening.complete, register=register)


def _found(finding: Finding) -> Found:
    return Found(finding.business_id, finding.typology, finding.score, (), ())
