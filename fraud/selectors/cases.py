"""Cases as lists and as pages: what waits for whom, and everything known about one matter."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import Business, User
from accounts.permissions import CAPABILITIES, Capability
from creditiq.kernel.errors import NotVisible
from fraud.models import Case, CaseEvent, CaseLink, CaseState, Finding, Ring, Snooze, StrReport, StrState
from fraud.selectors.parties import Party, parties
from fraud.selectors.queue import RingRow, rows_of

CASES_PER_PAGE = 25
SHOWN_FINDINGS = 12
SHARES = (
    ("mine", "Mine"), ("waiting", "Nobody has it"), ("proposed", "Waits for a second person"), ("late", "Late"),
    ("closed", "Closed"), ("all", "All"),
)  # fmt: skip


class CaseRow(NamedTuple):
    """A case in a list; `hours` are left until it is due, negative when it is late."""

    case: Case
    late: bool
    hours: float


class Share(NamedTuple):
    """A share of the cases."""

    code: str
    label: str
    cases: int


@dataclass(frozen=True)
class CaseQueue:
    """Cases the person may see, in one share; the counts are over all shares."""

    rows: tuple[CaseRow, ...]
    page: Page[Case]
    shares: tuple[Share, ...]
    current: str
    late: int
    open: int


class LinkView(NamedTuple):
    """Something that belongs to a case; `ring` and `other` have pages."""

    link: CaseLink
    label: str


@dataclass(frozen=True)
class CaseView:
    """Everything on the page of a case."""

    case: Case
    row: CaseRow
    ring: RingRow | None
    party: Party | None
    findings: tuple[Finding, ...]
    events: tuple[CaseEvent, ...]
    links: tuple[LinkView, ...]
    snoozes: tuple[Snooze, ...]
    reports: tuple[StrReport, ...]
    colleagues: tuple[User, ...]

    @property
    def has_draft(self) -> bool:
        """Whether a report is being written."""
        return any(report.state == StrState.DRAFT for report in self.reports)


def in_share(cases: "QuerySet[Case]", share: str, user: User, at: datetime) -> "QuerySet[Case]":
    """The cases of one share of the list."""
    return cases.filter(_share_rules(user, at).get(share, Q()))


def _share_rules(user: User, at: datetime) -> dict[str, Q]:
    unfinished = ~Q(state=CaseState.CLOSED)
    return {
        "mine": unfinished & Q(assignee=user),
        "waiting": Q(state=CaseState.OPEN, assignee__isnull=True),
        "proposed": Q(state=CaseState.PROPOSED),
        "late": unfinished & Q(due_at__lt=at),
        "closed": Q(state=CaseState.CLOSED),
    }


def current_share(seen: "QuerySet[Case]", share: str, user: User, at: datetime) -> str:
    """The share asked for; for none that exists, what is mine, or what nobody has when nothing is mine."""
    if share in dict(SHARES):
        return share
    return "mine" if in_share(seen, "mine", user, at).exists() else "waiting"


def case_row(case: Case, at: datetime) -> CaseRow:
    """The case with the state of its clock."""
    return CaseRow(case, case.is_late(at), (case.due_at - at).total_seconds() / 3600)


def case_queue(*, user: User, share: str = "", page: str = "1", at: datetime) -> CaseQueue:
    """Most urgent first; without a share that exists, what is mine, or what nobody has when nothing is mine."""
    seen = Case.objects.visible_to(user)
    rules = _share_rules(user, at)
    wanted = {code: Count("pk", filter=rules.get(code, Q())) for code, _ in SHARES}
    counts = seen.aggregate(**wanted, unfinished=Count("pk", filter=~Q(state=CaseState.CLOSED)))
    fallback = "mine" if counts["mine"] else "waiting"
    current = share if share in wanted else fallback
    rows = in_share(seen, current, user, at).select_related("assignee", "business", "person").order_by("due_at", "pk")
    paginator = Paginator(rows, CASES_PER_PAGE)
    paginator.count = counts[current]
    shown = paginator.get_page(page)
    return CaseQueue(
        rows=tuple(case_row(case, at) for case in shown),
        page=shown,
        shares=tuple(Share(code, label, counts[code]) for code, label in SHARES),
        current=current,
        late=counts["late"],
        open=counts["unfinished"],
    )


def visible_case(*, user: User, case_id: UUID) -> Case:
    """A case of the person's organisation. Raises NotVisible."""
    case = Case.objects.visible_to(user).select_related(
        "assignee", "proposed_by", "closed_by", "opened_by", "ring", "person"
    )
    found = case.filter(uuid=case_id).first()
    if found is None:
        raise NotVisible
    return found


