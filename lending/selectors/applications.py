"""Applications as the people who work on them see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Q, Sum, Value, When

from accounts.models import User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.money import Rupees, rupees
from fraud import selectors as fraud
from lending.engine.floor import Outcome
from lending.engine.turnaround import due_on
from lending.models import ApplicationState, Assessment, LoanApplication
from lending.models.applications import OFFER_STATES, OPEN_STATES, LoanApplicationQuerySet
from scoring.models import ScoreRun

ROWS = 25
HELD = "held"
_S = ApplicationState
WAITING = (_S.SUBMITTED, _S.SCREENING, _S.SCORED, _S.INFO_REQUESTED, _S.COUNTERED)
CHECKED = (_S.RECOMMENDED, _S.ANALYST_REVIEWED)
DECIDED = tuple(state for state in ApplicationState if state not in OPEN_STATES and state != _S.DRAFT)
TABS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "all": ("All", tuple(ApplicationState.values)),
    "mine": ("Mine", OPEN_STATES),
    "unassigned": ("Unassigned", OPEN_STATES),
    "to_decide": ("To decide", (_S.UNDER_REVIEW,)),
    "waiting": ("Waiting", WAITING),
    "recommended": ("With the checker", CHECKED),
    "offers": ("Offers", OFFER_STATES),
    "decided": ("Decided", DECIDED),
}


@dataclass(frozen=True)
class Tab:
    """A share of the queue with its size."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class QueueRow:
    """One application in a list. `band` is the score's, or `held`, or `insufficient_evidence`."""

    application: LoanApplication
    score: int | None
    band: str
    stands_out: str
    verdict: Outcome | None
    limit: Rupees | None
    due: date
    days_left: int

    @property
    def sector(self) -> str:
        """The sector in words."""
        return self.application.business.sector.replace("_", " ")

    @property
    def due_tone(self) -> str:
        """How near the last day is."""
        if not self.application.is_open or self.application.paused_at:
            return "neutral"
        return "bad" if self.days_left <= 0 else "warn" if self.days_left <= 2 else "neutral"

    @property
    def due_text(self) -> str:
        """The last day in words; nothing once it is decided."""
        if not self.application.is_open:
            return ""
        if self.application.paused_at:
            return "paused"
        return (
            "today"
            if self.days_left == 0
            else f"{-self.days_left} d late"
            if self.days_left < 0
            else f"{self.days_left} d"
        )


@dataclass(frozen=True)
class Queue:
    """One page of the queue with the figures above it."""

    tabs: tuple[Tab, ...]
    current: str
    page: Page[LoanApplication]
    rows: tuple[QueueRow, ...]
    asked: Rupees
    due_today: int
    search: str

    @property
    def to_decide(self) -> int:
        """How many wait for a first decision."""
        return next(tab.count for tab in self.tabs if tab.code == "to_decide")


def visible_application(*, user: User, application_id: UUID, at: datetime) -> LoanApplication:
    """An application the person may see. Raises NotVisible: missing and not yours answer alike."""
    seen = LoanApplication.objects.visible_to(user, at).select_related("business", "organisation", "product")
    application = seen.filter(uuid=application_id).first()
    if application is None:
        raise NotVisible
    return application


def own_applications(*, business_id: int) -> list[LoanApplication]:
    """What a business asked for, newest first."""
    mine = LoanApplication.objects.filter(business=business_id).select_related("product", "organisation")
    return list(mine.order_by("-opened_at", "-pk")[:ROWS])


def queue(*, user: User, tab: str, search: str, page: str, at: datetime, most: int = ROWS) -> Queue:
    """The applications a person may work on, open ones first, then the oldest; queries do not grow with the rows."""
    seen = _found(LoanApplication.objects.visible_to(user, at), search)
    current = tab if tab in TABS else "all"
    tabs, asked, due_today = _figures(seen, user, at)
    chosen = _of_tab(seen, current, user).select_related("business", "product", "organisation", "officer")
    pages = Paginator(chosen.order_by(_open_first(), "opened_at", "pk"), most)
    pages.count = next(share.count for share in tabs if share.code == current)  # known already
    shown = pages.get_page(page)
    return Queue(
        tabs=tabs,
        current=current,
        page=shown,
        rows=queue_rows(list(shown.object_list), at),
        asked=asked,
        due_today=due_today,
        search=search,
    )


