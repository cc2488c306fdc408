"""Products as people see them: what is offered, and for those who change them every version with its difference."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from creditiq.kernel.errors import NotVisible
from lending.engine.products import USUAL
from lending.engine.record import differences
from lending.models import LoanProduct, ProductVersion, VersionStatus

NEWEST = 100


@dataclass(frozen=True, slots=True)
class ProductView:
    """A product on offer; `version` and `terms` are None while none of its versions was approved."""

    product: LoanProduct
    version: int | None
    terms: Mapping[str, object] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One entry that differs from the version before; None: not there."""

    entry: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with what it changes against the one before it."""

    id: UUID
    product: str
    name: str
    version: int
    status: str
    author: str
    approver: str | None
    drafted_at: datetime
    live_from: datetime | None
    retired_at: datetime | None
    sha256: str
    document: Mapping[str, object]
    changes: tuple[Change, ...]


def products_offered(*, at: datetime) -> list[ProductView]:
    """What can be applied for, with the terms in force at `at`. Two queries."""
    live = {version.product_id: version for version in ProductVersion.objects.in_force_at(at)}
    return [_offered(product, live.get(product.pk)) for product in LoanProduct.objects.offered()]


def versions_kept() -> list[VersionView]:
    """The newest hundred versions, by product, each against its predecessor. One query."""
    rows = list(ProductVersion.objects.select_related("product", "author", "approver").newest_first()[:NEWEST])
    earlier = {(row.product_id, row.version): row for row in rows if row.status != VersionStatus.DRAFT}
    return [_view(row, _before(row, earlier)) for row in rows]


def product_named(code: str) -> LoanProduct:
    """The product of a code. Raises NotVisible."""
    product = LoanProduct.objects.filter(code=code).first()
    if product is None:
        raise NotVisible
    return product


def terms_to_start_from(product: LoanProduct) -> Mapping[str, object]:
    """The live version's document; for a product without one the usual terms within its bounds."""
    live = product.versions.filter(status=VersionStatus.LIVE).first()
    if live is not None:
        return {**USUAL, **live.document}
    bounds = {"least_amount": f"{product.least_amount:f}", "most_amount": f"{product.most_amount:f}"}
    return {**USUAL, **bounds, "least_months": product.least_months, "most_months": product.most_months}


def _offered(product: LoanProduct, version: ProductVersion | None) -> ProductView:
    if version is None:
        return ProductView(product, None, None)
    return ProductView(product, version.version, version.document)


def _before(row: ProductVersion, earlier: Mapping[tuple[int, int], ProductVersion]) -> Mapping[str, object]:
    """The approved version before this one; a discarded draft may have left a gap."""
    numbers = [number for product, number in earlier if product == row.product_id and number < row.version]
    return earlier[row.product_id, max(numbers)].document if numbers else {}


def _view(row: ProductVersion, before: Mapping[str, object]) -> VersionView:
    return VersionView(
        id=row.uuid,
        product=row.product.code,
        name=row.product.name,
        version=row.version,
        status=row.status,
        author=row.author.email,
        approver=row.approver.email if row.approver else None,
        drafted_at=row.drafted_at,
        live_from=row.live_from,
        retired_at=row.retired_at,
        sha256=row.sha256,
        document=row.document,
        changes=tuple(Change(*change) for change in differences(before, row.document)),
    )
