"""What happens to the house happens to nobody's work (reliability.md §3)."""

import json
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
import requests

from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.journeys.callers import ENDED, Caller, eventually

pytestmark = pytest.mark.integration
Rounds = Callable[[int], int]
INDIA = timezone(timedelta(hours=5, minutes=30))
BETWEEN_KILLS = 7.0
"""Seconds; the supervisor gives up on a program that ends more than five times in thirty."""
STORED = "SELECT count(*), count(DISTINCT reference) FROM wallets_upipayment WHERE reference = ANY(%s)"


def payment(reference: str) -> str:
    """One NDJSON line of a payment that came in five minutes ago."""
    moment = datetime.now(INDIA) - timedelta(minutes=5)
    row = {
        "reference": reference, "occurred_at": moment.isoformat(timespec="seconds"), "direction": "in",
        "amount": "1250.00", "kind": "P2M", "status": "success", "vpa": "shop@okaxis", "counterparty_vpa": "asha@ybl",
    }  # fmt: skip
    return json.dumps(row) + "\n"


def references(count: int) -> list[str]:
    first = time.time_ns() // 1_000 % 10**11
    return [f"{first + number:012d}" for number in range(count)]


def send(caller: Caller, gstin: str, lines: str, key: str = "") -> requests.Response:
    headers = {"Content-Type": "application/x-ndjson", **({"Idempotency-Key": key} if key else {})}
    address = f"{caller.base}/evidence/upi_payments?gstin={gstin}"
    return caller.session.post(address, data=lines.encode(), headers=headers, timeout=20)


@pytest.mark.goal("every request ends within 75 s, 0 lost, the trail holds")
def test_a_killed_worker_loses_no_score(house: House, rounds: Rounds, tell: Tell) -> None:
    callers = [Caller(house.product.address, name) for name in ("priya", "rahul")]
    people = [(caller, caller.business()["gstin"]) for caller in callers]
    slowest, asked = 0.0, []
    for _ in range(rounds(50)):
        started = time.monotonic()
        tasks = [(caller, caller.request_score(gstin)) for caller, gstin in people for _ in range(2)]
        time.sleep(float(np.random.default_rng(len(asked)).uniform(0, 0.3)))
        house.kill("worker")
        answers = [caller.await_score(task) for caller, task in tasks]
        assert {answer["status"] for answer in answers} <= ENDED
        slowest = max(slowest, time.monotonic() - started)
        asked += [task for _, task in tasks]
        time.sleep(max(0.0, BETWEEN_KILLS - (time.monotonic() - started)))
    house.settled()
    terminal = house.count("SELECT count(*) FROM scoring_scorerequest WHERE uuid = ANY(%s::uuid[])", list(set(asked)))
    lost, trail = len(set(asked)) - terminal, house.trail_holds()
    tell(rounds=rounds(50), requests=len(asked), lost=lost, slowest_seconds=round(slowest, 1), trail=trail)
    assert (lost, trail) == (0, True)
    assert slowest <= 75


@pytest.mark.goal("set aside after 3 starts, others go on")
def test_a_task_that_always_fails_is_quarantined_and_others_go_on(house: House, tell: Tell) -> None:
    deepest = "SELECT state, attempts, error FROM kernel_delivery WHERE id = %s"
    poison = "INSERT INTO kernel_outboxevent (name, payload) VALUES ('drill', '{\"request_id\": -1}') RETURNING id"
    event = house.ask(poison)[0][0]
    deliver = (
        "INSERT INTO kernel_delivery (id, event_id, task, state, attempts, due_at, error)"
        " VALUES (gen_random_uuid(), %s, %s, 'pending', 0, now(), '') RETURNING id"
    )
    failing = house.ask(deliver, event, "scoring.tasks.answer_request")[0][0]
    unknown = house.ask(deliver, event, "drill.nobody_knows")[0][0]
    started = time.monotonic()
    priya = Caller(house.product.address, "priya")
    assert priya.await_score(priya.request_score(priya.business()["gstin"]))["status"] == "complete"
    between = time.monotonic() - started
    for delivery in (failing, unknown):
        eventually(lambda name=delivery: house.ask(deepest, name)[0][0], lambda state: state == "dead")
    state, attempts, error = house.ask(deepest, failing)[0]
    house.ask("DELETE FROM kernel_delivery WHERE event_id = %s", event)
    tell(attempts=attempts, state=state, error=error, other_score_seconds=round(between, 1))
    assert attempts == 3


