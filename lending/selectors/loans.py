"""Loans as people see them: the list of a bank, one loan with everything about it, its statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, Sum

from accounts.models import Flag, FlagName, User
from accounts.permissions import Capability, can
from lending.engine.guarantee import claim
from lending.engine.ledger import Account
from lending.models import (
    AccrualRun,
    AgreementSeal,
    Contact,
    Due,
    Grievance,
    Instalment,
    JournalLine,
    Loan,
    LoanState,
    Notice,
    Proposal,
    ProposalState,
    ProvisionLine,
    Receipt,
)
from lending.models.loans import LoanQuerySet
from lending.selectors.loan_acts import drawn_of

ROWS, SHOWN, SHOWN_OVERDUE = 50, 60, 200
NOTHING = Decimal(0)
TABS = {
    "running": ("Running", Q(state=LoanState.ACTIVE)),
    "overdue": ("Overdue", Q(state=LoanState.ACTIVE, dpd__gt=0)),
    "sma": ("SMA-1 and SMA-2", Q(state=LoanState.ACTIVE, sma__in=("SMA-1", "SMA-2"))),
    "npa": ("Non-performing", Q(state=LoanState.ACTIVE) & ~Q(asset_class="standard")),
    "ended": ("Ended", Q(state__in=(LoanState.CLOSED, LoanState.WRITTEN_OFF))),
}
OWED = (Account.PRINCIPAL, Account.INTEREST_DUE, Account.FEE_DUE, Account.PENAL_DUE, Account.UNALLOCATED)
SAYINGS = {
    "disbursal": "Loan paid out", "demand": "Interest due", "fee": "Fee", "penal": "Penal charge",
    "receipt": "Payment received, thank you", "waiver": "Charges waived", "write_off": "Taken off the books",
    "refund": "Paid back to you", "capitalisation": "Interest joined to the principal", "recovery": "Recovered",
    "cooling_off": "Interest for the days used", "prepayment": "Part prepayment", "suspension": "", "resumption": "",
}  # fmt: skip


@dataclass(frozen=True)
class LoanTab:
    """One share of the loans with its count."""

    code: str
    label: str
    count: int


@dataclass(frozen=True)
class LoanList:
    """One page of loans with the figures above it."""

    tabs: tuple[LoanTab, ...]
    current: str
    page: Page[Loan]
    outstanding: Decimal
    overdue: int
    waiting: tuple[Proposal, ...]
    search: str
    closed: date | None


@dataclass(frozen=True)
class ScheduleRow:
    """One instalment: asked for already (with what is unpaid) or still to come."""

    due: date
    principal: Decimal
    interest: Decimal
    unpaid: Decimal | None

    @property
    def amount(self) -> Decimal:
        """What is asked for on the day."""
        return self.principal + self.interest


@dataclass(frozen=True)
class StatementRow:
    """One line of a statement; `balance` is what is owed after it, advance payments deducted."""

    on: date
    text: str
    charged: Decimal
    paid: Decimal
    balance: Decimal


@dataclass(frozen=True)
class LoanView:
    """Everything on a loan's page."""

    loan: Loan
    schedule: tuple[ScheduleRow, ...]
    dues: tuple[Due, ...]
    statement: tuple[StatementRow, ...]
    receipts: tuple[Receipt, ...]
    notices: tuple[Notice, ...]
    proposals: tuple[Proposal, ...]
    contacts: tuple[Contact, ...]
    grievances: tuple[Grievance, ...]
    provision: ProvisionLine | None
    claim: Decimal | None
    may_serve: bool
    may_approve: bool
    has_seal: bool
    drawn: Decimal

    @property
    def undrawn(self) -> Decimal:
        """What was sanctioned and not paid out yet; above zero the loan is partially disbursed."""
        return self.loan.sanctioned - self.drawn

    @property
    def due_now(self) -> Decimal:
        """Everything asked for and unpaid."""
        return sum((row.amount - row.paid - row.let_go for row in self.dues), NOTHING)

    @property
    def overdue(self) -> Decimal:
        """Principal and interest among it."""
        return self.loan.interest_due + sum(
            (row.amount - row.paid - row.let_go for row in self.dues if row.component == "principal"), NOTHING
        )

    @property
    def pending(self) -> Proposal | None:
        """What waits for a second person."""
        return next((one for one in self.proposals if one.state == ProposalState.PENDING), None)

    @property
    def next_amount(self) -> Decimal | None:
        """The coming instalment."""
        return next((row.amount for row in self.schedule if row.unpaid is None), None)


