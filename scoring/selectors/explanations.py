"""Stored answers in words of the reader's language, and the history of a business's scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q

from accounts.models import User
from creditiq.kernel.wall import named
from scoring.engine.difference import Difference, Move
from scoring.engine.explain import Reason
from scoring.engine.plans import Plan
from scoring.engine.sentences.voice import (
    CODES,
    ENGLISH,
    NAMES,
    Observation,
    estimate_in,
    label,
    refusal,
    tell,
    unit_of,
    value_in,
)
from scoring.models import ScoreRun

LEAST_PEERS = 10
"""A percentile among fewer firms would point at one of them."""
HISTORY = 24


@dataclass(frozen=True)
class ToldReason:
    """One reason in words; `points` unrounded; `top` when it is among the five."""

    code: str
    feature: str
    title: str
    sentence: str
    advice: str
    points: float
    direction: str
    top: bool


@dataclass(frozen=True)
class ToldPart:
    """One bar of the waterfall in words; `percentile` among healthy firms where known.

    `estimated` where firms alike stand in for a missing value: `value_text` says so, `spread_text` how far they differ.
    """

    feature: str
    title: str
    value_text: str
    peer_text: str
    points: float
    direction: str
    percentile: int | None
    estimated: bool
    spread_text: str


@dataclass(frozen=True)
class ToldRefusal:
    """The adverse-action text: a line, at most four sentences, and what can be done."""

    above: str
    reasons: tuple[ToldReason, ...]
    below: str


@dataclass(frozen=True)
class ToldChange:
    """One change of a plan, of a difference or of a what-if, in words."""

    feature: str
    title: str
    now_text: str
    goal_text: str
    points: float


@dataclass(frozen=True)
class ToldStep:
    """One step of a plan: changes that happen together, months, points on top of the steps before."""

    changes: tuple[ToldChange, ...]
    months: int
    gain: float


@dataclass(frozen=True)
class ToldMove:
    """One step of a difference; `base` is the starting point's part; features and base add up to points."""

    kind: str
    points: float
    base: float
    changes: tuple[ToldChange, ...]


@dataclass(frozen=True)
class Past:
    """One answer of the past; `change` in points since the number before; `events` say what else was new."""

    uuid: UUID
    as_of: datetime
    score: int | None
    band: str
    model_version: str
    change: int | None
    events: tuple[str, ...]


def spoken(language: str | None) -> str:
    """The language to tell in: its two letters when we speak it, else English.

    >>> spoken("ta-in"), spoken("fr"), spoken(None)
    ('ta', 'en', 'en')
    """
    code = (language or ENGLISH)[:2].lower()
    return code if code in CODES else ENGLISH


def languages() -> tuple[tuple[str, str], ...]:
    """The languages reasons are told in: code and own name."""
    return NAMES


def told_reasons(run: ScoreRun, language: str) -> tuple[ToldReason, ...]:
    """All reasons of a run, strongest first."""
    seen = {part["feature"]: part for part in run.waterfall}
    return tuple(_told(reason, seen[reason["feature"]], language) for reason in run.reasons)


def _told(reason: Mapping[str, object], part: Mapping[str, object], language: str) -> ToldReason:
    feature, points = str(reason["feature"]), _figure(reason["points"]) or 0.0
    estimated = "estimate" in part
    words = tell(Observation(feature, _figure(reason["value"]), _figure(part["peer"]), points, estimated), language)
    return ToldReason(
        code=str(reason["code"]),
        feature=feature,
        title=words.title,
        sentence=words.sentence,
        advice=words.advice,
        points=points,
        direction=str(reason["direction"]),
        top=bool(reason.get("top")),
    )


def told_parts(run: ScoreRun, language: str, percentiles: Mapping[str, int]) -> tuple[ToldPart, ...]:
    """The waterfall, strongest first."""
    return tuple(
        ToldPart(
            feature=part["feature"],
            title=label(part["feature"], language),
            value_text=observed(part, language),
            peer_text=_in(part["feature"], _figure(part["peer"]), language),
            points=part["points"],
            direction=part["direction"],
            percentile=percentiles.get(part["feature"]),
            estimated="estimate" in part,
            spread_text=_spread(part, language),
        )
        for part in run.waterfall
    )


def observed(part: Mapping[str, object], language: str) -> str:
    """The value of a stored part in words, or what stands in for it and that it does."""
    feature, estimate = str(part["feature"]), part.get("estimate")
    if isinstance(estimate, Mapping):
        return estimate_in(float(estimate["value"]), feature, language)
    return _in(feature, _figure(part["value"]), language)


def _spread(part: Mapping[str, object], language: str) -> str:
    estimate = part.get("estimate")
    return _in(str(part["feature"]), float(estimate["spread"]), language) if isinstance(estimate, Mapping) else ""


