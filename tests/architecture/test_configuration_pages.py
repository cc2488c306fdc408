"""What Django admin shows, and that it changes nothing that belongs to a service."""

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.admin import ConfigurableAdmin
from tests.factories.accounts import AdminFactory

REGISTERED = {
    "accounts": {
        "AuditEntry", "Business", "Consent", "Flag", "Job", "Membership", "Organisation", "PolicyVersion", "User",
    },
    "fraud": {"Alert", "PopulationScreening", "WatchlistEntity", "WatchlistSource"},
    "lending": {"LoanProduct"},
    "scoring": {"ModelVersion", "ScoreRun"},
    "wallets": {"Chain", "Upload"},
}  # fmt: skip
CONFIGURABLE = {"User", "Organisation"}
"""Their few editable fields go through a service, which guards and audits. Everything else is read-only."""
OURS = {model: site for model, site in admin.site._registry.items() if model._meta.app_label in REGISTERED}


def test_what_is_registered() -> None:
    found: dict[str, set[str]] = {}
    for model in OURS:
        found.setdefault(model._meta.app_label, set()).add(model.__name__)
    assert found == REGISTERED


def test_only_people_and_organisations_are_changed_here_and_nothing_is_added_or_deleted(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AdminFactory.build()
    for model, site in OURS.items():
        assert not site.has_add_permission(request), model
        assert not site.has_delete_permission(request), model
        assert isinstance(site, ConfigurableAdmin) == (model.__name__ in CONFIGURABLE), model
        if model.__name__ not in CONFIGURABLE:
            assert not site.has_change_permission(request), model


@pytest.mark.django_db
@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_an_administrator_opens_every_list(model: type[Model], client: Client) -> None:
    client.force_login(AdminFactory())
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    assert client.get(reverse(name)).status_code == 200
