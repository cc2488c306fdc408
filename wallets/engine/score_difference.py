"""Why a score changed: every point of the difference is put down to one cause, and the parts sum exactly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wallets.engine.evidence import Evidence, StreamRow
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import Model
from wallets.engine.onchain_score import components_of

CAUSES = ("time", "prices", "activity", "holdings", "lists", "coverage", "ownership", "model")


@dataclass(frozen=True)
class Step:
    """What one cause changed, in unrounded points, and by parameter where it changed something."""

    cause: str
    points: float
    parts: tuple[tuple[str, float], ...]


def attribute(before: tuple[Evidence, Model], after: tuple[Evidence, Model]) -> tuple[Step, ...]:
    """Go from the earlier evidence to the later one cause after cause and score every stop.

    The order is fixed: time alone (age, fading), new prices, new activity, holdings, lists and registry, what sources
    covered, proofs of ownership, the model. The steps telescope, so they sum to the difference of the two estimates.
    """
    old, new = before[0], after[0]
    stops: list[tuple[Evidence, Model]] = [before]
    for changed in _stops(old, new):
        stops.append((changed, before[1]))
    stops.append((new, after[1]))
    parts = [_parts(*stop) for stop in stops]
    steps = zip(CAUSES, parts, parts[1:], strict=False)
    return tuple(_step(cause, earlier, later) for cause, earlier, later in steps)


def _stops(old: Evidence, new: Evidence) -> Sequence[Evidence]:
    passed = replace(old, as_of=new.as_of, streams=_carried(old, new.as_of))
    priced = replace(passed, prices=new.prices, tokens=new.tokens)
    active = replace(priced, transactions=new.transactions, transfers=new.transfers, logs=new.logs, health=new.health)
    held = replace(active, balances=new.balances)
    listed = replace(held, risks=new.risks, contracts=new.contracts)
    covered = replace(listed, streams=new.streams)
    return (passed, priced, active, held, listed, covered, replace(covered, wallets=new.wallets))


def _carried(old: Evidence, as_of: int) -> tuple[StreamRow, ...]:
    """What reached the moment of the old score is taken to reach the new one: passing time is no lost coverage."""
    return tuple(replace(row, until=as_of) if row.until >= old.as_of else row for row in old.streams)


def _parts(evidence: Evidence, model: Model) -> dict[str, float]:
    return {part.key: part.points for part in components_of(reconstruct(evidence), model)}


def _step(cause: str, earlier: dict[str, float], later: dict[str, float]) -> Step:
    keys = [*later, *(key for key in earlier if key not in later)]
    changes = [(key, later.get(key, 0.0) - earlier.get(key, 0.0)) for key in keys]
    moved = tuple((key, change) for key, change in changes if abs(change) > 1e-12)
    return Step(cause, sum(later.values()) - sum(earlier.values()), moved)
