"""What the signals of the model in service do together, over a cohort and for one firm: exact, in points."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from accounts.models import User
from creditiq.kernel.errors import InvalidInput
from scoring.engine.features import catalogue
from scoring.engine.interaction_tables import pair_effects
from scoring.engine.mapping import POINTS_PER_LOG_ODDS
from scoring.engine.permitted import Floats
from scoring.models import ModelVersion
from scoring.selectors import Member, cohort
from scoring.services.cards import card_of, champion, pair_tables_of

PAIRS_SHOWN = 40


@dataclass(frozen=True)
class PairEffect:
    """Two signals: the mean size of what they do together over the cohort, and what they do for one firm, in points.

    Half of it is in the contribution of either. `own_points` is None without a firm.
    """

    first: str
    first_title: str
    second: str
    second_title: str
    mean_points: float
    own_points: float | None


@dataclass(frozen=True)
class Meeting:
    """One firm: its values of the pair looked at, None where missing, and what they do together, in points."""

    business_uuid: UUID
    name: str
    first_value: float | None
    second_value: float | None
    points: float


@dataclass(frozen=True)
class Interplay:
    """`pairs` strongest first; `pair` is the one looked at with a meeting per firm; None where no two signals meet."""

    version: str
    firms: int
    business: Member | None
    pairs: tuple[PairEffect, ...]
    pair: PairEffect | None
    meetings: tuple[Meeting, ...]


def interplay(
    *, user: User, band: str = "", chosen: tuple[str, str] | None = None, business_id: UUID | None = None
) -> Interplay:
    """Over the firms whose newest number the model in service made; the strongest pair when none is `chosen`.

    Raises NoChampion, BrokenModel, and InvalidInput for a pair that never meets in the model.
    """
    version = champion()
    members = [member for member in cohort(user=user, band=band).members if member.version == version.version]
    names = card_of(version).names
    pairs = tuple((names[one], names[other]) for one, other in pair_tables_of(version).pairs)
    effects = _effects(version, members)
    places = [number for number, member in enumerate(members) if member.business_uuid == business_id]
    means = np.abs(effects).mean(axis=0) if members else np.zeros(len(pairs))
    own = effects[places[0]] if places else None
    order = sorted(range(len(pairs)), key=lambda number: (-means[number], pairs[number]))
    told = [_told(pairs[number], means[number], None if own is None else own[number]) for number in order]
    looked_at = _place(pairs, chosen, order)
    return Interplay(
        version=version.version,
        firms=len(members),
        business=members[places[0]] if places else None,
        pairs=tuple(told[:PAIRS_SHOWN]),
        pair=None if looked_at is None else told[order.index(looked_at)],
        meetings=() if looked_at is None else _meetings(members, pairs[looked_at], effects[:, looked_at]),
    )


def matrix_of(members: Sequence[Member], names: Sequence[str]) -> Floats:
    """The stored vectors as rows (n, f) as the model read them, NaN for missing."""
    rows = [[_cell(member.read.get(name)) for name in names] for member in members]
    return np.array(rows, dtype=np.float64).reshape(len(members), len(names))


def _effects(version: ModelVersion, members: Sequence[Member]) -> Floats:
    card = card_of(version)
    scale = POINTS_PER_LOG_ODDS * card.platt.slope
    return scale * pair_effects(pair_tables_of(version), matrix_of(members, card.names))


def _place(pairs: Sequence[tuple[str, str]], chosen: tuple[str, str] | None, order: Sequence[int]) -> int | None:
    if chosen is None:
        return order[0] if order else None
    for number, pair in enumerate(pairs):
        if set(pair) == set(chosen):
            return number
    raise InvalidInput("These two signals never meet in the model: choose another pair.", field="pair", rule="pair")


def _told(pair: tuple[str, str], mean: float, own: float | None) -> PairEffect:
    entries = catalogue.by_name()
    first, second = pair
    return PairEffect(
        first=first,
        first_title=entries[first].label,
        second=second,
        second_title=entries[second].label,
        mean_points=float(mean),
        own_points=None if own is None else float(own),
    )


def _meetings(members: Sequence[Member], pair: tuple[str, str], effects: Floats) -> tuple[Meeting, ...]:
    return tuple(
        Meeting(
            member.business_uuid, member.name, member.vector.get(pair[0]), member.vector.get(pair[1]), float(effect)
        )
        for member, effect in zip(members, effects.tolist(), strict=True)
    )


def _cell(value: float | None) -> float:
    return math.nan if value is None else value