def queue_rows(applications: list[LoanApplication], at: datetime) -> tuple[QueueRow, ...]:
    """The applications with score, standing and verdict, in the given order; three queries."""
    businesses = {application.business_id for application in applications}
    newest = ScoreRun.objects.filter(business__in=businesses).latest_of_each()
    runs = {run.business_id: run for run in newest.only("business_id", "score", "band", "status", "reasons", "gaps")}
    held = fraud.held_businesses(business_ids=businesses)
    verdicts = _verdicts([application.pk for application in applications])
    today = at.astimezone(IST).date()
    return tuple(
        _row(application, runs.get(application.business_id), held, verdicts.get(application.pk), today)
        for application in applications
    )


def _row(
    application: LoanApplication,
    run: ScoreRun | None,
    held: Mapping[int, str],
    verdict: Assessment | None,
    today: date,
) -> QueueRow:
    due = due_of(application)
    stopped = held.get(application.business_id)
    band = (run.band if run else "") or "insufficient_evidence"
    return QueueRow(
        application=application,
        score=run.score if run else None,
        band=HELD if stopped is not None else band,
        stands_out=stopped or stands_out(run),
        verdict=Outcome(verdict.outcome) if verdict else None,
        limit=verdict.limit if verdict else None,
        due=due,
        days_left=(due - today).days,
    )


def due_of(application: LoanApplication) -> date:
    """The last day for an answer; an older application has none stored and counts from its opening."""
    return application.due or due_on(application.opened_at.astimezone(IST).date(), application.amount)


def _of_tab(seen: LoanApplicationQuerySet, code: str, user: User) -> LoanApplicationQuerySet:
    shown = seen.filter(state__in=TABS[code][1])
    if code == "mine":
        return shown.filter(officer=user)
    return shown.filter(officer=None) if code == "unassigned" else shown


def stands_out(run: ScoreRun | None) -> str:
    """The two strongest facts of a score, or what is missing for one."""
    if run is None:
        return "No evidence was scored yet"
    if run.score is None:
        return "Too little evidence for a score"
    top = [reason for reason in run.reasons if reason["top"]][:2]
    return "; ".join(f"{reason['label']} {reason['value_text']}" for reason in top)


def _found(applications: LoanApplicationQuerySet, search: str) -> LoanApplicationQuerySet:
    words = search.strip()
    if not words:
        return applications
    named = Q(business__trade_name__icontains=words) | Q(business__legal_name__icontains=words)
    return applications.filter(named | Q(business__gstin__iexact=words) | Q(number__iexact=words))


def _open_first() -> Case:
    return Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1))


def _figures(seen: LoanApplicationQuerySet, user: User, at: datetime) -> tuple[tuple[Tab, ...], Rupees, int]:
    rows = seen.order_by().values_list("state", "officer").annotate(Count("pk"), Sum("amount"))
    grouped = [Share(*row) for row in rows]
    tabs = tuple(
        Tab(code, label, sum(share.count for share in grouped if _counts(share, code, states, user)))
        for code, (label, states) in TABS.items()
    )
    asked = rupees(sum((share.amount for share in grouped if share.state in OPEN_STATES), rupees(0)))
    today = at.astimezone(IST).date()
    opened = seen.undecided().filter(paused_at=None).only("opened_at", "amount", "due")
    due = sum(due_of(application) <= today for application in opened)
    return tabs, asked, due


@dataclass(frozen=True)
class Share:
    """How many applications in one state one officer has, and for how much."""

    state: str
    officer: int | None
    count: int
    amount: Rupees


def _counts(share: Share, code: str, states: tuple[str, ...], user: User) -> bool:
    whose = {"mine": share.officer == user.pk, "unassigned": share.officer is None}
    return share.state in states and whose.get(code, True)


def _verdicts(application_ids: list[int]) -> dict[int, Assessment]:
    newest = Assessment.objects.filter(application__in=application_ids).defer("document")
    rows = newest.order_by("application_id", "-as_of", "-pk").distinct("application_id")
    return {row.application_id: row for row in rows}
