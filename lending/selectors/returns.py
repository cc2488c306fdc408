"""Returns as people read them: figures and tables of the book, all as text, so that they never change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from django.db.models import QuerySet, Sum

from accounts.models import Organisation, User
from creditiq.kernel.errors import NotVisible
from lending.engine.movement import Book, Movement, Place, Roll, npa_movement, roll_rates
from lending.engine.portfolio import Share
from lending.engine.regulation import shipped
from lending.models import BookReturn, Loan, LoanState, Receipt, ReceiptMode, ReturnKind
from lending.models.loans import LoanQuerySet
from lending.selectors.portfolio import Portfolio, ReturnRow

MOST_LISTED = 5_000
MENTIONED = ("SMA-0", "SMA-1", "SMA-2")
NOTHING = Decimal(0)


@dataclass(frozen=True)
class Sheet:
    """One table of a return; `numbers` are the columns that are set to the right."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]

    def document(self) -> dict[str, object]:
        """As plain JSON values."""
        return {
            "title": self.title,
            "columns": list(self.columns),
            "rows": [list(row) for row in self.rows],
            "numbers": list(self.numbers),
        }


@dataclass(frozen=True)
class Content:
    """What a return says: names with values, and tables."""

    figures: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]

    def document(self) -> dict[str, object]:
        """As it is stored and digested."""
        return {"figures": [list(one) for one in self.figures], "sheets": [sheet.document() for sheet in self.sheets]}


@dataclass(frozen=True)
class Cell:
    """One cell with the name of its column."""

    label: str
    text: str
    is_number: bool


@dataclass(frozen=True)
class Table:
    """One table of a stored return, ready to be shown."""

    title: str
    head: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables_of(frozen: BookReturn) -> tuple[Table, ...]:
    """The tables of a return as they were frozen."""
    return tuple(
        Table(
            title=sheet["title"],
            head=_cells(sheet["columns"], sheet["columns"], sheet["numbers"]),
            rows=tuple(_cells(sheet["columns"], row, sheet["numbers"]) for row in sheet["rows"]),
        )
        for sheet in frozen.document["sheets"]
    )


def _cells(labels: Sequence[str], texts: Sequence[str], numbers: Sequence[int]) -> tuple[Cell, ...]:
    pairs = zip(labels, texts, strict=True)
    return tuple(Cell(label, text, place in numbers) for place, (label, text) in enumerate(pairs))


def loans_of(organisation: Organisation) -> LoanQuerySet:
    """The loans a return of this house covers: a bank's own, the platform's all."""
    return Loan.objects.all() if organisation.is_platform else Loan.objects.filter(organisation=organisation)


def returns_made(*, user: User, most: int = MOST_LISTED) -> QuerySet[BookReturn]:
    """The newest returns a person may see."""
    rows = BookReturn.objects.visible_to(user).defer("document", "book").select_related("organisation", "made_by")
    return rows.newest_first()[:most]


def visible_return(*, user: User, return_id: UUID) -> BookReturn:
    """One return. Raises NotVisible."""
    rows = BookReturn.objects.visible_to(user).select_related("organisation", "made_by")
    found = rows.filter(uuid=return_id).first()
    if found is None:
        raise NotVisible
    return found


def book_of(portfolio: Portfolio) -> dict[str, list[str]]:
    """The standing of every loan as it is kept with a portfolio."""
    return {
        one.account: [one.standing, "bad" if one.non_performing else "", f"{one.outstanding:.2f}"]
        for one in portfolio.positions
    }


def places_of(kept: Mapping[str, Sequence[str]]) -> Book:
    """A kept book as the engine takes it."""
    return {account: Place(row[0], row[1] == "bad", Decimal(row[2])) for account, row in kept.items()}


def book_before(organisation: Organisation, day: date) -> BookReturn | None:
    """The last portfolio kept on or before a day."""
    kept = BookReturn.objects.filter(organisation=organisation, kind=ReturnKind.PORTFOLIO, until__lte=day)
    return kept.newest_first().first()


def written_off(accounts: Iterable[str]) -> frozenset[str]:
    """Those of the accounts that were written off."""
    rows = Loan.objects.filter(account_no__in=list(accounts), state=LoanState.WRITTEN_OFF)
    return frozenset(rows.values_list("account_no", flat=True))


