"""People who use the product over HTTP."""

import time
from collections.abc import Callable, Mapping
from typing import TypeVar

import requests

PASSWORD = "demo"
DOMAIN = "creditiq.example"
PATIENCE = 75.0
T = TypeVar("T")
ENDED = {"complete", "failed", "insufficient_evidence"}


class Caller:
    """Somebody signed in through the API, or nobody."""

    def __init__(self, address: str, first_name: str | None = None) -> None:
        self.base = f"{address}/api/v1"
        self.session = requests.Session()
        if first_name is not None:
            answer = self.post("auth/sign_in", {"email": f"{first_name}@{DOMAIN}", "password": PASSWORD})
            answer.raise_for_status()
            self.session.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def get(self, path: str) -> requests.Response:
        return self.session.get(f"{self.base}/{path}", timeout=30)

    def post(self, path: str, body: Mapping[str, object]) -> requests.Response:
        return self.session.post(f"{self.base}/{path}", json=body, timeout=30)

    def business(self) -> dict[str, str]:
        """The business they speak for."""
        return self.get("auth/me").json()["business"]

    def request_score(self, gstin: str) -> str:
        """Ask for a score; the task's id."""
        answer = self.post("score", {"gstin": gstin})
        assert answer.status_code == 202, answer.text
        return answer.json()["task_id"]

    def await_score(self, task_id: str) -> dict[str, object]:
        """Poll until the task has ended."""
        return eventually(lambda: self.get(f"score/{task_id}").json(), lambda score: score["status"] in ENDED)


def eventually(ask: Callable[[], T], satisfied: Callable[[T], bool]) -> T:
    """Ask until the answer satisfies; fail when patience ends."""
    deadline = time.monotonic() + PATIENCE
    while not satisfied(answer := ask()):
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)
    return answer
