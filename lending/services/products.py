"""The products a new installation starts with."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts import audit
from lending.engine.dossier import Facility
from lending.models import LoanProduct

FIRST_PRODUCTS = (
    ("WC-CC", "Working capital", Facility.WORKING_CAPITAL, 50_000, 5_000_000, 3, 12),
    ("TL-MSME", "Term loan", Facility.TERM_LOAN, 100_000, 10_000_000, 12, 84),
)


def offer_products(*, at: datetime) -> list[LoanProduct]:
    """Make the first products known; a product that exists is left as it is."""
    with transaction.atomic(durable=True):
        known = set(LoanProduct.objects.values_list("code", flat=True))
        fresh = [_product(row) for row in FIRST_PRODUCTS if row[0] not in known]
        LoanProduct.objects.bulk_create(fresh)
        if fresh:
            payload = {"codes": [product.code for product in fresh]}
            audit.record("products.offered", target="lending.loanproduct", at=at, payload=payload)
    return list(LoanProduct.objects.offered())


def _product(row: tuple[str, str, Facility, int, int, int, int]) -> LoanProduct:
    code, name, facility, least_amount, most_amount, least_months, most_months = row
    return LoanProduct(
        code=code,
        name=name,
        facility=facility.value,
        least_amount=Decimal(least_amount),
        most_amount=Decimal(most_amount),
        least_months=least_months,
        most_months=most_months,
    )