def portfolio_content(book: Portfolio, before: BookReturn | None) -> Content:
    """The whole book: shares, appetite, bridge, shocks, and what rolled since the book kept before."""
    now = places_of(book_of(book))
    rolls = roll_rates(places_of(before.book), now, written_off(set(before.book) - set(now))) if before else ()
    since = f"{before.until:%d %b %Y}" if before else "no earlier book is kept"
    figures = (
        ("Loans", str(book.loans)),
        ("Outstanding", _money(book.outstanding)),
        ("Unpaid principal and interest", _money(book.overdue)),
        ("Non-performing", f"{_money(book.non_performing)} ({book.npa_percent} %)"),
        ("Expected loss of a year", _money(book.expected_loss)),
        ("IRAC", _money(book.irac)),
        ("Expected credit loss", _money(book.ecl)),
        ("Held", _money(book.held)),
        ("Sector concentration (Herfindahl)", str(book.sector_concentration)),
        ("Rolled since", since),
    )
    named = (
        ("Standing", book.standings), ("Risk band", book.bands), ("Sector", book.sectors), ("State", book.states),
        ("Product", book.products), ("Month of disbursal", book.vintages),
    )  # fmt: skip
    return Content(figures, (*(_shares(name, some) for name, some in named), *_judged(book), _rolled(rolls)))


def _judged(book: Portfolio) -> tuple[Sheet, ...]:
    appetite = tuple(
        (row.name, str(row.loans), _money(row.expected), _money(row.budget), f"{row.percent}", str(row.above))
        for row in book.appetites
    )
    bridge = tuple(
        (row.name, str(row.loans), *map(_money, (row.outstanding, row.irac, row.ecl, row.floor, row.held, row.gap)))
        for row in book.bridge_rows
    )
    shocks = tuple((row.name, _money(row.before), _money(row.after), _money(row.more)) for row in book.shocks)
    return (
        Sheet(
            "Expected loss against appetite, performing loans",
            ("Sector", "Loans", "Expected loss", "Appetite", "Used, %", "Loans above their share"),
            appetite, (1, 2, 3, 4, 5),
        ),
        Sheet(
            "From IRAC to expected credit loss",
            ("Class", "Loans", "Outstanding", "IRAC", "ECL", "Floor", "Held", "Gap"), bridge, (1, 2, 3, 4, 5, 6, 7),
        ),
        Sheet("Stress", ("Shock", "Expected loss before", "After", "More"), shocks, (1, 2, 3)),
    )  # fmt: skip


def _shares(name: str, some: Sequence[Share]) -> Sheet:
    rows = tuple(
        (share.name, str(share.loans), _money(share.outstanding), _money(share.bad), f"{share.bad_percent}")
        for share in some
    )
    columns = (name, "Loans", "Outstanding", "Non-performing", "Non-performing, %")
    return Sheet(f"By {name.lower()}", columns, rows, (1, 2, 3, 4))


def _rolled(rolls: Sequence[Roll]) -> Sheet:
    rows = tuple((one.start, one.end, str(one.loans), _money(one.outstanding), f"{one.percent}") for one in rolls)
    return Sheet("Roll rates", ("From", "To", "Loans", "Outstanding", "Share of from, %"), rows, (2, 3, 4))


def sma_content(book: Portfolio) -> Content:
    """The list of special mention accounts and of non-performing ones."""
    sma = [row for row in book.watched if row.standing in MENTIONED]
    bad = [row for row in book.watched if row.npa_date is not None]
    figures = tuple(
        (name, f"{sum(row.standing == name for row in sma)} loans, "
               f"{_money(sum((row.outstanding for row in sma if row.standing == name), NOTHING))}")
        for name in MENTIONED
    )  # fmt: skip
    whole = ("Non-performing", f"{len(bad)} loans, {_money(sum((row.outstanding for row in bad), NOTHING))}")
    return Content((*figures, whole), (_watched("Special mention accounts", sma), _watched("Non-performing", bad)))


def _watched(title: str, rows: Sequence[ReturnRow]) -> Sheet:
    columns = ("Loan", "Borrower", "Outstanding", "Overdue", "Days", "Standing", "NPA since", "Held")
    listed = tuple(
        (
            row.account, row.borrower, _money(row.outstanding), _money(row.overdue), str(row.dpd), row.standing,
            row.npa_date.isoformat() if row.npa_date else "", _money(row.held),
        )
        for row in rows
    )  # fmt: skip
    return Sheet(title, columns, listed, (2, 3, 4, 7))


