"""The assistant's words by a language model: a real server on this machine, honest and otherwise."""

import json
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from scoring.models import ModelVersion, ScoreRun
from scoring.services import Answer, answer_question, ask_assistant, score_business, wording
from tests.scoring.conftest import NOW, Town

Rows = list[dict[str, object]]


def completion(rows: Rows) -> bytes:
    content = json.dumps({"sentences": rows}, ensure_ascii=False)
    return json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()


class Model(BaseHTTPRequestHandler):
    """Answers as `behaves` says, given the facts it was asked to word."""

    behaves: Callable[["Model", Rows], None]
    heard: list[dict[str, object]]

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.heard.append(asked | {"path": self.path, "authorization": self.headers.get("Authorization")})
        type(self).behaves(self, json.loads(asked["messages"][1]["content"])["facts"])

    def say(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


def truthful(model: Model, facts: Rows) -> None:
    model.say(completion([{key: fact[key] for key in ("fact", "direction", "text")} for fact in facts]))


def lying(model: Model, facts: Rows) -> None:
    wrong = [{"fact": f["fact"], "direction": f["direction"], "text": f"{f['text']} And 4711 more."} for f in facts]
    model.say(completion(wrong))


def garbled(model: Model, _: Rows) -> None:
    model.say(b"<html>out of order</html>")


def failing(model: Model, _: Rows) -> None:
    model.say(b"{}", 500)


def hanging(_: Model, __: Rows) -> None:
    time.sleep(2)


def dripping(model: Model, _: Rows) -> None:
    model.send_response(200)
    model.send_header("Content-Length", "1000")
    model.end_headers()
    for _drop in range(20):
        try:
            model.wfile.write(b" ")
        except OSError:
            return
        time.sleep(0.1)


def moved(model: Model, _: Rows) -> None:
    model.send_response(302)
    model.send_header("Location", "http://169.254.169.254/latest")
    model.send_header("Content-Length", "0")
    model.end_headers()


@pytest.fixture
def model(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Model]]:
    found = type("Found", (Model,), {"heard": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), found)
    server.daemon_threads = True
    Thread(target=server.serve_forever, daemon=True).start()
    settings.LLM_BASE_URL = f"http://127.0.0.1:{server.server_port}/v1"
    settings.LLM_API_KEY, settings.LLM_MODEL = "key-of-the-test", "small"
    monkeypatch.setattr(wording, "SECONDS", 0.5)
    cache.delete(wording.FAILURES)
    yield found
    server.shutdown()
    server.server_close()
    cache.delete(wording.FAILURES)


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def ask(
    run: ScoreRun, town: Town, question: str = "Why is my score low? GSTIN 29ABCDE1234F1Z5", language: str = "en"
) -> Answer:
    return ask_assistant(run=run, question=question, language=language, by=town.owner, at=NOW)


@pytest.mark.parametrize("language", ["en", "hi", "ta"])
def test_a_truthful_model_is_taken_at_its_word(language: str, model: type[Model], run: ScoreRun, town: Town) -> None:
    model.behaves = truthful
    answer = ask(run, town, language=language)
    assert (answer.made_by, answer.why) == ("model", "")
    assert answer.sentences == answer_question(run, "why low", language).sentences
    written = json.loads(AuditEntry.objects.get(action="score.worded").payload)
    assert (written["made_by"], written["language"]) == ("model", language)


def test_the_model_sees_facts_and_never_a_person(model: type[Model], run: ScoreRun, town: Town) -> None:
    model.behaves = truthful
    ask(run, town)
    (heard,) = model.heard
    assert heard["path"] == "/v1/chat/completions"
    assert heard["authorization"] == "Bearer key-of-the-test"
    assert heard["model"] == "small"
    sent = json.dumps(heard, ensure_ascii=False).casefold()
    business, owner = town.priya, town.owner
    for secret in ("29ABCDE1234F1Z5", business.gstin, business.trade_name, owner.email, str(run.uuid), "why is my"):
        assert secret.casefold() not in sent


@pytest.mark.parametrize(
    ("behaves", "why"),
    [
        (lying, "refused"),
        (garbled, "unreachable"),
        (failing, "unreachable"),
        (moved, "unreachable"),
        (hanging, "late"),
        (dripping, "late"),
    ],
)
def test_any_other_answer_leaves_the_fixed_sentences(
    behaves: Callable[[Model, Rows], None], why: str, model: type[Model], run: ScoreRun, town: Town
) -> None:
    model.behaves = behaves
    began = time.monotonic()
    answer = ask(run, town)
    assert time.monotonic() - began < 2
    assert (answer.made_by, answer.why) == ("template", why)
    assert answer.sentences == answer_question(run, "why low", "en").sentences
    assert json.loads(AuditEntry.objects.get(action="score.worded").payload)["why"] == why


def test_a_model_that_keeps_failing_is_left_alone(model: type[Model], run: ScoreRun, town: Town) -> None:
    model.behaves = failing
    whys = [ask(run, town).why for _ in range(5)]
    assert whys == ["unreachable"] * 3 + ["resting"] * 2
    assert len(model.heard) == 3


def test_without_settings_nobody_is_asked(run: ScoreRun, town: Town, settings: object) -> None:
    settings.LLM_BASE_URL = ""
    answer = ask(run, town)
    assert (answer.made_by, answer.why) == ("template", "off")
    assert not AuditEntry.objects.filter(action="score.worded").exists()


def test_the_page_says_who_worded_the_answer(model: type[Model], run: ScoreRun, town: Town) -> None:
    client, address = Client(), reverse("scoring:assistant")
    client.force_login(town.owner, backend="accounts.adapters.VerifiedBackend")
    model.behaves = truthful
    assert "Worded by a language model" in client.get(address, {"q": "why low"}).content.decode()
    model.behaves = lying
    page = client.get(address, {"q": "why low"}).content.decode()
    assert "said something your score does not say" in page
    assert "4711" not in page
