"""The weekly reading, its command and its task."""

import io
import json
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import AuditEntry, Job, Notification
from accounts.tasks import run_job
from creditiq.kernel.clock import now
from creditiq.kernel.events import capture_events
from scoring import tasks
from scoring.charts import story, toggled
from scoring.engine.features import catalogue
from scoring.events import DriftFound, ScoresRefreshed
from scoring.models import DriftReading, LoanOutcome, ModelVersion, ScoreRun, VersionAct
from scoring.selectors import AmnestyWindow, chronicle, toggles
from scoring.selectors.monitoring import TOGGLES
from scoring.services import (
    Outcome,
    UnableToMonitor,
    gst_shock,
    list_due_validations,
    monitor_model,
    review_outcomes,
    score_population,
)
from tests.factories.accounts import UserFactory
from tests.scoring.conftest import NOW, Town
from tests.scoring.test_versions import calling, signed_in


@pytest.fixture
def scored(champion: ModelVersion, town: Town) -> Town:
    score_population(as_of=NOW)
    return town


def test_a_reading_is_stored_once_per_moment_and_alarms_are_announced(scored: Town) -> None:
    with capture_events() as events:
        report = monitor_model(as_of=NOW)
        monitor_model(as_of=NOW)
    metrics = {reading.metric for reading in report.readings}
    assert {"psi", "csi", "missing", "coverage"} <= metrics
    assert DriftReading.objects.count() == len(report.readings)
    assert events == ([DriftFound(version_id=report.version.pk)] if report.alarms else [])


def test_outcomes_that_are_known_add_figures(scored: Town) -> None:
    runs = list(ScoreRun.objects.complete().select_related("business").order_by("pk"))
    outcomes = [Outcome(run.business.gstin, NOW, bool(place % 2)) for place, run in enumerate(runs)] * 2
    found = {reading.metric for reading in monitor_model(as_of=NOW, outcomes=outcomes).readings}
    assert {"auc", "ks", "ece"} <= found


def test_a_version_without_a_baseline_says_so(scored: Town, champion: ModelVersion) -> None:
    del champion.metrics["baseline"]
    champion.save(update_fields=["metrics"])
    with pytest.raises(UnableToMonitor, match="before a baseline"):
        monitor_model(as_of=NOW)
    tasks.refresh_scores()
    run_job(job_id=Job.objects.get(work="scores.refresh").pk)
    job = Job.objects.get()
    assert job.state == "done"
    assert "before a baseline" in job.message


def test_every_monday_everybody_is_scored_and_the_model_is_read_once(champion: ModelVersion, town: Town) -> None:
    tasks.refresh_scores()
    tasks.refresh_scores()
    job = Job.objects.get()
    with capture_events() as events:
        run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == "done"
    assert job.message.startswith(f"{ScoreRun.objects.count()} new scores, ")
    assert set(ScoreRun.objects.values_list("as_of", flat=True)) == {job.asked_at}
    assert DriftReading.objects.exists()
    assert ScoresRefreshed(run_id=ScoreRun.objects.latest("pk").pk) in events


def test_each_quarter_the_governors_hear_of_known_outcomes(scored: Town) -> None:
    governor = UserFactory(role="risk_manager")
    assert review_outcomes(at=NOW) == 0
    run = ScoreRun.objects.complete().select_related("business").first()
    LoanOutcome.objects.create(
        business=run.business, loan="L1", disbursed_at=NOW - timedelta(days=500), months=12,
        observed_until=NOW - timedelta(days=100), ended_at=NOW - timedelta(days=135),
    )  # fmt: skip
    assert review_outcomes(at=NOW) == 1
    assert review_outcomes(at=NOW + timedelta(days=1)) == 1
    tasks.review_outcomes()
    assert Notification.objects.of(governor).filter(topic="model.performance").count() <= 2
    assert AuditEntry.objects.filter(action="model.outcomes_reviewed").exists()


def test_each_year_versions_without_a_fresh_validation_are_listed(champion: ModelVersion) -> None:
    validator, at = UserFactory(role="risk_manager"), now()
    assert list_due_validations(at=at) == [champion]
    VersionAct.objects.create(
        version=champion, act="validate", source="in_validation", target="validated", by=validator, at=at, note=""
    )
    assert list_due_validations(at=at) == []
    assert list_due_validations(at=at + timedelta(days=366)) == [champion]
    tasks.list_due_validations()
    topics = Notification.objects.of(validator).order_by("pk").values_list("topic", flat=True)
    assert list(topics) == ["model.never_validated", "model.validation_due"]


def test_the_command_tells_it_and_names_a_wrong_line(scored: Town, tmp_path: Path) -> None:
    out = io.StringIO()
    call_command("monitor_model", "--json", stdout=out)
    assert {"version", "as_of", "readings"} == json.loads(out.getvalue()).keys()
    path = tmp_path / "outcomes.csv"
    for text, told in (
        ("gstin,since\n", "lacks the column defaulted"),
        ("gstin,since,defaulted\nX,2026-11-01,yes\n", "line 2: defaulted is 0 or 1"),
        ("gstin,since,defaulted\nX,1.11.2026,1\n", "line 2: since is a day"),
    ):
        path.write_text(text)
        with pytest.raises(CommandError, match=told):
            call_command("monitor_model", f"--outcomes={path}", stdout=out)