def colleagues(user: User) -> QuerySet[User]:
    """Who may work on cases beside the person: those of the same organisation whose role includes it."""
    roles = [role for role, capabilities in CAPABILITIES.items() if Capability.WORK_FRAUD in capabilities]
    staff = User.objects.active().filter(organisation=user.organisation, role__in=roles)
    return staff.order_by("first_name", "pk")


def case_view(*, user: User, case_id: UUID, at: datetime) -> CaseView:
    """One case with its evidence, trail and links. Raises NotVisible."""
    case = visible_case(user=user, case_id=case_id)
    links = tuple(case.links.select_related("other", "ring", "business").order_by("at", "pk"))
    rings = {row.ring.pk: row for row in rows_of(_rings(case, links), user)}
    known = parties(user, {key for key in (case.business_id, *(link.business_id for link in links)) if key})
    about = Finding.objects.none()
    if case.business_id and known[case.business_id].visible:
        about = Finding.objects.filter(business=case.business_id)
    return CaseView(
        case=case,
        row=case_row(case, at),
        ring=rings.get(case.ring_id or 0),
        party=known.get(case.business_id or 0),
        findings=tuple(about.known_at(at).latest_first()[:SHOWN_FINDINGS]),
        events=tuple(case.events.select_related("by").order_by("-at", "-pk")),
        links=tuple(LinkView(link, _label(link, rings, known)) for link in links),
        snoozes=tuple(case.snoozes.in_force(at).order_by("-at")),
        reports=tuple(case.reports.order_by("-pk")),
        colleagues=tuple(colleagues(user)),
    )


def _rings(case: Case, links: tuple[CaseLink, ...]) -> list[Ring]:
    return [ring for ring in (case.ring, *(link.ring for link in links)) if ring is not None]


def _label(link: CaseLink, rings: dict[int, RingRow], known: dict[int, Party]) -> str:
    if link.other is not None:
        return f"{link.other.number} {link.other.title}"
    if link.business_id:
        return known[link.business_id].name
    return ring_title(rings[link.ring_id]) if link.ring_id in rings else "A ring"


def ring_title(row: RingRow) -> str:
    """What a ring is called: its surest member and how many more."""
    first, *others = row.members or (None,)
    if first is None:
        return "A ring that came to rest"
    return f"{first.name} and {len(others)} more" if others else first.name


def visible_target(*, user: User, text: str) -> Case | Ring | Business | None:
    """What a person means by a case's number, a GSTIN or the id of a ring; None for what they may not see."""
    word = text.strip().upper()
    if word.startswith("C-") and word[2:].isdecimal():
        return Case.objects.visible_to(user).filter(pk=int(word[2:][:18])).first()
    business = Business.objects.visible_to(user).filter(gstin=word).first()
    if business is not None:
        return business
    try:
        return Ring.objects.visible_to(user).filter(uuid=UUID(text.strip())).first()
    except ValueError:
        return None


def snoozed_topics(*, businesses: Collection[int], at: datetime) -> set[tuple[int, str]]:
    """Of the businesses, those about which a person asked for quiet, each with the typology or rule."""
    pivots = dict(Business.objects.filter(pk__in=businesses).values_list("uuid", "pk"))
    rows = Snooze.objects.in_force(at).filter(pivot__in=[str(pivot) for pivot in pivots])
    return {(pivots[UUID(pivot)], rule) for pivot, rule in rows.values_list("pivot", "rule")}


def is_snoozed(*, rule: str, pivot: UUID, at: datetime) -> bool:
    """Whether a person asked for quiet about this rule (`ring`, a typology, `rule:` and a slug) and this pivot."""
    return Snooze.objects.in_force(at).filter(rule=rule, pivot=str(pivot)).exists()
