"""The queues as files: the rows of the page, the columns one ticked, and an entry of who took them along."""

import csv
import io

import pytest
from django.test import Client

from accounts.models import AuditEntry, User
from fraud import selectors, services
from fraud.models import Alert
from fraud.services.exporting import _inert
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


@pytest.mark.parametrize(("queue", "share"), [("rings", "tab=all"), ("alerts", "state=open"), ("cases", "share=all")])
def test_a_queue_is_taken_along_with_the_columns_one_ticked(
    queue: str, share: str, town: Town, risk_manager: User, client: Client
) -> None:
    services.screen_population(as_of=town.end)
    ring = Alert.objects.exclude(ring=None).latest("pk").ring
    services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    client.force_login(risk_manager)
    columns = selectors.QUEUE_COLUMNS[queue]
    page = client.get(f"/risk{'' if queue == 'rings' else '/' + queue}?{share}").content.decode()
    assert all(f'value="{column}"' in page for column in columns)
    found = client.get(f"/risk/{queue}.csv?{share}")
    rows = list(csv.reader(io.StringIO(found.content.decode())))
    assert rows[0] == list(columns)
    assert len(rows) > 1
    few = client.get(f"/risk/{queue}.csv?{share}&column={columns[2]}&column={columns[0]}&column=nonsense")
    assert few.content.decode().splitlines()[0] == f"{columns[0]},{columns[2]}"
    assert AuditEntry.objects.filter(action="queue.exported").count() == 2


@pytest.mark.parametrize(("queue", "share"), [("disputes", "share=all"), ("names", "tab=all")])
def test_empty_queues_have_their_headings(queue: str, share: str, risk_manager: User, client: Client) -> None:
    client.force_login(risk_manager)
    assert f"/risk/{queue}.csv" in client.get(f"/risk/{queue}?{share}").content.decode()
    found = client.get(f"/risk/{queue}.csv?{share}").content.decode()
    assert found.splitlines() == [",".join(selectors.QUEUE_COLUMNS[queue])]


def test_a_name_that_a_spreadsheet_would_run_stays_a_text() -> None:
    assert _inert("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert _inert(-3) == -3
