"""Rows that must not exist are refused by the database."""

import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import Consent, Organisation, PolicyVersion, Role, User
from tests.factories.accounts import (
    AT,
    BusinessFactory,
    ConsentFactory,
    PlatformFactory,
    RiskManagerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "fields",
    [
        {"email": "Upper@case.example"},
        {"role": "king"},
        {"role": Role.LOAN_OFFICER, "organisation": None},
        {"language": "xx"},
    ],
)
def test_a_malformed_person_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(**fields)


def test_an_owner_belongs_to_no_organisation() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(role=Role.MSME_OWNER, organisation=PlatformFactory())


@pytest.mark.parametrize(
    "fields",
    [{"gstin": "29AAACZ0001K0Z5"}, {"pincode": "012345"}],
)
def test_a_malformed_business_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        BusinessFactory(**fields)


@pytest.mark.parametrize(
    "fields",
    [{"kinds": []}, {"kinds": ["secrets"]}, {"granted_at": None}, {"withdrawn_at": AT}, {"status": "withdrawn"}],
)
def test_a_malformed_consent_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentFactory(**fields)


def test_one_granted_consent_per_business_organisation_and_purpose() -> None:
    first = ConsentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ConsentFactory(business=first.business, organisation=first.organisation)
    assert Consent.objects.count() == 1


def test_there_is_one_platform() -> None:
    PlatformFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.create(name="Another", kind="platform")


def test_signing_in_does_not_depend_on_how_an_address_is_typed() -> None:
    user = UserFactory(email="asha@people.example")
    assert User.objects.get_by_natural_key("Asha@People.Example") == user


def policy(**fields: object) -> PolicyVersion:
    author, approver = RiskManagerFactory(), RiskManagerFactory()
    start = {"section": "fraud", "version": 1, "document": {"a": 1}, "author": author, "approver": approver}
    return PolicyVersion.objects.create(**{**start, "status": "live", "live_from": AT, **fields})


@pytest.mark.parametrize("fields", [{"approver": None}, {"live_from": None}, {"section": "x"}, {"retired_at": AT}])
def test_a_policy_without_approval_does_not_go_live(fields: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        policy(**fields)


def test_nobody_approves_their_own_policy() -> None:
    author = RiskManagerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        policy(author=author, approver=author)


def test_a_section_has_one_live_policy() -> None:
    policy()
    with pytest.raises(IntegrityError), transaction.atomic():
        policy(version=2)


def test_a_live_policy_cannot_be_edited_or_deleted() -> None:
    live = policy()
    with pytest.raises((IntegrityError, InternalError), match="cannot be edited"), transaction.atomic():
        PolicyVersion.objects.filter(pk=live.pk).update(document={"a": 2})
    with pytest.raises((IntegrityError, InternalError), match="cannot be deleted"), transaction.atomic():
        live.delete()
