"""Signal trends: every signal of the champion held against its training, and the figures of monitoring over time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from scoring.engine.features import catalogue
from scoring.engine.features.glossary import FAMILY_TITLES
from scoring.engine.monitoring import SCORE, Baseline, shares_of
from scoring.models import DriftReading, ModelVersion
from scoring.selectors.cohorts import Member, cohort

READINGS_SHOWN = 26
TOGGLES = (
    "filing_compliance_rate",
    "gst_revenue_cv_90d",
    "upi_30d_inbound_count",
    "ewb_volume_growth_mom",
    "longest_gap_days",
    "ewb_smurfing_index",
)
"""Signals offered as toggles; portals.md names these six."""
MEMBERS_SHOWN = 25
RATES = ("coverage", "interval", "rejection", "override")
FIGURES = {
    "psi": "Stability index of the score (PSI)",
    "auc": "AUC of known outcomes",
    "ks": "KS of known outcomes",
    "ece": "Calibration error of known outcomes (ECE)",
    "coverage": "Share of businesses with a number",
    "interval": "Share of 90 % intervals that hold",
    "rejection": "Share of applications rejected, last quarter",
    "override": "Share of decisions against the policy, last quarter",
}
TONES = {"stable": "good", "watch": "warn", "act": "bad"}


@dataclass(frozen=True)
class Signal:
    """One signal: its index against training with verdict, and the share of businesses that lack it, then and now."""

    name: str
    title: str
    family: str
    unit: str
    psi: float | None
    critical: float | None
    verdict: str
    tone: str
    missing_then: float | None
    missing_now: float | None


@dataclass(frozen=True)
class Figure:
    """One figure of the score itself; `critical` as its reading tells."""

    metric: str
    title: str
    value: float | None
    critical: float | None
    size: int
    verdict: str
    tone: str


@dataclass(frozen=True)
class SignalPage:
    """Signals by family; `as_of` is None before the first reading. `alarms` and `watched` count over all families."""

    version: str
    as_of: datetime | None
    size: int
    family: str
    families: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Signal, ...]], ...]
    alarms: int
    watched: int
    figures: tuple[Figure, ...]
    history: tuple[tuple[datetime, float], ...]
    rates: Mapping[str, tuple[tuple[datetime, float], ...]]

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Those of all groups."""
        return tuple(signal for _, found in self.groups for signal in found)


@dataclass(frozen=True)
class Toggle:
    """A signal that may be drawn over the weeks; `history` is its index against training where it is `chosen`."""

    name: str
    title: str
    chosen: bool
    history: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True)
class SignalDetail:
    """One signal: shares per bin at training and now, index over time, and the firms with the riskiest values."""

    entry: catalogue.Entry
    signal: Signal
    bins: tuple[tuple[str, float, float], ...]
    history: tuple[tuple[datetime, float], ...]
    members: tuple[tuple[UUID, str, float, int], ...]


def signal_page(*, family: str) -> SignalPage:
    """The newest reading of the champion, of one family or of all; a family that is none filters nothing."""
    version = ModelVersion.objects.serving().defer("card").first()
    readings = _newest(version)
    signals = list(_signals(version, readings))
    asked = family if family in FAMILY_TITLES else ""
    groups = (
        (title, tuple(signal for signal in signals if signal.family == name))
        for name, title in FAMILY_TITLES.items()
        if asked in ("", name)
    )
    return SignalPage(
        version=version.version if version else "",
        as_of=readings[0].as_of if readings else None,
        size=max((reading.size for reading in readings if reading.metric in ("psi", "csi")), default=0),
        family=asked,
        families=tuple(FAMILY_TITLES.items()),
        groups=tuple((title, found) for title, found in groups if found),
        alarms=sum(reading.verdict == "act" for reading in readings),
        watched=sum(reading.verdict == "watch" for reading in readings),
        figures=tuple(_figure(reading) for reading in readings if reading.subject == SCORE),
        history=_history(version, SCORE),
        rates=_rates(version),
    )


def toggles(asked: Sequence[str]) -> tuple[Toggle, ...]:
    """The six signals, and any other that is `asked` for; all six are drawn when none is."""
    entries = catalogue.by_name()
    known = [name for name in asked if name in entries]
    offered = [*TOGGLES, *(name for name in dict.fromkeys(known) if name not in TOGGLES)]
    chosen = set(known or TOGGLES)
    version = ModelVersion.objects.serving().defer("card", "metrics").first()
    rows = DriftReading.objects.filter(version=version, metric="csi", subject__in=chosen, value__isnull=False)
    found: dict[str, list[tuple[datetime, float]]] = {}
    for subject, moment, value in rows.order_by("as_of", "pk").values_list("subject", "as_of", "value"):
        found.setdefault(subject, []).append((moment, value or 0.0))
    return tuple(
        Toggle(name, entries[name].label, name in chosen, tuple(found.get(name, [])[-READINGS_SHOWN:]))
        for name in offered
    )


