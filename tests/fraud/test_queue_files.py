"""The queues as files: the rows of the page, the columns one chose, and an entry of who took them along."""

import csv
import io

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from fraud import selectors, services
from fraud.models import Alert
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
LISTS = {
    listing.page: listing
    for listing in (selectors.RINGS, selectors.ALERTS, selectors.CASES, selectors.DISPUTES, selectors.NAMES)
}


@pytest.mark.parametrize(
    ("page", "address", "share"),
    [
        ("fraud:queue", "/risk", "tab=all"),
        ("fraud:alerts", "/risk/alerts", "state=open"),
        ("fraud:cases", "/risk/cases", "share=all"),
    ],
)
def test_a_queue_is_taken_along_with_the_columns_one_chose(
    page: str, address: str, share: str, town: Town, risk_manager: User, client: Client
) -> None:
    services.screen_population(as_of=town.end)
    ring = Alert.objects.exclude(ring=None).latest("pk").ring
    services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    client.force_login(risk_manager)
    columns = LISTS[page].columns
    names = ",".join(column.key for column in columns)
    shown = client.get(f"{address}?{share}&columns={names}").content.decode()
    assert [shown.count(f'data-label="{column.title}"') > 0 for column in columns[1:]] == [True] * (len(columns) - 1)
    places = [shown.index(f'data-label="{column.title}"') for column in columns[1:]]
    assert places == sorted(places)
    found = client.get(f"/account/lists/{page}.csv?{share}&columns={names}")
    rows = list(csv.reader(io.StringIO(found.content.decode())))
    assert rows[0] == [heading for column in columns for heading in (column.key, *column.also)]
    assert len(rows) > 1
    few = client.get(f"/account/lists/{page}.csv?{share}&columns={columns[2].key},nonsense")
    headings = [heading for column in (columns[0], columns[2]) for heading in (column.key, *column.also)]
    assert few.content.decode().splitlines()[0] == ",".join(headings)
    assert AuditEntry.objects.filter(action="list.exported").count() == 2


@pytest.mark.parametrize(
    ("page", "address"), [("fraud:disputes", "/risk/disputes?share=late"), ("fraud:names", "/risk/names?tab=open")]
)
def test_empty_queues_have_their_headings(page: str, address: str, risk_manager: User, client: Client) -> None:
    client.force_login(risk_manager)
    query = address.partition("?")[2]
    assert f"/account/lists/{page}.csv?{query}" in client.get(address).content.decode()
    found = client.get(f"/account/lists/{page}.csv?{query}").content.decode()
    assert found.splitlines() == [",".join(h for column in LISTS[page].columns for h in (column.key, *column.also))]
