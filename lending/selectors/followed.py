"""An application as its owner follows it, a paper of it, and what staff have decided so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from lending.models import (
    STEPS,
    ApplicationDocument,
    ApplicationState,
    Decision,
    KeyFactStatement,
    Loan,
    LoanApplication,
    Step,
)
from lending.selectors.applications import due_of, visible_application
from lending.selectors.casework import StepTaken, steps_taken

ROWS = 50

OWNERS = frozenset({Step.ANSWER, Step.ACCEPT, Step.WITHDRAW, Step.SUBMIT, Step.TAKE})
"""The steps that are the owner's."""


@dataclass(frozen=True)
class Followed:
    """What an owner sees: the way, the offer, and the steps open to them."""

    application: LoanApplication
    steps: tuple[StepTaken, ...]
    question: str
    statement: KeyFactStatement | None
    papers: Sequence[ApplicationDocument]
    loan: Loan | None
    counter: Decision | None
    may: frozenset[str]
    due: date


def followed(*, application: LoanApplication, user: User) -> Followed:
    """The application for its owner."""
    steps = steps_taken(application, staff=False)
    state = application.state
    asked = [step.note for step in steps if step.event.event == Step.ASK]
    return Followed(
        application=application,
        steps=steps,
        question=asked[-1] if asked and state == ApplicationState.INFO_REQUESTED else "",
        statement=KeyFactStatement.objects.select_related("application").filter(application=application).first(),
        papers=list(application.documents.defer("content").order_by("at", "pk")),
        loan=Loan.objects.filter(application=application).first(),
        counter=application.decisions.in_order().last() if state == ApplicationState.COUNTERED else None,
        may=frozenset(STEPS.events_from(state)) & OWNERS,
        due=due_of(application),
    )


def paper_of(*, user: User, paper_id: UUID, at: datetime) -> ApplicationDocument:
    """A paper of an application the person may see. Raises NotVisible."""
    paper = ApplicationDocument.objects.select_related("application").filter(uuid=paper_id).first()
    if paper is None:
        raise NotVisible
    visible_application(user=user, application_id=paper.application.uuid, at=at)
    return paper


@dataclass(frozen=True)
class MyDecisions:
    """What one person decided, newest first, with how often it differed from the policy and what became of it."""

    page: Page[Decision]
    recommended: int
    sanctioned: int
    declined: int
    overrides: int

    @property
    def decided(self) -> int:
        """All of them."""
        return self.recommended + self.sanctioned + self.declined


def my_decisions(*, user: User, at: datetime, page: str = "1", most: int = ROWS) -> MyDecisions:
    """A page of the decisions of a person on applications they may see, and the counts of all. Two queries."""
    mine = Decision.objects.filter(by=user, application__in=LoanApplication.objects.visible_to(user, at))
    against = Q(snapshot__contains='"outcome":"refer"') | Q(snapshot__contains='"outcome":"decline"')
    counts: dict[str, int] = mine.aggregate(
        every=Count("pk"),
        recommended=Count("pk", filter=Q(outcome="recommend")),
        sanctioned=Count("pk", filter=Q(outcome="sanction")),
        declined=Count("pk", filter=Q(outcome="decline")),
        overrides=Count("pk", filter=Q(outcome__in=["recommend", "sanction"]) & against),
    )
    rows = mine.defer("snapshot").select_related("application__business", "application__product", "application__loan")
    pages = Paginator(rows.order_by("-at", "-pk"), most)
    pages.count = counts.pop("every")
    return MyDecisions(page=pages.get_page(page), **counts)


def reviews_waiting(*, user: User, at: datetime) -> QuerySet[LoanApplication]:
    """Recommended applications a credit analyst may read, the oldest first."""
    seen = LoanApplication.objects.visible_to(user, at).filter(state=ApplicationState.RECOMMENDED)
    return seen.select_related("business", "product", "organisation").order_by("opened_at", "pk")
