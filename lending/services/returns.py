"""Returns of the book: computed, frozen under an id, the same id gives the same table and paper for good."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import Organisation, User
from accounts.permissions import Capability, require
from accounts.selectors import platform
from accounts.services import tell_staff
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.hashing import digest
from lending.models import AccrualRun, BookReturn, Loan, ReturnKind
from lending.selectors import returns as made
from lending.selectors import timed_returns as timed
from lending.selectors.large_exposures import crilc_content
from lending.selectors.portfolio import Portfolio, portfolio_of

DAY = timedelta(days=1)
MONTHLY = (ReturnKind.SMA, ReturnKind.NPA, ReturnKind.CASH, ReturnKind.CRILC)
FRIDAY = 4
LATEST = 7
"""Up to this day of a month its eve's returns are made up for."""
APRIL, MONTHS_OF_A_QUARTER = 4, 3
RISKY = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


def freeze_return(
    *, kind: str, organisation: Organisation, on: date, at: datetime, by: User | None = None
) -> BookReturn:
    """Compute and keep a return of a house up to the closed day `on`; one of that day that is kept already stays.

    The book is read as it stands, so `on` is the last closed day but for the cash pack, which covers the calendar
    month of `on`. Raises InvalidInput for a kind that is none or a month that still runs.
    """
    if kind not in ReturnKind.values:
        raise InvalidInput("Choose a return.", field="kind", rule="return.kind")
    since, until = _period(ReturnKind(kind), organisation, on, at)
    kept = BookReturn.objects.filter(organisation=organisation, kind=kind, until=until).first()
    if kept is not None:
        return kept
    content, book = _content(ReturnKind(kind), organisation, since, until)
    document = content.document()
    with transaction.atomic(durable=True):
        frozen, new = BookReturn.objects.get_or_create(
            organisation=organisation, kind=kind, until=until,
            defaults={
                "since": since, "document": document, "book": book, "made_at": at, "made_by": by,
                "sha256": digest({"kind": kind, "since": since, "until": until, "document": document}),
            },
        )  # fmt: skip
        if new:
            audit.record(
                "return.frozen", target=frozen, at=at, by=by, organisation=organisation,
                payload={"kind": kind, "until": until, "sha256": frozen.sha256},
            )  # fmt: skip
    return frozen


def make_return(*, kind: str, on: date | None, by: User, at: datetime) -> BookReturn:
    """The same at a person's wish, for the house the person works for; the book's are of the last closed day.

    `on` is any day of the month of a cash pack. Raises Forbidden, InvalidInput.
    """
    require(by, Capability.VIEW_PORTFOLIO)
    if by.organisation is None:
        raise Forbidden
    day = on if on is not None and kind == ReturnKind.CASH else last_closed(by.organisation, at)
    return freeze_return(kind=kind, organisation=by.organisation, on=day, at=at, by=by)


def freeze_all(*, at: datetime) -> int:
    """Every night the book of each house; on the first of a month, a quarter and April what is due then too, of a
    Friday the CRILC list.

    What the first days of a month find missing of its eve, because the eve was closed late, is made up for.
    Returns how many are kept. None while yesterday is not closed: the figures of a day that still moves are never
    frozen. A later run makes up for it, and what is kept already stays.
    """
    today = at.astimezone(IST).date()
    return len(_freeze(kinds_of(today), at)) + len(_freeze_late(today, at))


def freeze_collection_queues(*, at: datetime) -> int:
    """Every morning the order in which each house works its overdue loans, told to its servicing staff; how many.

    None before the day is closed.
    """
    frozen = _freeze((ReturnKind.COLLECTION,), at)
    for queue in frozen:
        count = len(queue.document["sheets"][0]["rows"])
        if count:
            with transaction.atomic(durable=True):
                tell_staff(
                    Capability.SERVICE_LOANS, topic="collection.ready", source=f"collection.ready:{queue.pk}", at=at,
                    facts={"count": str(count)}, organisation_id=queue.organisation_id,
                )  # fmt: skip
    return len(frozen)


def kinds_of(day: date) -> tuple[ReturnKind, ...]:
    """What is frozen in the night to a day.

    >>> [str(kind) for kind in kinds_of(date(2026, 4, 1))]
    ['portfolio', 'sma', 'npa', 'cash', 'crilc', 'floating', 'guarantee']
    >>> [str(kind) for kind in kinds_of(date(2026, 4, 2))]
    ['portfolio']
    >>> [str(kind) for kind in kinds_of(date(2026, 4, 4))]
    ['portfolio', 'crilc']
    """
    if day.day != 1:
        weekly = (ReturnKind.CRILC,) if (day - DAY).weekday() == FRIDAY else ()
        return ReturnKind.PORTFOLIO, *weekly
    quarterly = (ReturnKind.FLOATING,) if day.month % MONTHS_OF_A_QUARTER == 1 else ()
    yearly = (ReturnKind.GUARANTEE,) if day.month == APRIL else ()
    return ReturnKind.PORTFOLIO, *MONTHLY, *quarterly, *yearly


