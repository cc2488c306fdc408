"""The glossary page says the same as the catalogue, to everybody signed in."""

import pytest
from django.test import Client
from django.urls import reverse

from scoring.engine.features import catalogue
from scoring.engine.features.glossary import FAMILY_TITLES, sources
from scoring.templatetags.features import feature_doc
from tests.factories.accounts import OwnerFactory


@pytest.fixture
def client(db: None) -> Client:
    visitor = Client()
    visitor.force_login(OwnerFactory(), backend="accounts.adapters.VerifiedBackend")
    return visitor


def test_every_feature_is_there_with_its_name(client: Client) -> None:
    page = client.get(reverse("scoring:glossary")).content.decode()
    assert f"{len(catalogue.entries())} figures stand behind a score" in page
    assert [entry.name for entry in catalogue.entries() if f'id="{entry.name}"' not in page] == []
    assert page.count("for information</") >= len(catalogue.informative())


def test_one_family_is_shown_alone_and_a_made_up_one_filters_nothing(client: Client) -> None:
    address = reverse("scoring:glossary")
    one = client.get(address, {"family": "reconciliation"}).content.decode()
    assert 'id="invoice_payment_lag_days"' in one
    assert 'id="gst_7d_value"' not in one
    assert 'id="gst_7d_value"' in client.get(address, {"family": "nonsense"}).content.decode()


def test_nobody_signed_in_is_sent_to_the_door(db: None) -> None:
    assert Client().get(reverse("scoring:glossary")).status_code == 302


def test_every_family_has_a_title_and_every_feature_a_source() -> None:
    assert {entry.family for entry in catalogue.entries()} == set(FAMILY_TITLES)
    assert all(sources(entry) for entry in catalogue.entries())


def test_a_tool_tip_is_the_documentation_and_empty_for_what_is_gone() -> None:
    assert feature_doc("gst_7d_value") == catalogue.by_name()["gst_7d_value"].doc
    assert feature_doc("gone") == ""
