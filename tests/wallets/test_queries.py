"""Lists ask the database a fixed number of times, however long they are."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.wallets.conftest import AT, Shop
from wallets.services import IncomingFile, receive_upload

pytestmark = pytest.mark.integration
PINNED = {"/owner/evidence": 12, "/owner/evidence/panel": 11}


@pytest.mark.parametrize("address", sorted(PINNED))
def test_the_history_of_uploads_takes_its_pinned_number_of_queries(address: str, shop: Shop, client: Client) -> None:
    for number in range(5):
        file = IncomingFile(
            name=f"{number}.csv", content=b"x" * (number + 1), kind="upi_payments", mode="all_or_nothing"
        )
        receive_upload(business=shop.business, file=file, by=shop.owner, at=AT)
    client.force_login(shop.owner)
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    assert len(queries) == PINNED[address]
