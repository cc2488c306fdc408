"""Rules with their versions: the list, and one version against the live one, its cases and its back-tests."""

from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch, QuerySet

from accounts.models import Business, User
from accounts.permissions import Capability, can
from creditiq.kernel.errors import NotVisible
from fraud.engine.rules.cases import CaseResult, run_cases, unready
from fraud.engine.rules.words import Change, changes
from fraud.models import Backtest, Rule, RuleHit, RuleState, RuleVersion

RULES_PER_PAGE = 25
SHOWN_BACKTESTS = 10


class RuleRow(NamedTuple):
    """A rule in the list: its newest version, the one in force, and the businesses it holds of (live, in shadow)."""

    rule: Rule
    newest: RuleVersion
    live: RuleVersion | None
    hits: int
    shadow_hits: int


@dataclass(frozen=True)
class RuleList:
    """A page of rules by title."""

    rows: tuple[RuleRow, ...]
    page: Page[Rule]


@dataclass(frozen=True)
class RuleView:
    """One version of a rule.

    `steps` are the acts the person can do with it now, `unready` says why it cannot be reviewed.
    """

    rule: Rule
    version: RuleVersion
    versions: tuple[RuleVersion, ...]
    live: RuleVersion | None
    changes: tuple[Change, ...]
    results: tuple[CaseResult, ...]
    unready: str
    backtests: tuple[Backtest, ...]
    hits: int
    steps: tuple[str, ...]


def rule_list(*, user: User, page: str = "1", most: int = RULES_PER_PAGE) -> RuleList:
    """All rules; hits are counted among the businesses the person may see."""
    rules = Rule.objects.prefetch_related(
        Prefetch("versions", RuleVersion.objects.select_related("author").order_by("version"))
    )
    shown = Paginator(rules.order_by("title", "pk"), most).get_page(page)
    seen = _seen_hits(user).filter(version__rule__in=[rule.pk for rule in shown])
    counted: dict[tuple[int, bool], set[int]] = {}
    for number, shadow, business in seen.values_list("version__rule_id", "shadow", "business_id").distinct():
        counted.setdefault((number, shadow), set()).add(business)
    rows = []
    for rule in shown:
        versions = list(rule.versions.all())
        held = (len(counted.get((rule.pk, shadow), ())) for shadow in (False, True))
        rows.append(RuleRow(rule, versions[-1], _live(versions), *held))
    return RuleList(tuple(rows), shown)


def rule_view(*, user: User, rule_id: UUID, version: int | None = None) -> RuleView:
    """A version, the newest when none is named. Raises NotVisible."""
    rule = Rule.objects.select_related("created_by").filter(uuid=rule_id).first()
    if rule is None:
        raise NotVisible
    versions = list(rule.versions.select_related("author", "publisher", "rule").order_by("-version"))
    chosen = next((row for row in versions if version is None or row.version == version), None)
    if chosen is None:
        raise NotVisible
    live, results = _live(versions), run_cases(chosen.expression, chosen.cases)
    return RuleView(
        rule=rule,
        version=chosen,
        versions=tuple(versions),
        live=live,
        changes=changes(live.expression if live else None, chosen.expression),
        results=results,
        unready=unready(results),
        backtests=tuple(visible_backtests(user).filter(version=chosen).order_by("-ran_at", "-pk")[:SHOWN_BACKTESTS]),
        hits=_seen_hits(user).filter(version=chosen).values("business").distinct().count(),
        steps=_steps(chosen, user),
    )


def visible_backtests(user: User) -> QuerySet[Backtest]:
    """Those of the person's own organisation, whose decisions they count; the platform sees all."""
    rows = Backtest.objects.select_related("ran_by")
    organisation = user.organisation
    if organisation is None:
        return rows.filter(ran_by=user)
    return rows if organisation.is_platform else rows.filter(ran_by__organisation=organisation)


def _seen_hits(user: User) -> QuerySet[RuleHit]:
    return RuleHit.objects.filter(business__in=Business.objects.visible_to(user))


def _live(versions: list[RuleVersion]) -> RuleVersion | None:
    return next((row for row in versions if row.state == RuleState.LIVE), None)


def _steps(version: RuleVersion, user: User) -> tuple[str, ...]:
    """What the person can do with the version now; the services judge again."""
    if not can(user, Capability.WORK_FRAUD):
        return ()
    mine = version.author_id == user.pk
    allowed = {
        "submit": mine and version.state == RuleState.DRAFT,
        "shadow": not mine and may_publish(user) and version.state == RuleState.REVIEW,
        "publish": not mine and may_publish(user) and version.state in (RuleState.REVIEW, RuleState.SHADOW),
        "retire": version.state != RuleState.RETIRED and may_retire(version, user),
    }
    return tuple(name for name, may in allowed.items() if may)


def may_publish(user: User) -> bool:
    """Whether somebody puts rules in force: they ask about every bank's businesses, so only the platform's staff."""
    return user.organisation is not None and user.organisation.is_platform


def may_retire(version: RuleVersion, user: User) -> bool:
    """The platform's staff, and the author as long as the version is not in force, nor in shadow."""
    waiting = version.state in (RuleState.DRAFT, RuleState.REVIEW)
    return may_publish(user) or (waiting and version.author_id == user.pk)
