"""A thin GST file beside a rich UPI record: scored with estimates that are stored, shown, marked and never a reason."""

import hashlib
import json
import math
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader
from rest_framework.test import APIClient

from creditiq.kernel.clock import micros
from scoring.engine import artefacts
from scoring.engine.features.lock import LOCK_FILE
from scoring.engine.sentences.voice import CODES, estimate_in
from scoring.engine.turnover import reference_from
from scoring.models import ModelVersion, RunStatus, ScoreRun
from scoring.selectors import told_parts
from scoring.services import (
    BrokenModel,
    Developed,
    compare_runs,
    dials,
    measure_business,
    plan_of,
    print_report,
    refusal_reasons,
    register,
    replay_score,
    score_business,
    score_population,
)
from tests.scoring.conftest import END, NOW, RECORDS, Town, consent_of
from wallets.services import demo_world

SINCE = micros(datetime(2026, 6, 15, tzinfo=UTC))
LACKING = {"gst_std_filing_interval_days", "gst_filing_delay_trend", "gstr1_gstr3b_gap"}


@pytest.fixture(scope="session")
def world() -> dict[str, pl.DataFrame]:
    """Priya, the first, registered in June: five months of invoices, one return, and the UPI record she always had."""
    made = demo_world(businesses=24, months=14, seed=3, end=END)
    others, hers = pl.col("business") != 0, pl.col("occurred_at") >= SINCE
    last = pl.col("due_at") == made["gst_returns"].filter(business=0)["due_at"].max()
    return {
        **made,
        "gst_invoices": made["gst_invoices"].filter(others | hers),
        "gst_returns": made["gst_returns"].filter(others | last),
    }


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def signed_in(user: object) -> Client:
    client = Client()
    client.force_login(user, backend="accounts.adapters.VerifiedBackend")
    return client


def test_estimates_are_stored_beside_a_vector_that_stays_null(run: ScoreRun) -> None:
    assert run.status == RunStatus.COMPLETE
    assert set(run.imputed["columns"]) == LACKING
    assert all(run.vector[name] is None for name in LACKING)
    snapshot = json.loads(bytes(run.snapshot))
    assert snapshot["imputed"] == run.imputed
    assert all(set(found) == {"value", "spread"} for found in snapshot["imputed"]["columns"].values())
    assert {part["feature"] for part in run.waterfall if "estimate" in part} == LACKING
    total = math.fsum([run.base_points or 0.0, *(part["points"] for part in run.waterfall)])
    assert total == pytest.approx(run.points, abs=1e-6)


def test_a_replay_meets_every_byte_and_everybody_at_once_agrees(run: ScoreRun, town: Town) -> None:
    assert replay_score(run) == bytes(run.snapshot)
    later = NOW + timedelta(hours=3)
    score_population(as_of=later)
    of_all = ScoreRun.objects.get(business=town.priya, as_of=later)
    assert set(of_all.imputed["columns"]) == LACKING
    assert replay_score(of_all) == bytes(of_all.snapshot)
    others = ScoreRun.objects.filter(as_of=later).exclude(business=town.priya)
    assert others.filter(imputed={}).count() == others.count() > 10


def test_estimates_widen_the_interval(run: ScoreRun, town: Town) -> None:
    """The same row read as if every value were its own would be narrower by exactly what they add."""
    half = ((run.high or 0) - (run.low or 0)) / 2
    added = run.imputed["half_width"]
    assert half >= added > 0


def test_no_estimate_is_a_reason_or_something_to_change(run: ScoreRun) -> None:
    estimated = [reason for reason in run.reasons if reason["code"].startswith("estimated.")]
    assert estimated
    assert not any(reason["top"] or reason["repairable"] for reason in estimated)
    assert not {reason.feature for reason in refusal_reasons(run)} & LACKING
    assert not {dial.feature for dial in dials(run)} & LACKING
    plan = plan_of(run)
    assert plan is None or not {change.feature for step in plan.steps for change in step.changes} & LACKING
    assert plan is None or (plan.now.score, plan.now.low, plan.now.high) == (run.score, run.low, run.high)


def test_what_is_not_shared_is_not_estimated(champion: ModelVersion, town: Town) -> None:
    consent = consent_of(town.priya)
    type(consent).objects.filter(pk=consent.pk).update(kinds=[kind for kind in RECORDS if kind != "gst_returns"])
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    assert run.status == RunStatus.COMPLETE
    assert run.imputed == {}
    assert replay_score(run) == bytes(run.snapshot)


def test_too_short_a_record_stays_insufficient(champion: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=datetime(2026, 7, 20, tzinfo=UTC))
    assert (run.status, run.imputed, run.score) == (RunStatus.INSUFFICIENT, {}, None)
    assert "imputed" not in json.loads(bytes(run.snapshot))


def test_the_pages_mark_an_estimated_bar_in_the_readers_language(run: ScoreRun, town: Town) -> None:
    page = signed_in(town.owner).get(reverse("scoring:report")).content.decode()
    assert "estimated from similar businesses" in page
    assert "never a reason to decline" in page
    for language in CODES:
        told = {part.feature: part for part in told_parts(run, language, {})}
        for name in LACKING:
            assert told[name].estimated
            assert told[name].value_text == estimate_in(run.imputed["columns"][name]["value"], name, language)
            assert told[name].spread_text
        assert not told["gst_90d_value"].estimated
    assert len({estimate_in(1.0, "hsn_entropy_90d", language) for language in CODES}) == len(CODES)


