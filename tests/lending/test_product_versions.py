"""Products are changed by two people, version by version."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, Role
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from lending.engine.products import USUAL
from lending.models import LoanProduct, ProductVersion
from lending.selectors import products_offered, versions_kept
from lending.services import UnableToChangeProduct, approve_product, discard_draft, draft_product, offer_products
from tests.factories.accounts import OfficerFactory, UserFactory
from tests.factories.lending import AT

LATER = AT + timedelta(days=1)


@pytest.fixture
def people(db):
    offer_products(at=AT)
    return UserFactory(role=Role.ADMIN), UserFactory(role=Role.RISK_MANAGER)


def drafted(maker, **changes) -> ProductVersion:
    return draft_product(product="TL-MSME", document={**USUAL, **changes}, by=maker, at=AT)


def test_a_draft_goes_live_by_a_second_person_and_the_bounds_follow(people):
    maker, checker = people
    draft = drafted(maker, most_amount="2500000", most_months=60)

    approve_product(version_id=draft.uuid, by=checker, at=LATER)

    product = LoanProduct.objects.get(code="TL-MSME")
    assert (product.most_amount, product.most_months) == (Decimal(2_500_000), 60)
    assert [view.version for view in products_offered(at=LATER) if view.product == product] == [1]
    assert [view.version for view in products_offered(at=AT) if view.product == product] == [None]
    assert list(
        AuditEntry.objects.filter(action__startswith="product.").order_by("at").values_list("action", flat=True)
    ) == [
        "product.drafted",
        "product.approved",
    ]


def test_a_next_version_retires_the_one_before_and_shows_what_it_changes(people):
    maker, checker = people
    approve_product(version_id=drafted(maker).uuid, by=checker, at=AT)

    second = drafted(checker, penal_percent="3", allocation=["penal", "fee", "interest", "principal"])
    approve_product(version_id=second.uuid, by=maker, at=LATER)

    newest, first = versions_kept()
    assert [(view.version, view.status) for view in (newest, first)] == [(2, "live"), (1, "retired")]
    assert ("penal_percent", "2", "3") in [(change.entry, change.before, change.after) for change in newest.changes]
    assert {change.entry.partition(".")[0] for change in newest.changes} == {"penal_percent", "allocation"}


def test_the_author_of_a_draft_cannot_approve_it(people):
    draft = drafted(people[0])

    with pytest.raises(UnableToChangeProduct, match="somebody else"):
        approve_product(version_id=draft.uuid, by=people[0], at=LATER)


def test_one_draft_waits_at_a_time_and_can_be_discarded(people):
    draft = drafted(people[0])
    with pytest.raises(UnableToChangeProduct, match="waits already"):
        drafted(people[1])

    discard_draft(version_id=draft.uuid, by=people[1], at=LATER)

    assert not ProductVersion.objects.exists()
    with pytest.raises(NotVisible):
        approve_product(version_id=draft.uuid, by=people[1], at=LATER)


def test_what_is_live_is_approved_once_and_never_edited(people):
    maker, checker = people
    version = approve_product(version_id=drafted(maker).uuid, by=checker, at=AT)

    with pytest.raises(UnableToChangeProduct, match="no draft any more"):
        approve_product(version_id=version.uuid, by=checker, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductVersion.objects.filter(pk=version.pk).update(document={**USUAL, "penal_percent": "9"})
    with pytest.raises(IntegrityError), transaction.atomic():
        ProductVersion.objects.filter(pk=version.pk).delete()


def test_bad_terms_an_unknown_product_and_a_stranger_are_refused(people):
    with pytest.raises(InvalidInput) as refusal:
        drafted(people[0], cooling_off_days=0)
    assert refusal.value.field == "cooling_off_days"
    with pytest.raises(InvalidInput, match="no such product"):
        draft_product(product="GIFT", document=USUAL, by=people[0], at=AT)
    with pytest.raises(Forbidden):
        drafted(OfficerFactory())


def test_the_lists_ask_a_fixed_number_of_queries(people, django_assert_num_queries):
    approve_product(version_id=drafted(people[0]).uuid, by=people[1], at=AT)

    with django_assert_num_queries(2):
        products_offered(at=LATER)
    with django_assert_num_queries(1):
        versions_kept()
