"""The lists of lending: their columns, and their rows for the file in the order of the pages."""

from collections.abc import Iterable

from accounts.selectors import Asked, Column, Listing, moment_cell, person_cell
from creditiq.kernel.clock import IST
from lending.engine.portfolio import Position
from lending.models import BookReturn, Decision, Loan, LoanApplication
from lending.selectors.applications import QueueRow, queue
from lending.selectors.followed import my_decisions, reviews_waiting
from lending.selectors.loans import CollectionRow, collection_queue, loan_list
from lending.selectors.portfolio import portfolio
from lending.selectors.returns import returns_made


def standing_cell(loan: Loan) -> str:
    """How a loan stands: what became of an ended one, else the class of a bad one, else its mention."""
    if loan.state != "active":
        return loan.state
    return loan.sma or "regular" if loan.asset_class == "standard" else loan.asset_class


def _applications(asked: Asked) -> Iterable[QueueRow]:
    """One tab of the queue, as searched."""
    tab, search = asked.filters.get("tab", "all"), asked.filters.get("q", "")
    return queue(user=asked.user, tab=tab, search=search, page="1", at=asked.at, most=asked.most).rows


def _approvals(asked: Asked) -> Iterable[QueueRow]:
    """What waits for a checker."""
    return queue(user=asked.user, tab="recommended", search="", page="1", at=asked.at, most=asked.most).rows


def _decisions(asked: Asked) -> Iterable[Decision]:
    """The person's own decisions, newest first."""
    return my_decisions(user=asked.user, at=asked.at, page="1", most=asked.most).page


def _loans(asked: Asked) -> Iterable[Loan]:
    """One tab of the loans, as searched."""
    tab, search = asked.filters.get("tab", "running"), asked.filters.get("q", "")
    return loan_list(user=asked.user, tab=tab, search=search, page="1", most=asked.most).page


def _collections(asked: Asked) -> Iterable[CollectionRow]:
    """Overdue loans in the order in which they are worked."""
    return collection_queue(user=asked.user, at=asked.at, most=asked.most)


def _reviews(asked: Asked) -> Iterable[LoanApplication]:
    """Recommended cases, the oldest first."""
    return reviews_waiting(user=asked.user, at=asked.at)[: asked.most]


def _returns(asked: Asked) -> Iterable[BookReturn]:
    """Returns that are kept, newest first."""
    return returns_made(user=asked.user, most=asked.most)


def _book(asked: Asked) -> Iterable[Position]:
    """Every running loan as the portfolio counts it."""
    return portfolio(user=asked.user, on=asked.at.astimezone(IST).date()).positions