def test_the_api_marks_them_too_and_leaves_features_null(run: ScoreRun, town: Town) -> None:
    api = APIClient()
    api.force_authenticate(town.analyst)
    waterfall = api.get(reverse("api-score-waterfall", args=[run.uuid]), {"lang": "hi"}).json()
    assert {part["feature"] for part in waterfall["parts"] if part["estimated"]} == LACKING
    reasons = api.get(reverse("api-score-reasons", args=[run.uuid])).json()
    told = [reason for reason in reasons["reasons"] if reason["code"].startswith("estimated.")]
    assert all("estimated from similar businesses" in reason["sentence"] for reason in told)
    assert not {reason["feature"] for reason in reasons["adverse_action"]["reasons"]} & LACKING
    features = api.get(reverse("api-features-business", args=[town.priya.uuid]), {"as_of": NOW.isoformat()}).json()
    assert all(features["features"][name] is None for name in LACKING)
    assert features["imputed"] == run.imputed["columns"]


def test_the_printed_report_marks_them(run: ScoreRun, town: Town, tmp_path: Path) -> None:
    paper = tmp_path / "report.pdf"
    paper.write_bytes(print_report(run=run, language="en", by=town.owner, at=NOW))
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(paper).pages)
    assert "estimated from similar businesses" in text
    assert "never a reason to decline" in text


def test_a_difference_with_estimates_adds_up(run: ScoreRun, town: Town) -> None:
    second = score_business(business_id=town.priya.pk, as_of=NOW + timedelta(days=20))
    found = compare_runs(run, second, at=NOW + timedelta(days=20))
    assert math.fsum(move.points for move in found.moves) == pytest.approx(found.total, abs=1e-9)
    assert {move.kind: move for move in found.moves}["model"].points == 0.0


def test_sales_among_firms_alike_are_those_of_the_versions_reference(run: ScoreRun, town: Town) -> None:
    """By hand from the stored sales; the features read alone say the same, and it moves no score."""
    reference = reference_from(json.loads((run.model_version.folder / "turnover.json").read_bytes()))
    firm, sales = town.priya, run.vector["gst_90d_value"]
    keys = (f"{firm.sector}/{firm.state_code}/{firm.size}", f"{firm.sector}/{firm.size}", firm.sector)
    known = next(reference.cells[key] for key in keys if key in reference.cells)
    below = sum(quantile <= sales for quantile in known)
    share = run.vector["sector_relative_turnover"]
    assert (below - 1) / 20 <= share <= below / 20
    assert measure_business(business=firm, as_of=NOW).features["sector_relative_turnover"] == share
    assert run.contributions["sector_relative_turnover"] == 0.0
    assert json.loads(bytes(run.snapshot))["subject"]["size"] == firm.size


@pytest.fixture
def older(champion: ModelVersion, developed: Developed, town: Town, settings: LazySettings) -> ModelVersion:
    """A version of before the last feature was added, with the files of its time: no reference and no neighbours."""
    packed = developed.packed
    lock = b"".join(line for line in LOCK_FILE.read_bytes().splitlines(keepends=True) if b"sector_relative" not in line)
    calibration = json.loads(packed.files["calibration.json"]) | {"lock": hashlib.sha256(lock).hexdigest()}
    kept = {
        name: content
        for name, content in packed.files.items()
        if name not in (artefacts.MANIFEST, "turnover.json", "neighbours.json")
    }
    files = kept | {"features.lock": lock, "calibration.json": json.dumps(calibration).encode()}
    version = register(developed=Developed(artefacts.pack(files), developed.figures), at=NOW).version
    ModelVersion.objects.filter(pk=champion.pk).update(status="retired", served_until=NOW)
    ModelVersion.objects.filter(pk=version.pk).update(status="champion", installed=True, lock=calibration["lock"])
    return ModelVersion.objects.get(pk=version.pk)


def test_a_score_of_an_older_lock_replays_and_says_nothing_new(older: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    snapshot = json.loads(bytes(run.snapshot))
    assert (run.lock, run.imputed) == (older.lock, {})
    assert replay_score(run) == bytes(run.snapshot)
    assert not {"state_code", "size"} & set(snapshot["subject"])
    assert "imputed" not in snapshot
    assert not any("estimate" in part for part in snapshot["answer"]["parts"])


def test_an_older_lock_that_defines_a_feature_otherwise_is_refused(older: ModelVersion, town: Town) -> None:
    run = score_business(business_id=town.priya.pk, as_of=NOW)
    lines = (older.folder / "features.lock").read_bytes().splitlines(keepends=True)
    other = b"".join([b"gst_7d_value 0000\n", *lines[1:]])
    (older.folder / "features.lock").write_bytes(other)
    ModelVersion.objects.filter(pk=older.pk).update(lock=hashlib.sha256(other).hexdigest())
    with pytest.raises(BrokenModel, match="other features"):
        replay_score(ScoreRun.objects.get(pk=run.pk))