def _freeze(kinds: Sequence[ReturnKind], at: datetime) -> list[BookReturn]:
    yesterday = at.astimezone(IST).date() - DAY
    if not _is_closed(yesterday):
        return []
    lending = Organisation.objects.filter(pk__in=Loan.objects.running().values("organisation"))
    return [
        freeze_return(kind=kind, organisation=house, on=yesterday, at=at)
        for house in (*lending.order_by("pk"), platform())
        for kind in kinds
    ]


def _freeze_late(today: date, at: datetime) -> list[BookReturn]:
    """What is missing of the month's eve for houses that lent by then; cash of that month, else the book as it is."""
    first = today.replace(day=1)
    if not 1 < today.day <= LATEST or not _is_closed(today - DAY):
        return []
    lending = Organisation.objects.filter(
        pk__in=Loan.objects.running().filter(opened_at__date__lt=first).values("organisation")
    )
    kept = set(BookReturn.objects.filter(until=first - DAY).values_list("organisation", "kind"))
    return [
        freeze_return(kind=kind, organisation=house, on=first - DAY, at=at)
        for house in (*lending.order_by("pk"), platform())
        for kind in kinds_of(first)
        if kind != ReturnKind.PORTFOLIO and (house.pk, kind.value) not in kept
    ]


def _is_closed(day: date) -> bool:
    return AccrualRun.objects.filter(on=day, finished_at__isnull=False).exists()


def last_closed(organisation: Organisation, at: datetime) -> date:
    """The last day whose end was finished for every loan; before the first one, as far as all loans of a house are."""
    closed = AccrualRun.objects.filter(finished_at__isnull=False, on__lt=at.astimezone(IST).date())
    day = closed.order_by("-on").values_list("on", flat=True).first()
    if day is None:
        day = made.loans_of(organisation).running().order_by("through").values_list("through", flat=True).first()
    return day or at.astimezone(IST).date() - DAY


def return_csv(frozen: BookReturn) -> str:
    """All tables one after the other, each row with the snapshot's id and its table's name."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["snapshot", "return", "since", "until", "table", "values"])
    head = [frozen.uuid, frozen.kind, frozen.since.isoformat(), frozen.until.isoformat()]
    for name, value in frozen.document["figures"]:
        rows.writerow([*head, "figures", name, value])
    for sheet in frozen.document["sheets"]:
        for row in (sheet["columns"], *sheet["rows"]):
            rows.writerow([*head, sheet["title"], *map(harmless, row)])
    return text.getvalue()


def return_pdf(frozen: BookReturn) -> bytes:
    """The return on paper; the same snapshot gives the same bytes."""
    facts = {
        "title": f"{frozen.get_kind_display()}, {frozen.organisation}",
        "period": f"{frozen.since:%d %b %Y} to {frozen.until:%d %b %Y}",
        "snapshot": frozen.uuid,
        "sha256": frozen.sha256,
        "made": f"{frozen.made_at.astimezone(IST):%d %b %Y, %H:%M} IST",
        **frozen.document,
    }
    return pdf("lending/book_return.typ", facts, at=frozen.made_at)


def harmless(cell: str) -> str:
    """Text of a stranger never runs in a spreadsheet; a number stays one."""
    number = cell.lstrip("-").replace(".", "", 1).isdecimal()
    return f"'{cell}" if cell.startswith(RISKY) and not number else cell


def _period(kind: ReturnKind, organisation: Organisation, on: date, at: datetime) -> tuple[date, date]:
    first = on.replace(day=1)
    if kind == ReturnKind.FLOATING:
        return first.replace(month=on.month - (on.month - 1) % MONTHS_OF_A_QUARTER), on
    if kind == ReturnKind.GUARANTEE:
        return date(on.year - (on.month < APRIL), APRIL, 1), on
    if kind != ReturnKind.CASH:
        return (on if kind != ReturnKind.NPA else first), on
    last = (first + 31 * DAY).replace(day=1) - DAY
    if last >= at.astimezone(IST).date():
        raise InvalidInput("This month still runs. Choose a day of a month that is over.", field="on", rule="return.on")
    return first, last


def _content(
    kind: ReturnKind, organisation: Organisation, since: date, until: date
) -> tuple[made.Content, Mapping[str, object]]:
    loans = made.loans_of(organisation)
    if kind == ReturnKind.CASH:
        return made.cash_content(loans, since, until), {}
    if kind in timed.CONTENTS:
        return timed.CONTENTS[kind](loans, until), {}
    if kind == ReturnKind.CRILC:
        return crilc_content(loans, until), {}
    book: Portfolio = portfolio_of(loans, until)
    if kind == ReturnKind.SMA:
        return made.sma_content(book), {}
    month_before = made.book_before(organisation, until.replace(day=1) - DAY)
    if kind == ReturnKind.NPA:
        return made.npa_content(book, month_before), {}
    return made.portfolio_content(book, month_before or made.book_before(organisation, until - DAY)), made.book_of(book)
