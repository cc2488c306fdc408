"""Facts worded by a language model, when the settings name one and every word of it stands up to the facts.

What goes out is codes, directions and the registry's own sentences with their figures: no question, no name, no id.
Nobody waits longer than SECONDS; a model that fails RESTS_AFTER times in a row is left alone for RESTS seconds.
"""

import json
from collections.abc import Sequence
from concurrent.futures import Future
from threading import BoundedSemaphore, Thread
from typing import Final

from django.conf import settings
from django.core.cache import cache

from creditiq.kernel.outgoing import GuardedSession, is_local
from scoring.engine.grounding import Fact, Unfounded, grounded, schema
from scoring.engine.sentences.voice import NAMES

SECONDS: Final = 3.0
MOST_BYTES: Final = 65_536
RESTS_AFTER: Final = 3
RESTS: Final = 60
FAILURES: Final = "scoring.wording.failures"
SLOTS: Final = BoundedSemaphore(4)
"""Calls under way in this process; a slow model must not take every thread of the server."""

TASK: Final = (
    "Word each fact below as one or two plain, friendly sentences for the owner of a small business, in {language}. "
    "Use only what the fact says. Copy every figure digit by digit with its unit. Add no name, no other figure, no "
    "number in words, no advice of your own. Keep the direction of each fact. Answer with JSON only, by the schema."
)


class NoWording(Exception):
    """No wording to show; the message is one of off, resting, busy, late, unreachable, refused."""


def worded(facts: Sequence[Fact], language: str) -> tuple[str, ...]:
    """One checked text per fact. Raises NoWording."""
    if not settings.LLM_BASE_URL:
        raise NoWording("off")
    if (cache.get(FAILURES) or 0) >= RESTS_AFTER:
        raise NoWording("resting")
    try:
        texts = grounded(_in_time(_request(facts, language)), facts, language)
    except Unfounded as lie:
        raise NoWording("refused") from lie
    except TimeoutError as late:
        _count_failure()
        raise NoWording("late") from late
    except (OSError, ValueError) as failed:
        _count_failure()
        raise NoWording("unreachable") from failed
    cache.delete(FAILURES)
    return texts


def _request(facts: Sequence[Fact], language: str) -> dict[str, object]:
    rows = [
        {"fact": place, "code": fact.code, "direction": fact.direction, "text": fact.text}
        for place, fact in enumerate(facts, 1)
    ]
    form = {"name": "wording", "strict": True, "schema": schema(len(facts))}
    return {
        "model": settings.LLM_MODEL,
        "messages": [
            {"role": "system", "content": TASK.format(language=dict(NAMES)[language])},
            {"role": "user", "content": json.dumps({"facts": rows}, ensure_ascii=False)},
        ],
        "response_format": {"type": "json_schema", "json_schema": form},
        "temperature": 0,
    }


def _in_time(body: dict[str, object]) -> str:
    """The model's text. A server that drips bytes outlives every socket time-out, so the wait has its own end."""
    if not SLOTS.acquire(blocking=False):
        raise NoWording("busy")
    found: Future[str] = Future()
    Thread(target=_ask, args=(body, found), name="wording", daemon=True).start()
    return found.result(timeout=SECONDS)


def _ask(body: dict[str, object], found: Future[str]) -> None:
    address = f"{settings.LLM_BASE_URL.rstrip('/')}/chat/completions"
    headers = {"Content-Type": "application/json"}
    if settings.LLM_API_KEY:
        headers["Authorization"] = f"Bearer {settings.LLM_API_KEY}"
    try:
        with GuardedSession(local=is_local(address), most_bytes=MOST_BYTES, seconds=2 * SECONDS) as session:
            response = session.post(address, data=json.dumps(body), headers=headers)
            response.raise_for_status()
            found.set_result(_content(response.json()))
    except (OSError, ValueError) as failed:
        found.set_exception(failed)
    finally:
        SLOTS.release()


def _content(body: object) -> str:
    """The text of the first choice of a chat completion. Raises ValueError."""
    choices = body.get("choices") if isinstance(body, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    message = first.get("message") if isinstance(first, dict) else None
    content = message.get("content") if isinstance(message, dict) else None
    if not isinstance(content, str):
        raise ValueError("the answer is no chat completion")
    return content


def _count_failure() -> None:
    cache.set(FAILURES, (cache.get(FAILURES) or 0) + 1, RESTS)
