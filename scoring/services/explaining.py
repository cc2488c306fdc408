"""What a stored answer says when it is asked further: recourse, what-if, reasons of a refusal, why it changed.

Everything is computed on the version that made the answer, from the vector it stored; nothing is written.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from accounts.selectors import live_consent, platform
from creditiq.kernel.clock import micros
from creditiq.kernel.errors import ApplicationError, InvalidInput
from scoring.engine.difference import Difference, Parted, Way, difference
from scoring.engine.estimating import Estimate, Estimates, estimates_from, estimates_of, filled, guarded
from scoring.engine.explain import NO_ESTIMATES, Reason, parts_of, reasons_of
from scoring.engine.faithfulness import adverse_reasons
from scoring.engine.paper_card import Card
from scoring.engine.permitted import Floats
from scoring.engine.plans import Plan, plan_for
from scoring.engine.scorecard import Assessment
from scoring.engine.standing import percentile
from scoring.engine.what_if import Dial, Trial, UnableToTry, attempt, dials_of
from scoring.models import RunStatus, ScoreRun
from scoring.services.cards import answering
from scoring.services.dossiers import completed_row, policy_of, standing_again
from scoring.services.measuring import measure_one


class NoNumber(ApplicationError):
    """The answer carries no number, so there is nothing to explain or to change."""

    code = "no_number"


class UnableToCompare(ApplicationError):
    """Two answers that cannot be compared, or evidence that may no longer be read."""

    code = "unable_to_compare"


@dataclass(frozen=True)
class Explored:
    """A number on its loaded card: the row it was made of, NaN for missing, with the estimates of a thin file in it.

    The card guards them: none can be acted on, and they widen the interval.
    """

    card: Card
    row: tuple[float, ...]
    sector: str
    estimates: Mapping[str, Estimate]

    @property
    def values(self) -> list[float | None]:
        """What was measured, None for missing and for estimated."""
        return [
            None if math.isnan(cell) or name in self.estimates else cell
            for name, cell in zip(self.card.names, self.row, strict=True)
        ]


def explored(run: ScoreRun) -> Explored:
    """The run's card and row. Raises NoNumber, BrokenModel."""
    if run.status != RunStatus.COMPLETE:
        raise NoNumber("There is no number to explain yet: more evidence is needed first.")
    card = answering(run.model_version, run.answered_by).under(policy_of(run.policy_version).bands)
    row = np.array([_cell(run.vector.get(name)) for name in card.names], dtype=np.float64)
    return _explored(card, row, run.business.sector, estimates_from(run.imputed))


def _explored(card: Card, row: Floats, sector: str, estimates: Estimates | None) -> Explored:
    """A measured row (f,) on its card, with the estimates that stand in for some of it."""
    if estimates is None:
        return Explored(card, tuple(row.tolist()), sector, NO_ESTIMATES)
    full: list[float] = filled(card.names, row, estimates).tolist()
    return Explored(guarded(card, estimates), tuple(full), sector, estimates.columns)


def plan_of(run: ScoreRun) -> Plan | None:
    """The smallest realistic changes that reach the next band; None in the top band. Raises NoNumber, BrokenModel."""
    on = explored(run)
    return plan_for(on.card, on.row, sector=on.sector)


def dials(run: ScoreRun) -> tuple[Dial, ...]:
    """What a person may turn in a what-if. Raises NoNumber, BrokenModel."""
    on = explored(run)
    return dials_of(on.card, on.row, sector=on.sector)


def try_out(run: ScoreRun, wanted: Mapping[str, float]) -> Trial:
    """The score with `wanted` values of actionable features. Raises InvalidInput naming the feature, NoNumber."""
    on = explored(run)
    try:
        return attempt(on.card, on.row, wanted)
    except UnableToTry as refused:
        raise InvalidInput(f"{refused.feature}: {refused}", field=refused.feature, rule="what_if.range") from refused


def refusal_reasons(run: ScoreRun) -> tuple[Reason, ...]:
    """At most four reasons that an adverse decision may name, each proven on the model. Raises NoNumber."""
    on = explored(run)
    assessment = on.card.assess(_matrix(on.row))[0]
    peers, sector = on.card.peers, on.sector
    parts = parts_of(on.card.columns, on.values, assessment, peers=peers, sector=sector, estimates=on.estimates)
    return adverse_reasons(on.card, on.row, reasons_of(parts), sector=on.sector)


def percentiles(run: ScoreRun) -> dict[str, int]:
    """Where each known value stands among healthy firms, in per cent below it. Raises NoNumber."""
    on = explored(run)
    found = {
        name: percentile(value, on.card.peers.quantiles(name, on.sector))
        for name, value in zip(on.card.names, on.values, strict=True)
    }
    return {name: share for name, share in found.items() if share is not None}


def compare_runs(first: ScoreRun, second: ScoreRun, *, at: datetime) -> Difference:
    """Why `second` differs from `first`, the earlier one of the same business. Raises UnableToCompare, NoNumber.

    The first evidence is read again, under the consent of its time, which must still be live at `at`.
    """
    if first.business_id != second.business_id:
        raise UnableToCompare("Two scores of different businesses have no common history.")
    if first.as_of > second.as_of:
        first, second = second, first
    earlier, later = explored(first), explored(second)
    if earlier.card.names != later.card.names:
        raise UnableToCompare("The two models do not weigh the same signals.")
    if live_consent(business_id=first.business_id, organisation_id=platform().pk, at=at) is None:
        raise UnableToCompare("The evidence of the first score may no longer be read: its consent has ended.")
    before = answering(first.model_version, first.answered_by)
    way = Way(
        first=_parted(before, earlier),
        bare=_parted(before, _bare(first, earlier, before)),
        aged=_parted(before, _measured(first, second.as_of, before)),
        renewed=_parted(before, _bare(second, later, before)),
        eased=_parted(before, later),
        second=_parted(later.card, later),
    )
    return difference(way, first=first.score or 0, second=second.score or 0)


def _bare(run: ScoreRun, on: Explored, card: Card) -> Explored:
    """The row without the amnesty that was in force; the row itself where there was none."""
    return on if run.score_without_amnesty is None else _measured(run, run.as_of, card)


def _measured(run: ScoreRun, at: datetime, card: Card) -> Explored:
    """The row of what was known at the run's moment, as it reads `at` that or a later one, without an amnesty."""
    standing = standing_again(run)
    if standing.network is None:
        raise UnableToCompare("One of the scores was made without evidence.")
    known = {name: _as_known(table, run.as_of) for name, table in standing.evidence.items()}
    row = completed_row(standing, measure_one(known, standing.network, at), card)
    return _explored(card, row, standing.business.sector, estimates_of(card, row, standing.shared))


def _as_known(table: pa.Table, at: datetime) -> pa.Table:
    """A return that was filed after `at` was not yet filed when the first score was made."""
    if "filed_at" not in table.column_names:
        return table
    filed = table["filed_at"]
    seen = pc.if_else(pc.less_equal(filed, micros(at)), filed, pa.scalar(None, filed.type))
    return table.set_column(table.column_names.index("filed_at"), "filed_at", seen)


def _parted(card: Card, on: Explored) -> Parted:
    assessment: Assessment = card.assess(_matrix(on.row))[0]
    values = dict(zip(on.card.names, on.values, strict=True))
    return Parted(assessment.base_points, dict(zip(card.names, assessment.points, strict=True)), values)


def _matrix(row: tuple[float, ...]) -> Floats:
    return np.array([row], dtype=np.float64)


def _cell(value: float | None) -> float:
    return math.nan if value is None else value