def told_refusal(run: ScoreRun, reasons: Sequence[Reason], language: str) -> ToldRefusal:
    """The text that goes with an adverse decision; `reasons` as proven on the model."""
    peers = {part["feature"]: _figure(part["peer"]) for part in run.waterfall}
    above, below = refusal(str(run.business), run.score or 0, language)
    return ToldRefusal(
        above, tuple(_disclosed(reason, peers.get(reason.feature), language) for reason in reasons), below
    )


def _disclosed(reason: Reason, peer: float | None, language: str) -> ToldReason:
    words = tell(Observation(reason.feature, reason.value, peer, reason.points), language)
    return ToldReason(
        reason.code, reason.feature, words.title, words.sentence, words.advice, reason.points, reason.direction, True
    )


def told_plan(plan: Plan, language: str) -> tuple[ToldStep, ...]:
    """The steps of a plan, in order."""
    return tuple(
        ToldStep(
            tuple(
                _change(change.feature, change.now, change.goal, 0.0, language)
                for change in step.changes
                if change.now != change.goal
            ),
            step.months,
            step.gain,
        )
        for step in plan.steps
    )


def told_difference(found: Difference, language: str) -> tuple[ToldMove, ...]:
    """The moves of a difference, in order."""
    return tuple(_told_move(move, language) for move in found.moves)


def _told_move(move: Move, language: str) -> ToldMove:
    changes = (
        _change(feature.feature, feature.before, feature.after, feature.points, language) for feature in move.features
    )
    return ToldMove(move.kind, move.points, move.base, tuple(changes))


def told_parts_of_trial(parts: Mapping[str, float], language: str) -> tuple[ToldChange, ...]:
    """Which features a what-if moved by how many points, strongest first."""
    ranked = sorted(parts.items(), key=lambda pair: -abs(pair[1]))
    return tuple(ToldChange(name, label(name, language), "", "", points) for name, points in ranked)


def _change(feature: str, before: float | None, after: float | None, points: float, language: str) -> ToldChange:
    texts = _in(feature, before, language), _in(feature, after, language)
    return ToldChange(feature, label(feature, language), *texts, points)


def _in(feature: str, value: float | None, language: str) -> str:
    return value_in(value, unit_of(feature), language)


def history(business_id: int, most: int = HISTORY) -> tuple[Past, ...]:
    """The newest answers of a business with what was new at each, newest first."""
    runs = list(
        ScoreRun.objects.of(business_id)
        .newest_first()
        .select_related("model_version", "policy_version")
        .defer("vector", "contributions", "waterfall", "reasons", "snapshot", "path", "gaps")[: most + 1]
    )
    earlier: list[ScoreRun | None] = [*runs[1:], None]
    return tuple(_past(run, before) for run, before in zip(runs, earlier, strict=False))[:most]


def _past(run: ScoreRun, before: ScoreRun | None) -> Past:
    both = before is not None and run.score is not None and before.score is not None
    return Past(
        uuid=run.uuid,
        as_of=run.as_of,
        score=run.score,
        band=run.band or run.status,
        model_version=run.model_name,
        change=(run.score or 0) - (before.score or 0) if before is not None and both else None,
        events=_events(run, before) if before is not None else (),
    )


def _events(run: ScoreRun, before: ScoreRun) -> tuple[str, ...]:
    """Codes of what changed around the evidence: model, policy, band."""
    changed = {
        "model": (run.model_version_id, run.answered_by) != (before.model_version_id, before.answered_by),
        "policy": run.policy_version_id != before.policy_version_id,
        "band": bool(run.band and before.band) and run.band != before.band,
    }
    return tuple(name for name, is_new in changed.items() if is_new)


def own_runs(*, user: User, business_id: UUID) -> list[ScoreRun]:
    """The newest answers about a business the person may see, newest first."""
    runs = ScoreRun.objects.visible_to(user).filter(business__uuid=business_id).newest_first()
    return list(runs.select_related("model_version").defer("snapshot", "waterfall", "reasons")[:HISTORY])


def score_percentile(run: ScoreRun) -> int | None:
    """Share of the sector's firms with a lower newest number, in per cent; None among fewer than ten others."""
    alike = {"business__sector": run.business.sector, "business__is_made_up": run.business.is_made_up}
    newest = named(ScoreRun.objects.complete()).filter(**alike).latest_of_each()
    others = ScoreRun.objects.filter(pk__in=newest.values("pk")).exclude(business_id=run.business_id)
    counted = others.aggregate(all=Count("pk"), lower=Count("pk", filter=Q(score__lt=run.score)))
    return None if counted["all"] < LEAST_PEERS else round(100 * counted["lower"] / counted["all"])


def _figure(value: object) -> float | None:
    return None if value is None else float(str(value))