@pytest.mark.goal("one row for each key, the trail holds")
def test_a_killed_web_process_and_retries_have_one_effect(house: House, rounds: Rounds, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin, names, retries = priya.business()["gstin"], references(rounds(200)), 0
    luck = np.random.default_rng(7)
    for name in names:
        line, started = payment(name), time.monotonic()
        killer = threading.Timer(float(luck.uniform(0, 0.08)), house.kill, ["web"])
        killer.start()
        while True:
            try:
                if send(priya, gstin, line, key=f"drill-{name}").status_code == 200:
                    break
            except requests.RequestException:
                retries += 1
            assert time.monotonic() - started < 90
            time.sleep(0.3)
        killer.join()
        house.await_web()
        time.sleep(max(0.0, BETWEEN_KILLS - (time.monotonic() - started)))
    house.settled()
    stored, trail = house.ask(STORED, names)[0], house.trail_holds()
    tell(rounds=len(names), retries=retries, rows=stored[0], trail=trail)
    assert (stored, trail) == ((len(names), len(names)), True)


@pytest.mark.goal("as many rows as ids")
def test_duplicates_out_of_order_count_once(house: House, rounds: Rounds, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin, names, luck = priya.business()["gstin"], references(rounds(10_000)), np.random.default_rng(3)
    lines = {name: payment(name) for name in names}
    sent = [name for name in names for _ in range(int(luck.integers(1, 4)))]
    luck.shuffle(sent)
    for first in range(0, len(sent), 500):
        answer = send(priya, gstin, "".join(lines[name] for name in sent[first : first + 500]))
        assert answer.status_code == 200, answer.text[:500]
    stored = house.ask(STORED, names)[0]
    tell(events=len(names), sent=len(sent), stored=stored[0])
    assert stored == (len(names), len(names))


@pytest.mark.goal("writes 200, reads 200, sign-in 503, drained within 60 s")
def test_without_valkey_work_is_accepted_and_drains(house: House, rounds: Rounds, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin = priya.business()["gstin"]
    house.end_valkey()
    try:
        started = time.monotonic()
        answers = [send(priya, gstin, payment(name)).status_code for name in references(5)]
        task = priya.request_score(gstin)
        read = priya.get("auth/me").status_code
        credentials = {"email": "rahul@creditiq.example", "password": "demo"}
        sign_in = Caller(house.product.address).post("auth/sign_in", credentials).status_code
        time.sleep(max(0.0, min(60, rounds(60)) - (time.monotonic() - started)))
        gone = time.monotonic() - started
    finally:
        house.bring_back()
    back = time.monotonic()
    score = priya.await_score(task)["status"]
    house.settled()
    drained = time.monotonic() - back
    tell(gone_seconds=round(gone), writes=answers, read=read, sign_in=sign_in, drained_seconds=round(drained, 1))
    assert set(answers) == {200}
    assert (read, sign_in) == (200, 503)
    assert score in ENDED
    assert drained <= 60


@pytest.mark.goal("503 within 5 s, first success within 5 s")
def test_a_lost_database_is_a_503_and_comes_back(house: House, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    gstin, name = priya.business()["gstin"], references(1)[0]
    house.end_postgres()
    answers = []
    try:
        for _ in range(5):
            started = time.monotonic()
            answers.append((priya.get("auth/me").status_code, round(time.monotonic() - started, 1)))
    finally:
        house.bring_back()
    back = time.monotonic()
    eventually(lambda: priya.get("auth/me").status_code, lambda status: status == 200)
    first = time.monotonic() - back
    slowest = max(seconds for _, seconds in answers)
    written = send(priya, gstin, payment(name)).status_code
    house.settled()
    told, trail = sorted({status for status, _ in answers}), house.trail_holds()
    tell(answers=told, slowest_503=slowest, first_success_seconds=round(first, 2), write_after=written, trail=trail)
    assert (told, written, trail) == ([503], 200, True)
    assert slowest <= 5.5
    assert first <= 5


@pytest.mark.goal("nothing listed, no file left")
def test_a_cut_upload_leaves_nothing(house: House, rounds: Rounds, tell: Tell) -> None:
    priya = Caller(house.product.address, "priya")
    before = house.count("SELECT count(*) FROM wallets_upload")
    kept = set((house.product.var / "uploads").rglob("*"))
    head = (
        "POST /api/v1/evidence/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4000000\r\n"
        f"Authorization: {priya.session.headers['Authorization']}\r\n"
        "Content-Type: multipart/form-data; boundary=cut\r\n\r\n--cut\r\n"
        'Content-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    )
    for number in range(rounds(20)):
        with socket.create_connection(("127.0.0.1", house.product.port), timeout=10) as line:
            line.sendall(head.encode() + b"x" * (number * 200_000 % 3_900_000))
    time.sleep(2)
    waited = house.await_web()
    listed = house.count("SELECT count(*) FROM wallets_upload") - before
    left = set((house.product.var / "uploads").rglob("*")) - kept
    tell(cut=rounds(20), listed=listed, files_left=len(left), web_answers_after_seconds=round(waited, 1))
    assert (listed, left) == (0, set())
    assert waited < 5


@pytest.mark.goal("as many rows, the trail holds")
def test_a_backup_restores(house: House, tell: Tell) -> None:
    with tempfile.TemporaryDirectory(prefix="creditiq-drill-") as folder:
        started = time.monotonic()
        taken = house.manage("backup", f"{folder}/backup")
        taking, started = time.monotonic() - started, time.monotonic()
        restored = house.manage("restore", f"{folder}/backup", var=Path(folder) / "var")
        restoring = time.monotonic() - started
        score = house.manage("verify_audit", "--json", var=Path(folder) / "var")
    tell(rows=taken["rows"], backup_seconds=round(taking, 1), restore_seconds=round(restoring, 1), trail=score["ok"])
    assert restored["rows"] == taken["rows"]
    assert score["ok"] is True