def test_signals_are_listed_in_a_fixed_number_of_queries(scored: Town, django_assert_max_num_queries) -> None:
    analyst = signed_in(scored.analyst)
    assert "Nothing was read yet" in analyst.get(reverse("scoring:signals")).content.decode()
    monitor_model(as_of=NOW)
    monitor_model(as_of=NOW + timedelta(days=7))
    with django_assert_max_num_queries(11):
        page = analyst.get(reverse("scoring:signals")).content.decode()
    assert 'data-figure="trend"' in page
    assert "Missing at training" in page
    cadence = analyst.get(reverse("scoring:signals"), {"family": "cadence"}).content.decode()
    assert cadence.count("data-row") < page.count("data-row")
    assert signed_in(scored.owner).get(reverse("scoring:signals")).status_code == 403


def test_six_signals_are_toggles_and_an_amnesty_is_a_band_of_their_chart(scored: Town) -> None:
    monitor_model(as_of=NOW)
    monitor_model(as_of=NOW + timedelta(days=7))
    offered = toggles([])
    assert [toggle.name for toggle in offered] == list(TOGGLES)
    assert all(toggle.chosen for toggle in offered)
    only = toggles(["longest_gap_days", "cash_buffer_days", "no_such_signal"])
    assert [toggle.name for toggle in only if toggle.chosen] == ["longest_gap_days", "cash_buffer_days"]
    page = signed_in(scored.analyst).get(reverse("scoring:signals"), {"signal": "longest_gap_days"}).content.decode()
    assert 'data-figure="toggled"' in page
    assert page.count('name="signal"') == len(TOGGLES)
    quarter = AmnestyWindow("Filing amnesty, Q3 2026-27", NOW.date(), NOW.date() + timedelta(days=30))
    drawn = toggled(toggles([]), [quarter])
    assert [band["label"]["text"] for band in drawn["figure"]["layout"]["shapes"]] == [quarter.title]
    assert {trace["name"] for trace in drawn["figure"]["data"]} <= {toggle.title for toggle in offered}


def test_a_firm_over_time_shows_its_scores_and_what_the_chosen_signals_brought(scored: Town) -> None:
    analyst, priya = signed_in(scored.analyst), scored.priya
    url = reverse("scoring:over_time", args=[priya.uuid])
    assert "Nothing to compare yet" in analyst.get(url).content.decode()
    score_population(as_of=NOW + timedelta(days=2))
    page = analyst.get(url, {"signal": "cash_buffer_days"}).content.decode()
    assert 'data-figure="over-time"' in page
    told = chronicle(user=scored.analyst, business_id=priya.uuid, at=NOW + timedelta(days=3))
    run = ScoreRun.objects.of(priya.pk).complete().newest_first().first()
    assert told.points[-1].effects["cash_buffer_days"] == run.contributions["cash_buffer_days"]
    assert analyst.get(reverse("scoring:over_time", args=[uuid4()])).status_code == 404


def test_the_owner_sees_filings_beside_the_scores(scored: Town) -> None:
    owner = signed_in(scored.owner)
    assert 'data-figure="story"' not in owner.get(reverse("scoring:report")).content.decode()
    score_population(as_of=NOW - timedelta(days=120))
    page = owner.get(reverse("scoring:report")).content.decode()
    assert 'data-figure="story"' in page
    told = chronicle(user=scored.owner, business_id=scored.priya.uuid, at=NOW)
    assert told.filings
    assert all(told.points[0].as_of < (filing.filed_at or filing.due_at) <= NOW for filing in told.filings)
    drawn = story(told)
    assert {"Score", "Filed in time"} & {trace["name"] for trace in drawn["figure"]["data"]}
    assert len(drawn["rows"]) == len(told.points) + len(told.filings)


def test_a_signal_shows_its_distribution_and_the_firms_behind_it(scored: Town) -> None:
    monitor_model(as_of=NOW)
    analyst = signed_in(scored.analyst)
    page = analyst.get(reverse("scoring:signal", args=["filing_compliance_rate"])).content.decode()
    assert 'data-figure="bins"' in page
    assert "Lowest values" in page
    assert "feature=filing_compliance_rate" in page
    assert analyst.get(reverse("scoring:signal", args=["nothing"])).status_code == 404


def test_the_interface_tells_the_same(scored: Town) -> None:
    client = calling(scored.analyst)
    assert client.get(reverse("api-signals")).json()["as_of"] is None
    monitor_model(as_of=NOW)
    told = client.get(reverse("api-signals")).json()
    assert {signal["name"] for signal in told["signals"]} == set(catalogue.names())
    assert {figure["metric"] for figure in told["figures"]} >= {"psi", "coverage"}


def test_a_fall_of_gst_sales_makes_nobody_better_and_some_worse(scored: Town) -> None:
    everybody = [business.pk for business in scored.businesses]
    found = gst_shock(business_ids=everybody, fall=0.5)
    assert found.keys() == set(ScoreRun.objects.complete().values_list("business_id", flat=True))
    assert all(after >= before for before, after in found.values())
    assert any(after > before for before, after in found.values())
    assert all(after == pytest.approx(before) for before, after in gst_shock(business_ids=everybody, fall=0).values())
    assert gst_shock(business_ids=[], fall=0.5) == {}
