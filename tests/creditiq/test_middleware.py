"""What every request passes through: its id, its slash, its size, its patience."""

import asyncio
import itertools
import json
import uuid
from collections.abc import Callable

import pytest
from django.test import Client

from creditiq.middleware import BodyCap, Patience

CAP = 1000


def _send(chunks: list[bytes], headers: list[tuple[bytes, bytes]]) -> tuple[int, int]:
    """Post `chunks` through a cap of 1000 bytes; the status sent and the bytes the application saw."""
    seen = 0
    sent: list[int] = []

    async def application(scope: object, receive: object, send: object) -> None:
        nonlocal seen
        while (message := await receive())["type"] == "http.request":
            seen += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                return

    messages = [
        {"type": "http.request", "body": chunk, "more_body": number + 1 < len(chunks)}
        for number, chunk in enumerate(chunks)
    ]

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(message: dict[str, object]) -> None:
        if message["type"] == "http.response.start":
            sent.append(message["status"])

    asyncio.run(BodyCap(application, most_bytes=CAP)({"type": "http", "headers": headers}, receive, send))
    return (sent or [0])[0], seen


def test_a_body_within_the_cap_arrives_whole() -> None:
    assert _send([b"x" * 400, b"x" * 600], [(b"content-length", b"1000")]) == (200, 1000)


def test_a_body_that_declares_too_much_is_refused_unread() -> None:
    assert _send([b"x" * 2000], [(b"content-length", b"2000")]) == (413, 0)


@pytest.mark.parametrize("headers", [[], [(b"content-length", b"10")], [(b"content-length", b"many")]])
def test_a_body_with_a_missing_or_false_length_is_cut_off_at_the_cap(headers: list[tuple[bytes, bytes]]) -> None:
    status, seen = _send([b"x" * 600, b"x" * 600, b"x" * 600], headers)
    assert (status, seen) == (0, 600)


def test_a_request_keeps_a_harmless_id_and_loses_a_harmful_one(client: Client) -> None:
    given = str(uuid.uuid4())
    assert client.get("/livez", headers={"X-Request-ID": given})["X-Request-ID"] == given
    assert client.get("/livez", headers={"X-Request-ID": "<script>"})["X-Request-ID"] != "<script>"


def test_a_trailing_slash_means_the_same_page(client: Client) -> None:
    assert client.get("/livez/").content == client.get("/livez").content


def test_every_answer_forbids_framing_sniffing_and_foreign_scripts(client: Client) -> None:
    answer = client.get("/livez")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def _wait(
    seconds: float, *, silent: bool | Callable[[], bool], begin_early: bool = False, method: str = "GET"
) -> list[object]:
    """An application that takes `seconds`, beside a database that is silent or not: what was sent."""
    sent: list[object] = []

    async def application(scope: object, receive: object, send: object) -> None:
        if begin_early:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(seconds)
        if not begin_early:
            await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    async def send(message: dict[str, object]) -> None:
        sent.append(message.get("status") or message["body"])

    asked = silent if callable(silent) else lambda: silent
    patient = Patience(application, is_silent=asked, seconds=0.05)
    asyncio.run(patient({"type": "http", "method": method}, send, send))
    return sent


def test_a_request_is_given_up_only_while_the_database_is_silent() -> None:
    assert _wait(0.01, silent=True) == [200, b"done"]
    assert _wait(0.2, silent=False) == [200, b"done"]
    status, body = _wait(5, silent=True)
    assert (status, json.loads(body)["type"]) == (503, "urn:creditiq:problem:unavailable")


def test_one_lost_probe_is_no_silence() -> None:
    probes = itertools.cycle([True, False])
    assert _wait(0.3, silent=lambda: next(probes)) == [200, b"done"]


def test_whoever_sent_an_act_is_told_to_look_before_sending_it_again() -> None:
    told = {method: json.loads(_wait(5, silent=True, method=method)[1])["detail"] for method in ("GET", "POST", "PUT")}
    assert "Try again" in told["GET"]
    assert told["POST"] == told["PUT"]
    assert "may have been done" in told["POST"]
    assert "look before you send it again" in told["POST"]


def test_an_answer_that_has_begun_is_never_cut_off() -> None:
    assert _wait(0.2, silent=True, begin_early=True) == [200, b"done"]


def test_what_an_application_raises_is_passed_on() -> None:
    async def application(scope: object, receive: object, send: object) -> None:
        raise LookupError("nothing here")

    with pytest.raises(LookupError, match="nothing here"):
        asyncio.run(Patience(application, is_silent=lambda: False)({"type": "http"}, print, print))
