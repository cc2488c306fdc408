"""Questions to indexers over HTTP: paced, bounded, asked again after a pause they want, with no key in an error."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import requests

from creditiq.kernel import outgoing
from wallets.chain.pace import pace_of
from wallets.chain.port import ChainUnreachable

MOST_ATTEMPTS = 4
LONGEST_WAIT = 3.0
"""Seconds; who wants a longer pause is asked again by the next reading."""
TOO_MANY, UNAUTHORIZED = 429, frozenset({401, 402, 403})


class Busy(Exception):
    """The source wants a pause; `seconds` is how long, where it said so."""

    def __init__(self, seconds: float | None = None) -> None:
        super().__init__("the source wants a pause")
        self.seconds = seconds


@dataclass(frozen=True)
class Asking:
    """One indexer: its address, what proves who asks (`headers`, never logged), and how often it may be asked."""

    url: str
    per_second: float
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def get(self, path: str, query: Mapping[str, object]) -> object:
        """The JSON of a GET. Raises Busy, ChainUnreachable."""
        return self._ask("GET", path, params={name: str(value) for name, value in query.items()})

    def post(self, path: str, body: object) -> object:
        """The JSON of a POST. Raises Busy, ChainUnreachable."""
        return self._ask("POST", path, data=json.dumps(body))

    def _ask(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, data: str | None = None
    ) -> object:
        pace_of(self.url, self.per_second).wait()
        headers = {"Accept": "application/json", "Content-Type": "application/json", **self.headers}
        try:
            with outgoing.session_for(self.url) as session:
                answer = session.request(method, self.url + path, params=params, data=data, headers=headers)
        except (requests.RequestException, OSError, ValueError) as error:
            raise ChainUnreachable(type(error).__name__) from None  # the cause names the address, and the key in it
        return _read(answer)


def _read(answer: requests.Response) -> object:
    if answer.status_code == TOO_MANY:
        wished = answer.headers.get("Retry-After", "")
        raise Busy(float(wished) if wished.isascii() and wished.isdigit() else None)
    if answer.status_code in UNAUTHORIZED:
        raise ChainUnreachable("the source does not accept our key")
    if answer.status_code >= 400:
        raise ChainUnreachable(f"the source answered with status {answer.status_code}")
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        raise ChainUnreachable("the answer is not JSON") from None


def pause(attempt: int, busy: Busy) -> None:
    """Wait before the next attempt. Raises ChainUnreachable when there is to be none."""
    wished = busy.seconds if busy.seconds is not None else 0.25 * 2**attempt
    if attempt + 1 >= MOST_ATTEMPTS or wished > LONGEST_WAIT:
        raise ChainUnreachable("the source wants a longer pause than we wait") from busy
    time.sleep(wished)