def loan_list(*, user: User, tab: str, search: str, page: str, most: int = ROWS) -> LoanList:
    """The loans a person may see, the longest overdue first; the queries do not grow with the rows."""
    seen = Loan.objects.visible_to(user)
    if search:
        seen = seen.filter(
            Q(account_no__iexact=search) | Q(business__gstin__iexact=search)
            | Q(business__trade_name__icontains=search)
        )  # fmt: skip
    current = tab if tab in TABS else "running"
    counted: dict[str, int] = seen.aggregate(**{code: Count("pk", filter=chosen) for code, (_, chosen) in TABS.items()})
    owed = seen.running().aggregate(total=Sum("principal"))["total"] or NOTHING
    rows = seen.filter(TABS[current][1]).select_related("business", "product", "organisation")
    pages = Paginator(rows.order_by("-dpd", "next_due", "pk"), most)
    pages.count = counted[current]
    waiting = Proposal.objects.filter(state=ProposalState.PENDING, loan__in=Loan.objects.visible_to(user))
    return LoanList(
        tabs=tuple(LoanTab(code, label, counted[code]) for code, (label, _) in TABS.items()),
        current=current,
        page=pages.get_page(page),
        outstanding=owed,
        overdue=counted["overdue"],
        waiting=tuple(waiting.select_related("loan__business", "maker").order_by("asked_at", "pk")[:ROWS]),
        search=search,
        closed=AccrualRun.objects.filter(finished_at__isnull=False)
        .order_by("-on")
        .values_list("on", flat=True)
        .first(),
    )


def loan_view(*, loan: Loan, user: User) -> LoanView:
    """One loan with everything about it."""
    dues = tuple(Due.objects.filter(loan=loan).order_by("due", "component", "pk"))
    return LoanView(
        loan=loan,
        schedule=schedule(loan, dues),
        dues=tuple(row for row in dues if row.amount > row.paid + row.let_go),
        statement=statement(loan),
        receipts=tuple(loan.receipts.order_by("-on", "-pk")[:SHOWN]),
        notices=tuple(loan.notices.order_by("-on", "-pk")[:SHOWN]),
        proposals=tuple(loan.proposals.select_related("maker", "checker").order_by("-asked_at", "-pk")[:20]),
        contacts=tuple(loan.contacts.select_related("by").order_by("-at", "-pk")[:20]),
        grievances=tuple(loan.grievances.order_by("-at", "-pk")[:20]),
        provision=loan.provisions.order_by("-on").first(),
        claim=guarantee_claim(loan),
        may_serve=can(user, Capability.SERVICE_LOANS),
        may_approve=can(user, Capability.APPROVE_LOAN_ACTS),
        has_seal=Flag.objects.is_on(FlagName.BLOCKCHAIN) and AgreementSeal.objects.filter(loan=loan).exists(),
        drawn=drawn_of(loan),
    )


def own_loans(*, business_id: int) -> list[Loan]:
    """The loans of a business, running ones first."""
    rows = Loan.objects.filter(business=business_id).exclude(state=LoanState.APPROVED)
    return list(rows.select_related("organisation", "product").order_by("state", "-opened_at", "pk"))


