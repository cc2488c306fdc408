"""A payload on which the worker's process dies: three deliveries, then it waits for a person (reliability.md §3)."""

import os
import signal
import time
from collections.abc import Mapping
from contextlib import suppress

import pytest
from celery import Celery

from creditiq.settings.env import broker, socket_folder
from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.journeys.callers import Caller, eventually

pytestmark = pytest.mark.integration
LONGEST = 240
STATE = "SELECT state, attempts FROM kernel_delivery WHERE id = %s"


def whose(workers: Celery, delivery: str) -> int:
    """The process that works on a delivery at this moment; 0 for none."""
    found: Mapping[str, list[dict[str, object]]] = workers.control.inspect(timeout=1.0).active() or {}
    taken = (one for tasks in found.values() for one in tasks if one["id"] == delivery)
    return int(str(next((one["worker_pid"] for one in taken), 0)))


@pytest.mark.goal("set aside after 3 starts, others go on")
def test_a_payload_that_ends_the_process_is_set_aside_and_others_go_on(house: House, tell: Tell) -> None:
    """The row of a letter is held back, so that whoever takes the payload is met at its work and killed."""
    letter = house.count(
        'INSERT INTO accounts_mail (uuid, "to", subject, text, language, written_at)'
        " VALUES (gen_random_uuid(), 'drill@creditiq.example', 'drill', 'drill', 'en', now()) RETURNING id"
    )
    workers = Celery(broker=broker(f"unix://{socket_folder(house.product.var)}/valkey.sock", 0))
    killed, started = 0, time.monotonic()
    with house.holding("SELECT 1 FROM accounts_mail WHERE id = %s FOR UPDATE", letter):
        event = house.ask(
            "INSERT INTO kernel_outboxevent (name, payload) VALUES ('drill', jsonb_build_object('mail_id', %s::int))"
            " RETURNING id", letter,
        )[0][0]  # fmt: skip
        deliver = (
            "INSERT INTO kernel_delivery (id, event_id, task, state, attempts, due_at, error)"
            " VALUES (gen_random_uuid(), %s, 'accounts.tasks.send_mail', 'pending', 0, now(), '') RETURNING id"
        )
        poison = str(house.ask(deliver, event)[0][0])
        while house.ask(STATE, poison)[0][0] == "pending":
            assert time.monotonic() - started < LONGEST
            if pid := whose(workers, poison):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed += 1
        seconds = time.monotonic() - started
        state, attempts = house.ask(STATE, poison)[0]
        rahul = Caller(house.product.address, "rahul")
        score = rahul.await_score(rahul.request_score(rahul.business()["gstin"]))
    shown = Caller(house.product.address, "arjun").get("dead_letters").text
    house.ask("DELETE FROM kernel_delivery WHERE event_id = %s", event)
    house.ask("DELETE FROM accounts_mail WHERE id = %s", letter)
    tell(killed=killed, starts=attempts, state=state, seconds=round(seconds), another_score=score["status"])
    assert (state, attempts) == ("dead", 3)
    assert killed >= 3
    assert poison in shown
    eventually(house.ready, bool)
