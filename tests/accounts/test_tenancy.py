"""A query that forgot its tenant raises in a request of somebody bound to one, and nowhere else."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from accounts.api.second_factor import StaffSecondFactor
from accounts.models import Business, User
from creditiq.kernel.wall import UnscopedQuery
from tests.factories.accounts import (
    AnalystFactory,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
FORGETFUL = (
    lambda: list(Business.objects.all()),
    lambda: Business.objects.get(gstin="29AAACZ0001K1ZB"),
    lambda: Business.objects.filter(pincode="560001").first(),
    lambda: Business.objects.count(),
    lambda: Business.objects.exists(),
    lambda: list(Business.objects.values_list("pk", flat=True)),
    lambda: list(Business.objects.iterator()),
    lambda: Business.objects.update(pincode="560002"),
    lambda: Business.objects.filter(pk=0).delete(),
)


def serve(user: User, ask: object) -> list[object]:
    """What a door that does `ask` would get, in a request of this person."""
    got: list[object] = []

    def door(_: HttpRequest) -> HttpResponse:
        got.append(ask())
        return HttpResponse()

    request = RequestFactory().get("/owner")
    request.user = user
    StaffSecondFactor(door)(request)
    return got


@pytest.mark.parametrize("ask", FORGETFUL)
@pytest.mark.parametrize("person", [UserFactory, OfficerFactory, lambda: MembershipFactory().user])
def test_a_forgotten_tenant_raises(person: object, ask: object) -> None:
    user = person()
    with pytest.raises(UnscopedQuery):
        serve(user, ask)


def test_who_names_the_person_gets_what_is_theirs() -> None:
    consent, _ = ConsentFactory(), BusinessFactory()
    officer = OfficerFactory(organisation=consent.organisation)
    seen = serve(officer, lambda: list(Business.objects.visible_to(officer).filter(pincode="560001").order_by("pk")))
    assert seen == [[consent.business]]
    assert serve(officer, lambda: Business.register.count()) == [2]


def test_the_platforms_people_and_work_without_a_request_are_not_bound() -> None:
    BusinessFactory()
    assert serve(AnalystFactory(), lambda: Business.objects.count()) == [1]
    assert Business.objects.count() == 1


def test_the_binding_ends_with_the_request() -> None:
    serve(UserFactory(), lambda: None)
    assert Business.objects.count() == 0
