"""What is held against loans: IRAC and expected loss side by side, booked when it changes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache

from django.db import connection

from lending.engine.classification import AssetClass
from lending.engine.credit_loss import (
    Held,
    Year,
    allowance,
    expected_loss,
    floor_amount,
    held,
    loss_given_default,
    stage,
)
from lending.engine.ledger import Account, Kind, entry
from lending.engine.provisions import Exposure, irac, unsecured_at_start
from lending.engine.regulation import Regulation, shipped
from lending.models import Loan, LoanState, ProvisionLine
from lending.services.ledger import store_loans, write

NOTHING = Decimal(0)
CERTAIN = Decimal(100)
"""The yearly PD, per cent, of a loan that nobody estimated one for: unknown is never a pass."""

YEARS = """
SELECT row.loan_id, (row.number - loan.next_number) / 12 AS year, sum(row.principal)
FROM lending_instalment AS row JOIN lending_loan AS loan ON loan.id = row.loan_id
WHERE row.version = loan.schedule_version AND row.number >= loan.next_number AND loan.id = ANY(%s)
GROUP BY 1, 2 ORDER BY 1, 2 DESC
"""


def provide(loans: Sequence[Loan], *, on: date, at: datetime) -> int:
    """Compute what is held against these loans on a day and book the differences. Returns how many changed.

    A loan whose outstanding, class and stage are those of its last line is left alone.
    """
    rules = _regulation()
    last = _last_lines(loans)
    moved = [loan for loan in loans if _key(loan, rules, on) != last.get(loan.pk)]
    years = _years([loan.pk for loan in moved if loan.state == LoanState.ACTIVE])
    lines, made = [], []
    for loan in moved:
        line = _line(loan, rules, on, years.get(loan.pk, ()))
        change = line.held - loan.provision
        booked = entry(Kind.PROVISION, on, {Account.PROVISION_COST: change, Account.PROVISION: -change})
        if booked is not None:
            made.append((loan, booked, None))
        loan.provision, loan.ecl_stage = line.held, line.stage
        lines.append(line)
    write(made, at=at)
    ProvisionLine.objects.bulk_create(
        lines, update_conflicts=True, unique_fields=["loan", "on"],
        update_fields=["outstanding", "asset_class", "stage", "irac", "ecl", "floor", "held"],
    )  # fmt: skip
    if moved:
        store_loans(moved)
    return len(moved)


@cache
def _regulation() -> Regulation:
    return shipped()


def _last_lines(loans: Sequence[Loan]) -> dict[int, tuple[Decimal, str, int]]:
    rows = ProvisionLine.objects.filter(loan__in=loans).order_by("loan_id", "-on").distinct("loan_id")
    return {row.loan_id: (row.outstanding, row.asset_class, row.stage) for row in rows}


def _key(loan: Loan, rules: Regulation, on: date) -> tuple[Decimal, str, int]:
    return outstanding(loan), loan.asset_class, _stage(loan, rules, on)


def outstanding(loan: Loan) -> Decimal:
    """What is at stake: principal, and interest due that counts as income; nothing once a loan is over."""
    if loan.state != LoanState.ACTIVE:
        return NOTHING
    return loan.principal + max(loan.interest_due - loan.suspended, NOTHING)


def _stage(loan: Loan, rules: Regulation, on: date) -> int:
    risen = loan.restructure_count > 0
    return int(stage(AssetClass(loan.asset_class), loan.dpd, rules.loss_rules(on), risen=risen))


def _line(loan: Loan, rules: Regulation, on: date, years: Sequence[Decimal]) -> ProvisionLine:
    amount, at_stage = (
        outstanding(loan),
        stage(AssetClass(loan.asset_class), loan.dpd, rules.loss_rules(on), risen=loan.restructure_count > 0),
    )
    found = _held(loan, rules, on, years) if amount else Held(NOTHING, NOTHING, NOTHING, NOTHING)
    return ProvisionLine(
        loan=loan, on=on, outstanding=amount, asset_class=loan.asset_class, stage=int(at_stage),
        irac=found.irac, ecl=found.ecl, floor=found.floor, held=found.held,
    )  # fmt: skip


def _held(loan: Loan, rules: Regulation, on: date, years: Sequence[Decimal]) -> Held:
    amount, figures, losses = outstanding(loan), rules.irac(on), rules.loss_rules(on)
    exposure = Exposure(
        outstanding=amount,
        category=loan.category,
        security=loan.security,
        unsecured_at_start=unsecured_at_start(loan.security, loan.sanctioned, figures),
        cover=loan.cover,
    )
    lgd = loss_given_default(None, losses, secured=loan.security > 0)
    pd = loan.pd if loan.pd is not None else CERTAIN
    at_stage = stage(AssetClass(loan.asset_class), loan.dpd, losses, risen=loan.restructure_count > 0)
    ahead = [Year(exposure=amount, pd=pd), *(Year(exposure=left, pd=pd) for left in years[1:])]
    loss = expected_loss(ahead, lgd=lgd, percent=loan.percent)
    return held(
        on,
        rules.ecl_starts(),
        irac=irac(exposure, AssetClass(loan.asset_class), figures).total,
        ecl=allowance(at_stage, loss, exposure=amount, lgd=lgd),
        floor=floor_amount(amount, rules.loss_floor(int(at_stage), on)),
    )


def _years(loan_ids: Sequence[int]) -> Mapping[int, list[Decimal]]:
    """The scheduled principal at the start of each coming year, by loan."""
    with connection.cursor() as cursor:
        cursor.execute(YEARS, [list(loan_ids)])
        rows = cursor.fetchall()
    starts: dict[int, list[Decimal]] = defaultdict(list)
    for loan_id, _, principal in rows:  # from the last year back, so that each adds what follows it
        after = starts[loan_id][0] if starts[loan_id] else NOTHING
        starts[loan_id].insert(0, after + principal)
    return starts