QUEUE_COLUMNS: tuple[Column[QueueRow], ...] = (
    Column(
        "business",
        "Business",
        lambda row: row.application.business.trade_name,
        also={"number": lambda row: row.application.number, "sector": lambda row: row.sector},
    ),
    Column(
        "product",
        "Asks for",
        lambda row: row.application.product.name,
        also={"months": lambda row: row.application.months},
    ),
    Column(
        "amount",
        "Amount",
        lambda row: row.application.amount,
        also={"limit": lambda row: "" if row.limit is None else row.limit},
        numeric=True,
    ),
    Column(
        "score",
        "Score",
        lambda row: "" if row.score is None else row.score,
        also={"band": lambda row: row.band},
    ),
    Column("stands_out", "What stands out", lambda row: row.stands_out),
    Column(
        "state",
        "State",
        lambda row: row.application.state,
        also={
            "officer": lambda row: person_cell(row.application.officer),
            "policy": lambda row: str(row.verdict) if row.verdict else "",
        },
    ),
    Column("opened", "Opened", lambda row: moment_cell(row.application.opened_at), usual=False),
    Column("due", "Due", lambda row: row.due.isoformat() if row.application.is_open else "", numeric=True),
)
APPLICATIONS: Listing[QueueRow] = Listing("lending:queue", QUEUE_COLUMNS, _applications, filters=("tab", "q"))
APPROVALS: Listing[QueueRow] = Listing("lending:approvals", QUEUE_COLUMNS, _approvals)
DECISIONS: Listing[Decision] = Listing(
    "lending:my_decisions",
    (
        Column(
            "business",
            "Business",
            lambda row: row.application.business.trade_name,
            also={
                "number": lambda row: row.application.number,
                "product": lambda row: row.application.product.name,
            },
        ),
        Column("decision", "Decision", lambda row: row.outcome, also={"decided": lambda row: moment_cell(row.at)}),
        Column("amount", "Amount", lambda row: row.application.amount, numeric=True),
        Column("state", "Where it stands", lambda row: row.application.state),
        Column("loan", "The loan since", lambda row: getattr(getattr(row.application, "loan", None), "state", "")),
    ),
    _decisions,
)
LOANS: Listing[Loan] = Listing(
    "lending:loans",
    (
        Column("borrower", "Borrower", lambda row: row.business.trade_name),
        Column(
            "loan",
            "Loan",
            lambda row: row.account_no,
            also={"product": lambda row: row.product.name, "percent": lambda row: row.percent},
        ),
        Column(
            "principal",
            "Principal left",
            lambda row: row.principal,
            also={"sanctioned": lambda row: row.sanctioned},
            numeric=True,
        ),
        Column("next_due", "Next due", lambda row: row.next_due.isoformat() if row.next_due else "", numeric=True),
        Column("dpd", "Days past due", lambda row: row.dpd, numeric=True),
        Column("standing", "Standing", standing_cell),
    ),
    _loans,
    filters=("tab", "q"),
)
COLLECTIONS: Listing[CollectionRow] = Listing(
    "lending:collections",
    (
        Column(
            "borrower",
            "Borrower",
            lambda row: row.loan.business.trade_name,
            also={"loan": lambda row: row.loan.account_no},
        ),
        Column("overdue", "Overdue", lambda row: row.overdue, numeric=True),
        Column("days", "Days", lambda row: row.loan.dpd, numeric=True),
        Column("standing", "Standing", lambda row: standing_cell(row.loan)),
        Column(
            "contact",
            "Last contact",
            lambda row: moment_cell(row.last.at) if row.last else "",
            also={"channel": lambda row: row.last.channel if row.last else ""},
        ),
        Column(
            "promise",
            "Promise",
            lambda row: "" if row.promise is None or row.promise.promised is None else row.promise.promised,
            also={
                "promised_on": lambda row: (
                    ""
                    if row.promise is None or row.promise.promised_on is None
                    else row.promise.promised_on.isoformat()
                )
            },
        ),
    ),
    _collections,
)
REVIEWS: Listing[LoanApplication] = Listing(
    "lending:reviews",
    (
        Column(
            "business",
            "Business",
            lambda row: row.business.trade_name,
            also={"number": lambda row: row.number, "opened": lambda row: moment_cell(row.opened_at)},
        ),
        Column("product", "Asks for", lambda row: row.product.name, also={"months": lambda row: row.months}),
        Column("amount", "Amount", lambda row: row.amount, numeric=True),
        Column("bank", "Bank", lambda row: row.organisation.name),
    ),
    _reviews,
)
RETURNS: Listing[BookReturn] = Listing(
    "lending:returns",
    (
        Column("kind", "Return", lambda row: row.kind, also={"bank": lambda row: row.organisation.name}),
        Column("until", "Up to", lambda row: row.until.isoformat()),
        Column("made", "Made", lambda row: moment_cell(row.made_at), also={"by": lambda row: person_cell(row.made_by)}),
        Column("snapshot", "Snapshot", lambda row: str(row.uuid)),
    ),
    _returns,
)
BOOK: Listing[Position] = Listing(
    "lending:portfolio",
    (
        Column("loan", "Loan", lambda row: row.account),
        Column("product", "Product", lambda row: row.product),
        Column("sector", "Sector", lambda row: row.sector),
        Column("place", "State", lambda row: row.state),
        Column("band", "Band", lambda row: row.band),
        Column("vintage", "Month of disbursal", lambda row: row.vintage),
        Column("standing", "Standing", lambda row: row.standing),
        Column("outstanding", "Outstanding", lambda row: row.outstanding, numeric=True),
        Column("overdue", "Overdue", lambda row: row.overdue, numeric=True),
        Column("pd", "PD, %", lambda row: row.pd, numeric=True),
        Column("lgd", "LGD, %", lambda row: row.lgd, numeric=True),
        Column("stage", "Stage", lambda row: row.stage, numeric=True),
        Column("irac", "Provision by IRAC", lambda row: row.irac, numeric=True),
        Column("ecl", "Provision by expected loss", lambda row: row.ecl, numeric=True),
        Column("held", "Held", lambda row: row.held, numeric=True),
    ),
    _book,
    most=1_000_000,
)
"""The portfolio has no table of its loans, but its whole book is taken along as a file."""
