"""The control map says what the tables say, to those who oversee the house."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Duty
from accounts.services.approvals import known_actions
from accounts.views.control_map import CHECKS, KEPT_APART, control_map, two_person_constraints
from creditiq.wiring import APPROVABLE
from tests.factories.accounts import AdminFactory, AnalystFactory, OfficerFactory, RiskManagerFactory

pytestmark = pytest.mark.django_db


def test_the_map_is_computed_from_the_tables() -> None:
    shown = control_map(acts=[(action.title, action.maker, action.checker) for action in known_actions()])
    assert len(shown.acts) == len(APPROVABLE)
    assert all("nobody" not in (act.asks, act.agrees) for act in shown.acts)
    assert len(shown.apart) == len(KEPT_APART)
    assert [pair for pair in shown.apart if pair.both] == []
    assert len(shown.checks) == len(CHECKS)
    assert all(re.search(r"\d", check.when) for check in shown.checks)
    assert len(two_person_constraints()) >= 15
    assert {role.name for role in shown.roles} >= {"Loan officer", "Risk manager", "Admin"}


def test_the_page_is_for_whoever_oversees_and_links_only_what_they_may_open(client: Client) -> None:
    address = reverse("accounts:controls")
    for person in (RiskManagerFactory(), AdminFactory(), AnalystFactory(duties=[Duty.AUDITOR])):
        client.force_login(person)
        page = client.get(address)
        assert page.status_code == 200
        text = page.content.decode()
        assert f'href="{address}"' in text
        main = text[text.index("<main") :]
        for link in set(re.findall(r'<td class="strong"><a href="([^"]+)"', main)):
            assert client.get(link).status_code == 200, link
    client.force_login(OfficerFactory())
    assert client.get(address).status_code == 403
