"""Rules: written by one person, put in force by another, and asked at every screening."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import digest
from fraud.engine.rules.cases import check_cases, run_cases, unready
from fraud.engine.rules.expressions import BadExpression, check, facts_in, matches
from fraud.engine.rules.facts import Value, facts_of
from fraud.engine.typologies.findings import Finding
from fraud.events import AlertRaised
from fraud.models import Alert, AlertState, Rule, RuleHit, RuleState, RuleVersion, Screening, Severity
from fraud.selectors.cases import snoozed_topics
from fraud.selectors.rules import may_publish, may_retire

BATCH = 2000


class UnableToMoveRule(ApplicationError):
    """The version is not where this step begins, or not by this person."""

    code = "rule_not_movable"


@dataclass(frozen=True)
class RuleDraft:
    """What an author writes; `cases` are {name, facts, expected}."""

    slug: str
    title: str
    expression: object
    cases: object
    severity: str
    note: str = ""


def write_rule(*, draft: RuleDraft, by: User, at: datetime) -> RuleVersion:
    """A new draft version of the rule with this slug, made when there is none. Raises InvalidInput, Forbidden."""
    require(by, Capability.WORK_FRAUD)
    try:
        check(draft.expression)
        check_cases(draft.cases)
    except BadExpression as problem:
        raise InvalidInput(f"{problem}.", field="expression", rule="rule.expression") from problem
    if draft.severity not in Severity.values:
        raise InvalidInput("Choose low, medium or high.", field="severity", rule="rule.severity")
    with transaction.atomic(durable=True):
        locks.hold(f"fraud.rule.{draft.slug}", 0)
        made = {"title": draft.title.strip() or draft.slug, "created_at": at, "created_by": by}
        rule, _ = Rule.objects.get_or_create(slug=draft.slug, defaults=made)
        version = RuleVersion.objects.create(
            rule=rule,
            version=(rule.versions.aggregate(last=Max("version"))["last"] or 0) + 1,
            expression=draft.expression,
            cases=draft.cases,
            severity=draft.severity,
            note=draft.note.strip(),
            author=by,
            written_at=at,
        )
        content = digest({"expression": draft.expression, "cases": draft.cases})
        audit.record("rule.written", target=version, at=at, by=by, payload={"rule": rule.slug, "content": content})
    return version


def submit_rule(*, rule_id: UUID, version: int, by: User, at: datetime) -> RuleVersion:
    """Hand a draft in for review; its cases must pass. Raises UnableToMoveRule, NotVisible, Forbidden."""
    require(by, Capability.WORK_FRAUD)
    with transaction.atomic(durable=True):
        row = _locked(rule_id, version)
        if row.state != RuleState.DRAFT or row.author_id != by.pk:
            raise UnableToMoveRule("Only its author hands in a draft, and only once.")
        if problem := unready(run_cases(row.expression, row.cases)):
            raise UnableToMoveRule(problem)
        row.state, row.submitted_at = RuleState.REVIEW, at
        row.save(update_fields=["state", "submitted_at"])
        audit.record("rule.submitted", target=row, at=at, by=by, payload={"version": row.version})
    return row


def rule_act(*, act: str, rule_id: UUID, version: int, by: User, at: datetime) -> RuleVersion:
    """One step by name: submit, shadow, publish or retire. Raises UnableToMoveRule, NotVisible, Forbidden."""
    if act == "submit":
        return submit_rule(rule_id=rule_id, version=version, by=by, at=at)
    if act == "retire":
        return retire_rule(rule_id=rule_id, version=version, by=by, at=at)
    return publish_rule(rule_id=rule_id, version=version, shadow=act == "shadow", by=by, at=at)


def publish_rule(*, rule_id: UUID, version: int, shadow: bool, by: User, at: datetime) -> RuleVersion:
    """Put a reviewed version in force, or in shadow, where it only takes notes; a live one replaces the one before.

    Somebody else than its author does it, and of the platform: a rule asks about everybody, whatever bank they are
    with. Raises UnableToMoveRule, NotVisible, Forbidden.
    """
    require(by, Capability.WORK_FRAUD)
    if not may_publish(by):
        raise Forbidden("A rule asks about the businesses of every bank, so the platform's staff puts it in force.")
    with transaction.atomic(durable=True):
        row = _locked(rule_id, version)
        if row.state not in (RuleState.REVIEW, RuleState.SHADOW) or (shadow and row.state == RuleState.SHADOW):
            raise UnableToMoveRule("Only a version in review or in shadow is put in force.")
        if row.author_id == by.pk:
            raise UnableToMoveRule("A rule is put in force by somebody else than its author.")
        if not shadow:
            RuleVersion.objects.filter(rule=row.rule, state=RuleState.LIVE).update(
                state=RuleState.RETIRED, retired_at=at
            )
        row.state = RuleState.SHADOW if shadow else RuleState.LIVE
        row.publisher, row.live_from = by, at
        row.save(update_fields=["state", "publisher", "live_from"])
        audit.record(f"rule.{row.state}", target=row, at=at, by=by, payload={"version": row.version})
    return row


def retire_rule(*, rule_id: UUID, version: int, by: User, at: datetime) -> RuleVersion:
    """Take a version out of force or out of review. Raises UnableToMoveRule, NotVisible, Forbidden.

    Its author may give up what is not in force yet; everything else is for the platform's staff.
    """
    require(by, Capability.WORK_FRAUD)
    with transaction.atomic(durable=True):
        row = _locked(rule_id, version)
        if not may_retire(row, by):
            raise Forbidden("A rule that works on every bank's businesses is retired by the platform's staff.")
        if row.state == RuleState.RETIRED:
            raise UnableToMoveRule("This version is retired already.")
        row.state, row.retired_at = RuleState.RETIRED, at
        row.save(update_fields=["state", "retired_at"])
        audit.record("rule.retired", target=row, at=at, by=by, payload={"version": row.version})
    return row


def apply_rules(screenings: Mapping[int, Screening], found: Iterable[Finding]) -> None:
    """Ask every running version about every screening (by business); note the hits, and alert on live ones.

    A version of low severity only takes notes, live or not.

    Called in the transaction that stored the screenings.
    """
    versions = list(RuleVersion.objects.running().select_related("rule"))
    if not versions:
        return
    mine: dict[int, list[Finding]] = {}
    for finding in found:
        mine.setdefault(finding.business, []).append(finding)
    register: dict[int, dict[str, Value]] = {
        business: {"sector": sector, "state_code": float(state), "constitution": constitution}
        for business, sector, state, constitution in Business.register.filter(pk__in=screenings).values_list(
            "pk", "sector", "state_code", "constitution"
        )
    }
    hits = []
    for business, screening in screenings.items():
        facts = facts_of(
            screening.network(), mine.get(business, ()), complete=screening.complete, register=register[business]
        )
        for version in versions:
            if matches(version.expression, facts):
                read = {name: facts[name] for name in sorted(set(facts_in(version.expression)))}
                hits.append(_hit(version, screening, read))
    RuleHit.objects.bulk_create(hits, ignore_conflicts=True, batch_size=BATCH)
    _alert([hit for hit in hits if not hit.shadow and hit.version.severity != Severity.LOW])


def _hit(version: RuleVersion, screening: Screening, facts: Mapping[str, object]) -> RuleHit:
    return RuleHit(
        version=version,
        business_id=screening.business_id,
        screening=screening,
        at=screening.as_of,
        shadow=version.state == RuleState.SHADOW,
        facts=dict(facts),
    )


def _alert(hits: list[RuleHit]) -> None:
    """One alert per business and rule, none while it is snoozed; a dismissed one comes back with a newer version."""
    if not hits:
        return
    quiet = snoozed_topics(businesses=[hit.business_id for hit in hits], at=max(hit.at for hit in hits))
    alerts = Alert.objects.filter(ring=None, business__in=[hit.business_id for hit in hits])
    known: dict[tuple[int | None, str], list[Alert]] = {}
    for alert in alerts.order_by("opened_at", "pk"):
        known.setdefault((alert.business_id, alert.topic), []).append(alert)
    for hit in hits:
        topic = f"rule:{hit.version.rule.slug}"
        if (hit.business_id, topic) in quiet:
            continue
        last = known.get((hit.business_id, topic), [None])[-1]
        since = hit.version.live_from
        newer = last is not None and since is not None and last.decided_at is not None and since > last.decided_at
        if last is None or (last.state == AlertState.DISMISSED and newer):
            made = Alert.objects.create(
                business_id=hit.business_id, topic=topic, severity=hit.version.severity, opened_at=hit.at
            )
            known.setdefault((hit.business_id, topic), []).append(made)
            publish(AlertRaised(alert_id=made.pk))


def _locked(rule_id: UUID, version: int) -> RuleVersion:
    rows = RuleVersion.objects.select_for_update(of=("self",)).select_related("rule")
    row = rows.filter(rule__uuid=rule_id, version=version).first()
    if row is None:
        raise NotVisible
    return row