def _figure(reading: DriftReading) -> Figure:
    return Figure(
        metric=reading.metric,
        title=FIGURES.get(reading.metric, reading.metric),
        value=reading.value,
        critical=reading.critical,
        size=reading.size,
        verdict=reading.verdict,
        tone=TONES[reading.verdict],
    )


def signal_detail(*, user: User, feature: str) -> SignalDetail:
    """One signal. Raises NotVisible for a name that is none, and before a version serves."""
    entry = catalogue.by_name().get(feature)
    version = ModelVersion.objects.serving().defer("card").first()
    if entry is None or version is None:
        raise NotVisible
    signal = next(found for found in _signals(version, _newest(version)) if found.name == feature)
    members = [member for member in cohort(user=user).members if member.vector.get(feature) is not None]
    falls = entry.risk == "falls"
    riskiest = sorted(members, key=lambda member: _value(member, feature) if falls else -_value(member, feature))
    return SignalDetail(
        entry=entry,
        signal=signal,
        bins=_bins(version, feature, members),
        history=_history(version, feature),
        members=tuple(
            (member.business_uuid, member.name, _value(member, feature), member.score)
            for member in riskiest[:MEMBERS_SHOWN]
        ),
    )


def _value(member: Member, feature: str) -> float:
    return float(member.vector[feature] or 0.0)


def readings(*, version: str, metric: str, verdict: str) -> QuerySet[DriftReading]:
    """Every reading of the models, in no order yet; an empty text filters nothing."""
    rows = DriftReading.objects.select_related("version")
    named = {"version__version": version, "metric": metric, "verdict": verdict}
    return rows.filter(**{name: value for name, value in named.items() if value})


def _newest(version: ModelVersion | None) -> list[DriftReading]:
    if version is None:
        return []
    readings = DriftReading.objects.filter(version=version)
    last = readings.order_by("-as_of").values_list("as_of", flat=True).first()
    return list(readings.filter(as_of=last).order_by("metric", "subject")) if last else []


def _signals(version: ModelVersion | None, readings: list[DriftReading]) -> Iterator[Signal]:
    found = {(reading.metric, reading.subject): reading for reading in readings}
    carried = _carried(version)
    for entry in catalogue.entries():
        index, lacking = found.get(("csi", entry.name)), found.get(("missing", entry.name))
        baseline = carried.get(entry.name)
        verdict = index.verdict if index else ""
        yield Signal(
            name=entry.name,
            title=entry.label,
            family=entry.family,
            unit=entry.unit,
            psi=index.value if index else None,
            critical=index.critical if index else None,
            verdict=verdict,
            tone=TONES.get(verdict, "neutral"),
            missing_then=baseline.missing if baseline else None,
            missing_now=lacking.value if lacking else None,
        )


def _carried(version: ModelVersion | None) -> dict[str, Baseline]:
    documents = (version.metrics.get("baseline") or {}) if version else {}
    return {name: Baseline.from_document(document) for name, document in documents.items()}


def _history(version: ModelVersion | None, subject: str) -> tuple[tuple[datetime, float], ...]:
    if version is None:
        return ()
    metric = "psi" if subject == SCORE else "csi"
    rows = DriftReading.objects.filter(version=version, metric=metric, subject=subject, value__isnull=False)
    newest = rows.order_by("-as_of").values_list("as_of", "value")[:READINGS_SHOWN]
    return tuple((moment, value) for moment, value in reversed(list(newest)) if value is not None)


def _rates(version: ModelVersion | None) -> dict[str, tuple[tuple[datetime, float], ...]]:
    """The newest readings of each share, oldest first."""
    found: dict[str, list[tuple[datetime, float]]] = {metric: [] for metric in RATES}
    rows = DriftReading.objects.filter(version=version, metric__in=RATES, subject=SCORE, value__isnull=False)
    for metric, moment, value in rows.order_by("as_of", "pk").values_list("metric", "as_of", "value"):
        found[metric].append((moment, value or 0.0))
    return {metric: tuple(readings[-READINGS_SHOWN:]) for metric, readings in found.items()}


def _bins(version: ModelVersion, feature: str, members: list[Member]) -> tuple[tuple[str, float, float], ...]:
    """Bin in words, share of it at training and among today's known values; missing values are told apart."""
    baseline = _carried(version).get(feature)
    if baseline is None or not members:
        return ()
    now = shares_of(baseline, np.array([_value(member, feature) for member in members]))
    known = max(1.0 - baseline.missing, 1e-9)
    return tuple(
        (text, then / known, share)
        for text, then, share in zip(_words(baseline.cuts), baseline.shares[:-1], now[:-1], strict=True)
    )


def _words(cuts: tuple[float, ...]) -> list[str]:
    if not cuts:
        return ["any value"]
    between = [f"{low:,.3g} to {high:,.3g}" for low, high in pairwise(cuts)]
    return [f"below {cuts[0]:,.3g}", *between, f"{cuts[-1]:,.3g} and more"]
