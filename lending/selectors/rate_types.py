"""Which loans run at a floating rate: as agreed, and for older agreements as the accepted statement says."""

from collections.abc import Iterable

from lending.models import KeyFactStatement, Loan
from lending.selectors.products import terms_to_start_from

FLOATING = "floating"
FIXED = "This loan was agreed at a fixed rate, which no reset changes. Agree on new terms instead."


def floating_among(loans: Iterable[Loan]) -> frozenset[int]:
    """The keys of those at a floating rate. One query more for loans whose agreement does not say it.

    A loan without an accepted statement is taken for what its product is sold as.
    """
    rows = list(loans)
    kinds = {loan.pk: loan.agreement["rate_type"] for loan in rows if "rate_type" in loan.agreement}
    silent = [loan for loan in rows if loan.pk not in kinds]
    if silent:
        accepted = KeyFactStatement.objects.filter(application__loan__in=silent, accepted_at__isnull=False)
        kinds |= dict(accepted.values_list("application__loan", "document__terms__rate_type"))
    sold = {loan.product_id: loan.product for loan in silent if not kinds.get(loan.pk)}
    of_product = {key: terms_to_start_from(product).get("rate_type") for key, product in sold.items()}
    return frozenset(loan.pk for loan in rows if (kinds.get(loan.pk) or of_product.get(loan.product_id)) == FLOATING)


def is_floating(loan: Loan) -> bool:
    """Whether a reset may change its rate."""
    return loan.pk in floating_among([loan])
