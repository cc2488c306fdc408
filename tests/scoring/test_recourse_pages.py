"""What-if and why-it-changed, as the people who may see them see them."""

import io
import math
from datetime import timedelta

import pypdf
import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from accounts.models import AuditEntry
from scoring.engine.assistant import intent_of
from scoring.models import ModelVersion, ScoreRequest, ScoreRun
from scoring.selectors import comparison
from scoring.services import answer_question, dials, score_business, score_population
from tests.factories.accounts import OwnerFactory
from tests.scoring.conftest import NOW, Town


@pytest.fixture
def runs(champion: ModelVersion, town: Town) -> tuple[ScoreRun, ScoreRun]:
    first = score_business(business_id=town.priya.pk, as_of=NOW - timedelta(days=42))
    return first, score_business(business_id=town.priya.pk, as_of=NOW)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def test_the_what_if_page_scores_what_was_set_and_names_what_is_out_of_range(
    runs: tuple[ScoreRun, ScoreRun], town: Town
) -> None:
    client, address = signed_in(town.owner), reverse("lending:what_if", args=[town.priya.uuid])
    page = client.get(address).content.decode()
    dial = next(dial for dial in dials(runs[1]) if dial.unit == "share")
    assert f'name="{dial.feature}"' in page
    assert "With the real figures" in page
    moved = client.get(address, {dial.feature: f"{100 * dial.low:.4f}"}).content.decode()
    assert "With these figures" in moved
    assert f"instead of {runs[1].score}" in moved
    wrong = client.get(address, {dial.feature: "4000", "nonsense": "1"}).content.decode()
    assert "Enter a value from" in wrong
    part = client.get(address, {dial.feature: f"{100 * dial.low:.4f}"}, headers={"HX-Request": "true"}).content.decode()
    assert "With these figures" in part
    assert "<html" not in part
    assert "Enter a number" in client.get(address, {dial.feature: "much"}).content.decode()
    assert signed_in(OwnerFactory()).get(address).status_code == 404


def test_the_changes_page_adds_up_to_the_two_numbers(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    address = reverse("scoring:changes", args=[town.priya.uuid])
    page = signed_in(town.owner).get(address).content.decode()
    assert f"from {runs[0].score} to {runs[1].score}" in page or f"stayed at {runs[1].score}" in page
    assert "Time alone" in page
    assert "New evidence" in page
    nonsense = signed_in(town.owner).get(address, {"first": "nobody"}).content.decode()
    assert "One score has no history" in nonsense
    assert signed_in(OwnerFactory()).get(address).status_code == 404


def test_before_the_first_score_both_pages_say_what_will_come(champion: ModelVersion, town: Town) -> None:
    client = signed_in(town.analyst)
    assert "Nothing to try" in client.get(reverse("lending:what_if", args=[town.priya.uuid])).content.decode()
    assert "One score has no history" in client.get(reverse("scoring:changes", args=[town.priya.uuid])).content.decode()


@pytest.mark.parametrize(("language", "word"), [("en", "Score report of"), ("ta", "GSTR"), ("hi", "GST")])
def test_the_report_is_printed_tagged_in_the_language_chosen(
    language: str, word: str, runs: tuple[ScoreRun, ScoreRun], town: Town
) -> None:
    answer = signed_in(town.owner).get(reverse("scoring:report_pdf"), {"language": language})
    assert answer.status_code == 200
    reader = pypdf.PdfReader(io.BytesIO(answer.content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(runs[1].score) in text
    assert word in text
    assert "[U+" not in text
    assert AuditEntry.objects.filter(action="score.printed").count() == 1


def test_before_the_first_score_there_is_nothing_to_print(champion: ModelVersion, town: Town) -> None:
    assert signed_in(town.owner).get(reverse("scoring:report_pdf")).status_code == 409


def test_reasons_of_the_report_are_told_in_the_language_of_the_address(
    runs: tuple[ScoreRun, ScoreRun], town: Town
) -> None:
    page = signed_in(town.owner).get(reverse("scoring:report"), {"language": "kn"}).content.decode()
    assert '<ul class="list" lang="kn">' in page
    assert "ಅಂಕವನ್ನು" in page
    assert "Scores so far" in page
    assert "report.pdf?language=kn" in page


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("What is my score?", "score"),
        ("मेरा स्कोर कम क्यों है?", "hurts"),
        ("மதிப்பெண்ணை எப்படி உயர்த்துவது?", "improve"),
        ("ఇది ఎలా మారింది?", "history"),
        ("ಯಾವುದು ಸಹಾಯ ಮಾಡುತ್ತದೆ?", "helps"),
        ("मला तक्रार करायची आहे", "person"),
        ("Sing a song", "unknown"),
    ],
)
def test_the_assistant_understands_fixed_intents_in_six_languages(question: str, intent: str) -> None:
    assert intent_of(question, {})[0] == intent


def test_the_assistant_answers_from_the_stored_score_with_sources(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    titles = {part["label"] for part in runs[1].waterfall}
    for language in ("en", "te"):
        for question in ("my score", "why low", "what helps", "how to raise", "history", "person", "song", *titles):
            answer = answer_question(runs[1], question, language)
            known = {str(run.uuid) for run in runs}
            assert all(said.source.score_id in known for said in answer.sentences)
            assert all("{" not in said.text for said in answer.sentences)
    page = signed_in(town.owner).get(reverse("scoring:assistant"), {"q": "my score", "language": "ta"})
    assert str(runs[1].score) in page.content.decode()
    assert 'lang="ta"' in page.content.decode()


def test_the_assistant_streams_over_the_api(runs: tuple[ScoreRun, ScoreRun], town: Town) -> None:
    task = ScoreRequest.objects.create(
        gstin=town.priya.gstin, business=town.priya, by=town.owner, requested_at=NOW, queued_at=NOW,
        state="complete", run=runs[1],
    )  # fmt: skip
    client = APIClient()
    client.force_authenticate(town.owner)
    answer = client.post(f"/api/v1/score/{task.uuid}/chat", {"question": "Why is it low?", "language": "hi"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"

    async def heard() -> str:
        return "".join([part.decode() async for part in answer.streaming_content])

    stream = async_to_sync(heard)()
    assert stream.endswith("\n\n")
    assert '"intent": "hurts"' in stream
    assert "event: sentence" in stream


def test_two_firms_are_compared_part_by_part(champion: ModelVersion, town: Town) -> None:
    score_population(as_of=NOW)
    client, address = signed_in(town.analyst), reverse("scoring:compare")
    scored = list(ScoreRun.objects.complete().select_related("business")[:2])
    assert "Choose two firms" in client.get(address).content.decode()
    asked = {"one": str(scored[0].business.uuid), "other": str(scored[1].business.uuid)}
    page = client.get(address, asked).content.decode()
    assert f"{scored[1].business} scores {scored[1].score}" in page
    found = comparison(user=town.analyst, one=scored[0].business.uuid, other=scored[1].business.uuid)
    apart = math.fsum((found.base_apart, *(part.apart for part in found.parts)))
    assert apart == pytest.approx((scored[1].points or 0.0) - (scored[0].points or 0.0))
    assert client.get(address, {"one": "1", "other": "2"}).status_code == 200
    lines = client.get(reverse("scoring:cohort_csv")).content.decode().splitlines()
    assert len(lines) == 1 + ScoreRun.objects.complete().count()