def npa_content(book: Portfolio, before: BookReturn | None) -> Content:
    """The movement of non-performing assets since the book kept before."""
    now, then = places_of(book_of(book)), places_of(before.book) if before else {}
    lost = written_off(set(then) - set(now))
    move = npa_movement(then, now, lost)
    start = f"{before.until:%d %b %Y}" if before else "no earlier book is kept: everything counts as fresh"
    figures = (("From", start), ("To", f"{book.on:%d %b %Y}" if book.on else "no day closed yet"))
    return Content(figures, (_moved(move), _rolled(roll_rates(then, now, lost))))


def _moved(move: Movement) -> Sheet:
    rows = (
        ("Opening balance", move.opening), ("Fresh slippages", move.fresh), ("Grown on older ones", move.grown),
        ("Upgraded", -move.upgraded), ("Recovered", -move.recovered), ("Written off", -move.written_off),
        ("Closing balance", move.closing),
    )  # fmt: skip
    return Sheet("Movement of NPA", ("Item", "Rupees"), tuple((name, _money(value)) for name, value in rows), (1,))


def cash_content(loans: LoanQuerySet, since: date, until: date) -> Content:
    """Cash of a month from a reportable sum on, and wires from abroad above theirs, by borrower with every payment."""
    rules = shipped()
    least, above = rules.figure("pmla.ctr_from", until), rules.figure("pmla.cbwtr_above", until)
    came = Receipt.objects.filter(loan__in=loans, on__gte=since, on__lte=until, returned_on__isnull=True)
    cash, abroad = came.filter(mode=ReceiptMode.CASH), came.filter(mode=ReceiptMode.ABROAD)
    by_borrower = cash.values("loan__organisation", "loan__business").annotate(total=Sum("amount"))
    large = {(row["loan__organisation"], row["loan__business"]) for row in by_borrower if row["total"] >= least.value}
    joined = "loan__business", "loan__organisation"
    ctr = [one for one in cash.select_related(*joined).order_by("on", "pk") if _whose(one) in large]
    wires = list(abroad.filter(amount__gt=above.value).select_related(*joined).order_by("on", "pk"))
    due = (until + timedelta(days=1)).replace(day=int(rules.value("pmla.report_day", until)))
    marks = " and ".join(sorted({one.source for one in (least, above) if not one.confirmed}))
    figures = (
        ("Month", f"{since:%b %Y}"),
        ("To be filed by", f"{due:%d %b %Y}"),
        ("Cash reported from, a month", _money(least.value)),
        ("Wires from abroad reported above", _money(above.value)),
        ("Source of both sums", marks or least.source),
        ("CTR: borrowers, payments, rupees", f"{len(large)}, {len(ctr)}, {_sum(ctr)}"),
        ("CBWTR: payments, rupees", f"{len(wires)}, {_sum(wires)}"),
    )
    return Content(
        figures,
        (_persons([*ctr, *wires]), _payments("CTR: cash transactions", ctr), _payments("CBWTR: wires", wires)),
    )


def _whose(one: Receipt) -> tuple[int, int]:
    return one.loan.organisation_id, one.loan.business_id


def _sum(rows: Iterable[Receipt]) -> str:
    return _money(sum((one.amount for one in rows), NOTHING))


def _persons(rows: Iterable[Receipt]) -> Sheet:
    """Each borrower once, as the legal-entity file of the report asks."""
    found = {one.loan.business_id: one.loan.business for one in rows}
    listed = tuple(
        (one.legal_name, one.gstin, one.pan, one.constitution.replace("_", " "), f"{one.state_code:02d}")
        for one in sorted(found.values(), key=lambda business: business.legal_name)
    )
    return Sheet("Persons", ("Name", "GSTIN", "PAN", "Constitution", "State code"), listed, ())


def _payments(title: str, rows: Iterable[Receipt]) -> Sheet:
    columns = ("Date", "Reference", "Account", "Bank", "Borrower", "Paid by", "Third party", "Rupees")
    listed = tuple(
        (
            one.on.isoformat(), one.utr, one.loan.account_no, one.loan.organisation.name, one.loan.business.legal_name,
            one.payer, "yes" if one.third_party else "no", _money(one.amount),
        )
        for one in rows
    )  # fmt: skip
    return Sheet(title, columns, listed, (7,))


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
