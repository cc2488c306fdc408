"""The end of a day over many loans on one worker, on the real database, in a transaction that is rolled back."""

import resource
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from time import perf_counter

from django.db import connection, transaction
from django.db.models import Model
from psycopg.sql import SQL, Composable, Identifier

from accounts.models import Business, Organisation, User
from creditiq.kernel.hashing import digest
from creditiq.kernel.identifiers import gstin
from lending.engine.agreements import agreement, written
from lending.engine.changes import scheduled
from lending.engine.plans import plan
from lending.engine.products import USUAL, ProductTerms
from lending.engine.terms import Terms
from lending.models import Instalment, Loan, LoanApplication, LoanProduct
from lending.services.closing import BATCH, close_loans
from lending.services.ledger import open_chart

START, FIRST_DUE = date(2026, 1, 5), date(2026, 2, 5)
DAY = timedelta(days=1)
TERMS = Terms(Decimal(1_000_000), Decimal(12), 36, START, FIRST_DUE)
OVERDUE_EVERY = 10
"""Every how many loans one has not paid its first instalment."""
TARGET_SECONDS = 600
TARGET_LOANS = 100_000
INSTALMENTS = """
INSERT INTO lending_instalment (loan_id, version, number, start, due, principal, interest, capitalised, brought)
SELECT loan.id, 1, row.number, row.start, row.due, row.principal, row.interest, row.capitalised, row.brought
FROM lending_loan AS loan, lending_instalment AS row
WHERE loan.id = ANY(%s) AND row.loan_id = %s
"""
COPIES = """
INSERT INTO {table} ({columns})
SELECT {chosen} FROM {table} AS sample, unnest({lists}) WITH ORDINALITY AS own({names}, place)
WHERE sample.id = %s ORDER BY own.place RETURNING id
"""
OF_THEIR_OWN = {
    "uuid": SQL("gen_random_uuid()"),
    "agreement": SQL("jsonb_set(sample.agreement, '{account}', to_jsonb(own.account_no))"),
}
"""Columns of a copy that neither the first row nor a list says."""


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """An ordinary day, and the busiest there is: the day on which every loan asks for an instalment.

    One size is measured beside its half, so that two points say how the time grows; what 100,000 loans take is read
    from the straight line through the two largest, not measured.
    """
    loans = sorted(sizes) or [10_000]
    if len(loans) == 1:
        loans = [max(loans[0] // 2, 1), *loans]
    measured = [_measured(size) for size in loans]
    seconds = [max(one) for one in measured]
    each = _growth(loans, seconds)
    return {
        "name": "eod",
        "sizes": loans,
        "rounds": rounds,
        "ours": [round(one, 3) for one in seconds],
        "ordinary_day_seconds": [round(one[0], 3) for one in measured],
        "due_day_seconds": [round(one[1], 3) for one in measured],
        "loans_per_second": round(loans[-1] / seconds[-1]),
        "milliseconds_per_loan": round(seconds[-1] * 1000 / loans[-1], 3),
        "seconds_for_100000": round(seconds[-1] + each * (TARGET_LOANS - loans[-1]), 1),
        "extrapolated": f"straight line through {loans[-2]} and {loans[-1]} loans",
        "target_seconds": TARGET_SECONDS,
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
    }


def _growth(loans: list[int], seconds: list[float]) -> float:
    """Seconds that one more loan takes, by the two largest sizes; never less than the average of the largest.

    A small size pays for warm caches and would flatter the line.
    """
    span = loans[-1] - loans[-2]
    slope = (seconds[-1] - seconds[-2]) / span if span else 0.0
    return max(slope, seconds[-1] / loans[-1])


def _measured(size: int) -> tuple[float, float]:
    with transaction.atomic():
        owners = _fill(size)
        ordinary = _seconds(owners, FIRST_DUE - DAY)
        due = _seconds(owners, FIRST_DUE)
        transaction.set_rollback(True)
    return ordinary, due


def _seconds(owners: list[int], on: date) -> float:
    started, at = perf_counter(), datetime.combine(on + DAY, time(0, 30), UTC)
    for first in range(0, len(owners), BATCH):
        close_loans(business_ids=set(owners[first : first + BATCH]), on=on, at=at)
        _check_constraints()
    return perf_counter() - started


def _check_constraints() -> None:
    """What a commit would do."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _fill(size: int) -> list[int]:
    """Loans of as many owners, one day before the ordinary day; answers the owners' keys.

    The first business, application and loan are written in full; the database copies the others from them.
    """
    open_chart()
    bank = Organisation.objects.create(name="Scratch bank", kind="bank")
    clerk = User.objects.create(email="scratch@bank.test", organisation=bank, role="loan_officer")
    product = LoanProduct.objects.order_by("pk").first() or _product()
    names = [f"SCRATCH-{number}" for number in range(size)]
    gstins = [gstin.compose(29, _pan(number)) for number in range(size)]
    owners = _copied(_business(names[0], gstins[0]), legal_name=names, gstin=gstins)
    asked = _copied(_application(names[0], owners[0], bank, product), number=names, business_id=owners)
    first = _loan(names[0], asked[0], owners[0], bank, product, clerk)
    unpaid = [Decimal(0) if place % OVERDUE_EVERY == 0 else first.unallocated for place in range(size)]
    digests = [digest(first.agreement | {"account": name}) for name in names]
    loans = _copied(
        first, account_no=names, application_id=asked, business_id=owners, sha256=digests, unallocated=unpaid
    )
    Instalment.objects.bulk_create(_rows(loans[0]))
    with connection.cursor() as cursor:
        cursor.execute(INSTALMENTS, [loans[1:], loans[0]])
        for table in ("loan", "instalment", "due"):
            cursor.execute(f"ANALYZE lending_{table}")
    _check_constraints()
    return owners


def _copied(first: Model, **lists: Sequence[object]) -> list[int]:
    """The row, and one more like it for each further place of the lists of what differs; answers their keys in order.

    The first place of every list is the first row's own.
    """
    for name, values in lists.items():
        setattr(first, name, values[0])
    first.save(force_insert=True)
    kinds = {
        str(one.column): SQL(f"%s::{one.db_type(connection)}[]")
        for one in first._meta.concrete_fields
        if not one.primary_key
    }
    chosen: list[Composable] = [
        Identifier("own", name) if name in lists else OF_THEIR_OWN.get(name, Identifier("sample", name))
        for name in kinds
    ]
    statement = SQL(COPIES).format(
        table=Identifier(first._meta.db_table),
        columns=SQL(", ").join(map(Identifier, kinds)),
        chosen=SQL(", ").join(chosen),
        lists=SQL(", ").join(kinds[name] for name in lists),
        names=SQL(", ").join(map(Identifier, lists)),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*(list(values[1:]) for values in lists.values()), first.pk])
        return [first.pk, *(key for (key,) in cursor.fetchall())]


def _product() -> LoanProduct:
    return LoanProduct.objects.create(
        code="SCRATCH", name="Scratch", facility="term_loan", least_amount=1, most_amount=10**7, least_months=1,
        most_months=84,
    )  # fmt: skip


def _pan(number: int) -> str:
    letters = "".join(chr(65 + number // 10_000 // 26**place % 26) for place in range(2))
    return f"Y{letters}CY{number % 10_000:04d}Y"


def _business(name: str, number: str) -> Business:
    return Business(
        gstin=number, legal_name=name, trade_name="Scratch",
        sector="textiles", hsn="5208", state_code=29, pincode="560001", size="micro", constitution="company",
        registered_on=date(2024, 4, 1), deals_in_goods=True, quarterly_filer=False,
    )  # fmt: skip


def _application(name: str, owner: int, bank: Organisation, product: LoanProduct) -> LoanApplication:
    return LoanApplication(
        number=name, business_id=owner, organisation=bank, product=product, amount=TERMS.principal,
        months=TERMS.months, purpose="Scratch", state="sanctioned", opened_at=datetime.combine(START, time(), UTC),
    )  # fmt: skip


def _loan(name: str, application: int, owner: int, bank: Organisation, product: LoanProduct, clerk: User) -> Loan:
    """A loan that is paid a month ahead."""
    document = written(agreement(name, TERMS, ProductTerms.from_document(USUAL), Decimal("13.45")))
    return Loan(
        account_no=name, application_id=application, business_id=owner, organisation=bank, product=product,
        agreement=document, sha256=digest(document), sanctioned=TERMS.principal,
        opened_at=datetime.combine(START, time(), UTC), opened_by=clerk, category="sme_agri", pd=Decimal("3.4"),
        state="active", through=FIRST_DUE - 2 * DAY, penal_through=START, percent=TERMS.percent, next_due=FIRST_DUE,
        principal=TERMS.principal, accrued=Decimal("9677.42"), unallocated=Decimal("33214.31"),
    )  # fmt: skip


def _rows(loan: int) -> Iterator[Instalment]:
    for row in scheduled(plan(TERMS).rows, START):
        yield Instalment(
            loan_id=loan, version=1, number=row.number, start=row.start, due=row.due, principal=row.principal,
            interest=row.interest,
        )  # fmt: skip
