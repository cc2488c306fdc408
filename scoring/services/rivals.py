"""Two versions of a model on the same evidence: what either says of a cohort, and of one firm part by part."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean
from uuid import UUID

import numpy as np

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from scoring.engine.features import catalogue
from scoring.engine.scorecard import Assessment, Scorecard
from scoring.engine.validation import ranks
from scoring.models import ModelVersion
from scoring.selectors import Member, cohort
from scoring.services.cards import card_of
from scoring.services.dossiers import policy_at, policy_of
from scoring.services.exploring import matrix_of

MOVERS_SHOWN = 25


@dataclass(frozen=True)
class Mover:
    """One firm as either version scores it."""

    business_uuid: UUID
    name: str
    one: int
    other: int
    one_band: str
    other_band: str

    @property
    def apart(self) -> int:
        """Points of the second less those of the first."""
        return self.other - self.one


@dataclass(frozen=True)
class PartOfBoth:
    """One signal's points in either version, of one firm or their mean size over the cohort; `apart` second − first."""

    feature: str
    title: str
    one_points: float
    other_points: float

    @property
    def apart(self) -> float:
        """Points of the second less those of the first."""
        return self.other_points - self.one_points


@dataclass(frozen=True)
class Side:
    """One firm under both: the starting points and the parts, which with them add up to either's unrounded points."""

    mover: Mover
    one_base: float
    other_base: float
    parts: tuple[PartOfBoth, ...]


@dataclass(frozen=True)
class Rivals:
    """Over the cohort: mean and mean size of the difference, agreement in rank (Spearman), bands that change.

    `moves` counts (band of the first, band of the second); `movers` are the firms furthest apart. `side` is the firm
    asked for, None without one.
    """

    one: str
    other: str
    firms: int
    mean_apart: float
    mean_size: float
    agreement: float | None
    moves: tuple[tuple[str, str, int], ...]
    movers: tuple[Mover, ...]
    parts: tuple[PartOfBoth, ...]
    side: Side | None


def compare_versions(
    *, user: User, one: str, other: str, at: datetime, band: str = "", business_id: UUID | None = None
) -> Rivals:
    """Both versions on the newest vectors the person may see, read by the bands of `at`. Nothing is stored.

    Raises NotVisible for a version that is none, BrokenModel for one that reads other features than today's.
    """
    bands = policy_of(policy_at(at)).bands
    first, second = (card_of(_version(name)).under(bands) for name in (one, other))
    members = cohort(user=user, band=band).members
    told = _assessed(first, members), _assessed(second, members)
    movers = [_mover(*each) for each in zip(members, *told, strict=True)]
    places = [number for number, member in enumerate(members) if member.business_uuid == business_id]
    moves = Counter((mover.one_band, mover.other_band) for mover in movers if mover.one_band != mover.other_band)
    return Rivals(
        one=one,
        other=other,
        firms=len(members),
        mean_apart=fmean(mover.apart for mover in movers) if movers else 0.0,
        mean_size=fmean(abs(mover.apart) for mover in movers) if movers else 0.0,
        agreement=_agreement(told),
        moves=tuple((before, after, count) for (before, after), count in sorted(moves.items())),
        movers=tuple(sorted(movers, key=lambda mover: (-abs(mover.apart), mover.name))[:MOVERS_SHOWN]),
        parts=_mean_parts(first, second, told),
        side=_side(first, second, movers[places[0]], (told[0][places[0]], told[1][places[0]])) if places else None,
    )


Both = tuple[Sequence[Assessment], Sequence[Assessment]]


def _version(name: str) -> ModelVersion:
    version = ModelVersion.objects.defer("card", "metrics").filter(version=name).first()
    if version is None:
        raise NotVisible
    return version


def _assessed(card: Scorecard, members: Sequence[Member]) -> tuple[Assessment, ...]:
    """The cadence anomaly is each version's own, so it is read again."""
    return card.assess(card.complete(card.names, matrix_of(members, card.names))) if members else ()


def _mover(member: Member, one: Assessment, other: Assessment) -> Mover:
    return Mover(
        member.business_uuid, member.name, one.score.score, other.score.score, one.score.band, other.score.band
    )


def _agreement(told: Both) -> float | None:
    """Spearman's rank correlation; None where one side says the same of everybody."""
    placed = [ranks(np.array([found.score.points for found in side], dtype=np.float64)) for side in told]
    if any(side.size < 2 or side.std() == 0 for side in placed):
        return None
    return float(np.corrcoef(placed[0], placed[1])[0, 1])


def _mean_parts(first: Scorecard, second: Scorecard, told: Both) -> tuple[PartOfBoth, ...]:
    if not told[0]:
        return ()
    sizes = [
        dict(zip(card.names, np.abs(np.array([found.points for found in side])).mean(axis=0).tolist(), strict=True))
        for card, side in zip((first, second), told, strict=True)
    ]
    return _parts(sizes[0], sizes[1])


def _side(first: Scorecard, second: Scorecard, mover: Mover, told: tuple[Assessment, Assessment]) -> Side:
    parts = [
        dict(zip(card.names, found.points, strict=True)) for card, found in zip((first, second), told, strict=True)
    ]
    return Side(mover, told[0].base_points, told[1].base_points, _parts(parts[0], parts[1]))


def _parts(one: dict[str, float], other: dict[str, float]) -> tuple[PartOfBoth, ...]:
    entries = catalogue.by_name()
    parts = [
        PartOfBoth(name, entries[name].label, one.get(name, 0.0), other.get(name, 0.0))
        for name in dict.fromkeys((*one, *other))
    ]
    return tuple(sorted(parts, key=lambda part: (-abs(part.apart), part.feature)))
