"""New evidence becomes a new score, and whoever watches is told; a broken file is refused line by line."""

import json
import time
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

from tests.journeys.callers import Caller, eventually
from tests.product import Product

pytestmark = pytest.mark.integration
INDIA = timezone(timedelta(hours=5, minutes=30))
HEADER = "reference,occurred_at,direction,amount,kind,status,vpa,counterparty_vpa"
PATIENCE = 20.0
ISSUED = "scoring.ScoreIssued"


def receipts(count: int) -> str:
    """CSV lines of payments that came in during the last minutes, with references nobody used."""
    moment = datetime.now(INDIA) - timedelta(minutes=5)
    first = time.time_ns() // 1_000 % 10**12
    lines = [
        f"{first + at:012d},{moment:%Y-%m-%dT%H:%M:%S%z},in,1250.00,P2M,success,shop@okaxis,asha@ybl"
        for at in range(count)
    ]
    return "\n".join([HEADER, *lines]) + "\n"


def upload(caller: Caller, content: str, mode: str = "all_or_nothing") -> requests.Response:
    return caller.session.post(
        f"{caller.base}/evidence/uploads",
        files={"file": ("payments.csv", content.encode())},
        data={"kind": "upi_payments", "mode": mode, "gstin": caller.business()["gstin"]},
        timeout=30,
    )


def topics(channel: ClientConnection) -> Iterator[str]:
    """What the channel says, until patience ends."""
    while True:
        yield json.loads(channel.recv(timeout=PATIENCE)).get("topic", "")


@pytest.fixture
def priya(running_product: Product) -> Caller:
    return Caller(running_product.address, "priya")


@pytest.fixture
def channel(running_product: Product, priya: Caller) -> Iterator[ClientConnection]:
    """Priya's live channel, watching her business."""
    address = f"ws://127.0.0.1:{running_product.port}/ws/live"
    token = priya.session.headers["Authorization"].removeprefix("Bearer ")
    with connect(address, origin=running_product.address) as channel:
        channel.send(json.dumps({"authenticate": token}))
        assert json.loads(channel.recv(timeout=PATIENCE)) == {"authenticated": True}
        channel.send(json.dumps({"watch": priya.business()["id"]}))
        assert json.loads(channel.recv(timeout=PATIENCE)) == {"watching": priya.business()["id"]}
        yield channel


def test_an_upload_is_followed_by_the_news_of_a_new_score(priya: Caller, channel: ClientConnection) -> None:
    answer = upload(priya, receipts(3))
    assert answer.status_code == 202, answer.text
    assert ISSUED in iter_until(topics(channel), ISSUED)
    address = f"evidence/uploads/{answer.json()['id']}"
    stored = eventually(lambda: priya.get(address).json(), lambda one: one["state"] not in {"received", "parsing"})
    assert (stored["accepted"], stored["rejected"]) == (3, 0)


def test_the_same_file_twice_is_one_upload(priya: Caller) -> None:
    content = receipts(2)
    assert upload(priya, content).json()["id"] == upload(priya, content).json()["id"]


def test_a_broken_line_is_named_by_its_number_and_nothing_is_written(priya: Caller) -> None:
    good, broken = receipts(1), "not-a-reference,yesterday,in,-5,P2M,success,shop@okaxis,asha@ybl\n"
    answer = upload(priya, good + broken)
    address = f"evidence/uploads/{answer.json()['id']}"
    ended = eventually(lambda: priya.get(address).json(), lambda one: one["state"] not in {"received", "parsing"})
    refusals = priya.get(f"{address}/rejections").json()
    rows = refusals["results"] if isinstance(refusals, dict) else refusals
    assert ended["accepted"] == 0
    assert {row["line"] for row in rows} == {3}


def test_a_stranger_at_the_live_channel_hears_nothing(running_product: Product, priya: Caller) -> None:
    rahul = Caller(running_product.address, "rahul")
    token = rahul.session.headers["Authorization"].removeprefix("Bearer ")
    with connect(f"ws://127.0.0.1:{running_product.port}/ws/live", origin=running_product.address) as channel:
        channel.send(json.dumps({"authenticate": token}))
        channel.recv(timeout=PATIENCE)
        channel.send(json.dumps({"watch": priya.business()["id"]}))
        assert "refused" in json.loads(channel.recv(timeout=PATIENCE))


def iter_until(said: Iterator[str], last: str) -> list[str]:
    """Everything up to and including `last`."""
    heard: list[str] = []
    for topic in said:
        heard.append(topic)
        if topic == last:
            return heard
    return heard
