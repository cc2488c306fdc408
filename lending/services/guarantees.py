"""The yearly fee of loans that CGTMSE covers."""

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from accounts import audit
from lending.engine.days import months_after
from lending.engine.guarantee import cover
from lending.engine.regulation import shipped
from lending.models import GuaranteeFee, Loan

MONTHS = 12


def ask_guarantee_fees(*, on: date, at: datetime) -> int:
    """Compute the fee of every covered loan whose year has begun by `on`; each year once. Answers how many.

    Year 1 on the sanctioned loan, later years on what is outstanding. A loan above the last slab has no fee here:
    its price is agreed with the trust. Years count from the day the loan was paid out.
    """
    rules, fees = shipped(), []
    covered = Loan.objects.running().filter(cover__gt=0).select_related("disbursement").order_by("pk")
    known = set(GuaranteeFee.objects.filter(loan__in=covered).values_list("loan_id", "year"))
    for loan in covered:
        year = _year(loan.disbursement.on, on)
        percent = rules.guarantee_fee(loan.sanctioned, on)
        if (loan.pk, year) in known or percent is None:
            continue
        base = loan.sanctioned if year == 1 else loan.principal
        asked = cover(base, percent=loan.cover, fee=percent)
        fees.append(GuaranteeFee(loan=loan, year=year, on=on, base=base, guaranteed=asked.guaranteed, fee=asked.fee))
    if fees:
        with transaction.atomic(durable=True):
            GuaranteeFee.objects.bulk_create(fees, ignore_conflicts=True)
            total = sum((fee.fee for fee in fees), Decimal(0))
            audit.record(
                "guarantee.fees", target="lending.guaranteefee", at=at, payload={"loans": len(fees), "fee": total}
            )
    return len(fees)


def _year(start: date, on: date) -> int:
    """The year of the loan's life that `on` lies in, from one."""
    year = max(on.year - start.year, 0)
    return year + 1 if months_after(start, year * MONTHS) <= on else year