def schedule(loan: Loan, dues: Iterable[Due]) -> tuple[ScheduleRow, ...]:
    """What was asked for, by date, then what is still to come."""
    asked: dict[date, dict[str, Due]] = {}
    for row in dues:
        if row.component in ("principal", "interest") and row.amount:
            asked.setdefault(row.due, {})[row.component] = row
    past = [_asked(due, parts) for due, parts in sorted(asked.items())]
    coming = Instalment.objects.filter(loan=loan, version=loan.schedule_version, number__gte=loan.next_number)
    if loan.state != LoanState.ACTIVE:
        coming = coming.none()
    ahead = [ScheduleRow(row.due, row.principal, row.interest, None) for row in coming.order_by("number")]
    return (*past, *ahead)


def _asked(due: date, parts: dict[str, Due]) -> ScheduleRow:
    amounts = {name: row.amount - row.let_go for name, row in parts.items()}
    unpaid = sum((row.amount - row.paid - row.let_go for row in parts.values()), NOTHING)
    return ScheduleRow(due, amounts.get("principal", NOTHING), amounts.get("interest", NOTHING), unpaid)


def statement(loan: Loan, since: date | None = None, until: date | None = None) -> tuple[StatementRow, ...]:
    """Every change of what is owed, from the ledger, with the running balance; corrections are lines of their own."""
    lines = (
        JournalLine.objects.filter(loan=loan, account__in=[account.value for account in OWED])
        .values("entry_id", "entry__value_date", "entry__kind", "entry__reversal_of")
        .annotate(moved=Sum("debit") - Sum("credit"))
        .exclude(moved=0)
        .order_by("entry__value_date", "entry_id")
    )
    rows, balance = [], NOTHING
    for line in lines:
        moved: Decimal = line["moved"]
        balance += moved
        on: date = line["entry__value_date"]
        if (since is None or on >= since) and (until is None or on <= until):
            text = SAYINGS.get(line["entry__kind"], line["entry__kind"])
            said = f"Correction: {text}" if line["entry__reversal_of"] else text
            rows.append(StatementRow(on, said, max(moved, NOTHING), max(-moved, NOTHING), balance))
    return tuple(rows)


def guarantee_claim(loan: Loan) -> Decimal | None:
    """What the guarantee trust would pay for a covered loan that went bad, capped by the guaranteed amount."""
    if not loan.cover or loan.asset_class == "standard":
        return None
    in_default = loan.principal + loan.interest_due
    return claim(in_default, percent=loan.cover, guaranteed=loan.sanctioned * loan.cover / 100)


@dataclass(frozen=True)
class CollectionRow:
    """One overdue loan with the last contact and the open promise."""

    loan: Loan
    overdue: Decimal
    last: Contact | None
    promise: Contact | None


def collection_queue(*, user: User, at: datetime, most: int = SHOWN_OVERDUE) -> list[CollectionRow]:
    """Overdue loans a person may see, the longest first; promises that still run go last. Three queries."""
    return collection_rows(Loan.objects.visible_to(user), most=most)


def collection_rows(covered: LoanQuerySet, *, most: int | None = None) -> list[CollectionRow]:
    """The overdue ones of the loans in the order in which they are worked. Three queries."""
    loans = list(covered.overdue().select_related("business", "product").order_by("-dpd", "pk")[:most])
    contacts: dict[int, list[Contact]] = {}
    for contact in Contact.objects.filter(loan__in=loans).select_related("by").order_by("-at", "-pk"):
        contacts.setdefault(contact.loan_id, []).append(contact)
    owed = _principal_due(loans)
    rows = [
        CollectionRow(
            loan=loan,
            overdue=loan.interest_due + owed.get(loan.pk, NOTHING),
            last=next(iter(contacts.get(loan.pk, [])), None),
            promise=next((one for one in contacts.get(loan.pk, []) if one.promise == "open"), None),
        )
        for loan in loans
    ]
    return sorted(rows, key=lambda row: (row.promise is not None, -row.loan.dpd, row.loan.pk))


def _principal_due(loans: Sequence[Loan]) -> dict[int, Decimal]:
    rows = Due.objects.filter(loan__in=loans, component="principal").values("loan_id")
    found = rows.annotate(left=Sum("amount") - Sum("paid") - Sum("let_go"))
    return {row["loan_id"]: row["left"] for row in found}
