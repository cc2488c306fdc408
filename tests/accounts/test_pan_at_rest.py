"""A PAN is kept by itself nowhere plain, and found all the same."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.models import Business
from accounts.services.field_keys import rotate_index_keys
from creditiq.kernel.blind_index import index_of
from creditiq.kernel.fields import SealedField
from tests.factories.accounts import AT, BusinessFactory

pytestmark = pytest.mark.django_db


def test_no_table_has_a_plain_column_for_a_pan() -> None:
    columns = {field for model in apps.get_models() for field in model._meta.concrete_fields if field.name == "pan"}
    assert columns
    assert all(isinstance(field, SealedField) for field in columns)


def test_a_business_is_found_by_its_pan_and_no_column_but_the_gstin_says_it() -> None:
    business = BusinessFactory()
    BusinessFactory()
    assert business.pan == business.gstin[2:12]
    assert list(Business.register.all().with_pan(f" {business.pan.lower()} ")) == [business]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(one) - 'gstin' FROM accounts_business one WHERE id = %s", [business.pk])
        assert business.pan not in str(cursor.fetchone())


def test_an_index_under_an_older_key_is_made_anew() -> None:
    business = BusinessFactory()
    Business.register.filter(pk=business.pk).update(pan_index="bi1$older$00")
    assert rotate_index_keys(at=AT, say=lambda done, total: None) == 1
    assert Business.register.get().pan_index == index_of(business.pan, kind="pan")
