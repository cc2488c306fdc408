"""Versions of a product: drafted by one person, approved by another, in force from then on."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.hashing import digest
from lending.engine.products import ProductTerms, UnsoundProduct
from lending.models import LoanProduct, ProductVersion, VersionStatus


class UnableToChangeProduct(ApplicationError):
    """The version cannot take this step."""

    code = "unable_to_change_product"


def draft_product(*, product: str, document: Mapping[str, object], by: User, at: datetime) -> ProductVersion:
    """Write the next version of a product. Raises InvalidInput naming the entry, UnableToChangeProduct."""
    require(by, Capability.CHANGE_PRODUCTS)
    terms = _terms(document)
    with transaction.atomic(durable=True):
        sold = LoanProduct.objects.select_for_update().filter(code=product).first()
        if sold is None:
            raise InvalidInput("There is no such product.", field="product", rule="product.unknown")
        if sold.versions.filter(status=VersionStatus.DRAFT).exists():
            raise UnableToChangeProduct("A draft of this product waits already: approve or discard it first.")
        written = terms.document()
        version = ProductVersion.objects.create(
            product=sold,
            version=(sold.versions.aggregate(last=Max("version"))["last"] or 0) + 1,
            document=written,
            sha256=digest(written),
            drafted_at=at,
            author=by,
        )
        audit.record("product.drafted", target=version, at=at, by=by, payload=_payload(version))
    return version


def approve_product(*, version_id: UUID, by: User, at: datetime) -> ProductVersion:
    """Put a draft in force and retire the version before it; the bounds of applications follow in the same moment.

    Raises UnableToChangeProduct when maker and checker are one person, or the draft is no draft any more.
    """
    with transaction.atomic(durable=True):
        version = _draft(version_id, by)
        if version.author_id == by.pk:
            raise UnableToChangeProduct("A product is approved by somebody else than the author of its draft.")
        if digest(version.document) != version.sha256:
            raise UnableToChangeProduct("The draft is not what its author wrote. Discard it.")
        version.product.versions.filter(status=VersionStatus.LIVE).update(status=VersionStatus.RETIRED, retired_at=at)
        version.status, version.live_from, version.approver = VersionStatus.LIVE, at, by
        version.save(update_fields=["status", "live_from", "approver"])
        _follow(version.product, _terms(version.document))
        audit.record("product.approved", target=version, at=at, by=by, payload=_payload(version))
    return version


def discard_draft(*, version_id: UUID, by: User, at: datetime) -> None:
    """Throw a draft away; what it said stays in the audit trail as a digest. Raises UnableToChangeProduct."""
    with transaction.atomic(durable=True):
        version = _draft(version_id, by)
        audit.record("product.discarded", target=version, at=at, by=by, payload=_payload(version))
        version.delete()


def _terms(document: Mapping[str, object]) -> ProductTerms:
    try:
        return ProductTerms.from_document(document)
    except UnsoundProduct as refusal:
        raise InvalidInput(refusal.message, field=refusal.field, rule=f"product.{refusal.field}") from refusal


def _draft(version_id: UUID, by: User) -> ProductVersion:
    require(by, Capability.CHANGE_PRODUCTS)
    version = ProductVersion.objects.select_related("product").filter(uuid=version_id).first()
    if version is None:
        raise NotVisible
    locks.hold("lending.product", version.product_id)
    version.refresh_from_db(fields=["status", "document", "sha256"])
    if version.status != VersionStatus.DRAFT:
        raise UnableToChangeProduct("This version is no draft any more.")
    return version


def _follow(product: LoanProduct, terms: ProductTerms) -> None:
    product.least_amount, product.most_amount = terms.least_amount, terms.most_amount
    product.least_months, product.most_months = terms.least_months, terms.most_months
    product.save(update_fields=["least_amount", "most_amount", "least_months", "most_months"])


def _payload(version: ProductVersion) -> dict[str, object]:
    return {"product": version.product.code, "version": version.version, "sha256": version.sha256}
