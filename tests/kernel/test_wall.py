"""In a request of somebody bound to a tenant a query says whose rows it wants, or raises; every model is judged."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Count, F, Model, Q

from accounts import audit
from accounts.models import AuditEntry, Business, Consent, Flag, Membership, Notification, User
from creditiq.kernel.wall import UnscopedQuery, is_owned, named, names_tenant, request_of
from fraud.models import RingMember
from lending.models import LoanApplication
from scoring.models import ScoreRun
from tests.factories.accounts import AT, ConsentFactory, OwnerFactory
from wallets.models import GstInvoice, Upload

OURS = [model for label in sorted(settings.TENANT_APPS) for model in apps.get_app_config(label).get_models()]
WALLED = [model for model in OURS if model._meta.label not in settings.OF_THE_HOUSE]


def unchanged(model: type[Model]) -> dict[str, F]:
    """An update that changes nothing: a column by itself."""
    name = next(field.name for field in model._meta.concrete_fields if field.column and not field.primary_key)
    return {name: F(name)}


ACTS: dict[str, Callable[[type[Model]], object]] = {
    "list": lambda model: list(model._default_manager.all()),
    "count": lambda model: model._default_manager.count(),
    "exists": lambda model: model._default_manager.exists(),
    "aggregate": lambda model: model._default_manager.aggregate(n=Count("pk")),
    "values": lambda model: list(model._default_manager.values_list("pk", flat=True)),
    "iterator": lambda model: list(model._default_manager.iterator()),
    "first": lambda model: model._base_manager.first(),
    "distinct count": lambda model: model._default_manager.values("pk").distinct().count(),
    "update": lambda model: model._base_manager.update(**unchanged(model)),
    "delete": lambda model: model._base_manager.all()._raw_delete("default"),
}
NAMED = {
    "an owner's key": lambda: Consent.objects.filter(business=3),
    "a parent's key": lambda: Notification.objects.filter(user__in=[1, 2]),
    "a key behind a join": lambda: Consent.objects.filter(business__memberships__user=3),
    "a sub-query that names": lambda: Consent.objects.filter(business__in=Business.objects.filter(memberships__user=3)),
    "one row by a key of several columns": lambda: GstInvoice.objects.filter(pk=(3, "0" * 32)),
    "one row": lambda: Consent.objects.filter(uuid="0" * 32),
    "nothing": lambda: Consent.objects.none(),
    "either of two": lambda: Consent.objects.filter(Q(business=3) | Q(organisation=4)),
    "a door": lambda: named(Consent.objects.all()),
    "rows of a sub-query that names": lambda: RingMember.objects.filter(
        ring__in=RingMember.objects.filter(business=3).values("ring")
    ),
}
UNNAMED = {
    "all": lambda: Consent.objects.all(),
    "a state": lambda: Consent.objects.filter(status="granted"),
    "one of two only": lambda: Consent.objects.filter(Q(business=3) | Q(status="granted")),
    "everybody but one": lambda: Consent.objects.exclude(business=3),
    "a column by a column": lambda: Consent.objects.filter(business_id=F("organisation_id")),
    "a sub-query of all": lambda: Consent.objects.filter(business__in=Business.objects.filter(pincode="560001")),
    "nobody's": lambda: AuditEntry.objects.filter(organisation=None),
    "two lists together": lambda: Consent.objects.filter(business=3).union(Consent.objects.all()),
}
DOORS = {
    "accounts/audit.py": 5,
    "accounts/models/tenancy.py": 1,
    "accounts/selectors/audit_trail.py": 3,
    "accounts/selectors/sandbox.py": 1,
    "accounts/services/jobs.py": 1,
    "creditiq/readings.py": 3,
    "fraud/selectors/network.py": 3,
    "fraud/selectors/queue.py": 2,
    "fraud/selectors/rings.py": 4,
    "fraud/selectors/suspicion.py": 2,
    "fraud/selectors/topology.py": 2,
    "fraud/selectors/watchlists.py": 1,
    "fraud/services/alerts.py": 1,
    "fraud/services/cases.py": 1,
    "fraud/services/freezes.py": 3,
    "lending/services/policies.py": 1,
    "scoring/selectors/explanations.py": 1,
    "scoring/selectors/governance.py": 2,
    "scoring/selectors/reports.py": 1,
    "wallets/selectors/attesting.py": 1,
    "wallets/selectors/connecting.py": 1,
    "wallets/selectors/pages.py": 1,
    "wallets/services/attesting.py": 1,
    "wallets/services/ownership.py": 1,
}
"""Where `named` is opened, and how often: a chain of the trail goes on and is verified whoever acts, one's own trail is
found by name, what hangs on a ring or a case is read by somebody who may see that ring or case, the alert of a ring by
whoever may see the business it holds, and the rest are figures about everybody that name nobody."""


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_is_walled_or_of_the_house_by_name(model: type[Model]) -> None:
    assert is_owned(model) != (model._meta.label in settings.OF_THE_HOUSE)


def test_the_house_names_no_model_that_is_gone() -> None:
    assert set(settings.OF_THE_HOUSE) <= {model._meta.label for model in OURS}
    assert all(settings.OF_THE_HOUSE.values())


@pytest.mark.django_db
@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_names_nobody_raises_on_every_walled_model(act: str) -> None:
    silent = []
    for model in WALLED:
        with request_of(bound=True):
            try:
                ACTS[act](model)
            except UnscopedQuery:
                continue
        silent.append(model._meta.label)
    assert silent == []


@pytest.mark.parametrize("how", NAMED)
def test_these_name_their_tenant(how: str) -> None:
    assert names_tenant(NAMED[how]().query)


@pytest.mark.parametrize("how", UNNAMED)
def test_these_do_not(how: str) -> None:
    assert not names_tenant(UNNAMED[how]().query)


@pytest.mark.django_db
def test_what_hangs_on_ones_own_is_read_written_and_audited_behind_the_wall() -> None:
    consent, owner = ConsentFactory(), OwnerFactory()
    with request_of(bound=True):
        assert list(consent.business.consents.all()) == [consent]
        assert consent.organisation.consents.count() == 1
        assert not Membership.objects.filter(user=owner).exists()
        Consent.objects.filter(pk=consent.pk).update(expires_at=consent.expires_at)
        owner.save(update_fields=["language"])
        audit.record("a.look", target=consent, at=AT, by=owner)
        for model in (GstInvoice, Upload, ScoreRun, LoanApplication):
            assert not model.objects.filter(business=consent.business).exists()
        assert Flag.objects.count() >= 0
        assert User.objects.get(email=owner.email) == owner


@pytest.mark.django_db
def test_nobody_bound_nobody_asked() -> None:
    assert Consent.objects.count() == 0
    with request_of(bound=False):
        assert Consent.objects.count() == 0


def test_the_doors_are_counted() -> None:
    found = {
        str(path): opened
        for app in (*sorted(settings.TENANT_APPS), "creditiq")
        for path in sorted(Path(app).rglob("*.py"))
        if str(path) != "creditiq/kernel/wall.py" and (opened := len(re.findall(r"\bnamed\(", path.read_text())))
        and "wall import" in path.read_text()
    }  # fmt: skip
    assert found == DOORS
