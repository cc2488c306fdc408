"""From the parts of a score to reasons: what helped, what hurt, in points, in words, with the peers beside it.

The waterfall has every feature. Top reasons are led by the strongest feature of a topic, so that three
near-copies of turnover do not fill the list. A missing value is never told as behaviour: it is told as missing, or as
estimated where firms alike stand in for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from scoring.engine.columns import Column
from scoring.engine.estimating import Estimate
from scoring.engine.peers import Peers
from scoring.engine.scorecard import Assessment
from scoring.engine.sentences import en
from scoring.engine.sentences.numbers import value_text

RAISES_RISK = "increases_risk"
LOWERS_RISK = "decreases_risk"
MOST_REASONS = 5
NO_ESTIMATES: Mapping[str, Estimate] = MappingProxyType({})


@dataclass(frozen=True)
class Part:
    """One bar of the waterfall; value None is missing; points of either sign.

    `estimate` stands in for a missing value of a thin file, with the spread of the firms it was read from.
    """

    feature: str
    label: str
    risk: str
    value: float | None
    value_text: str
    peer: float | None
    peer_text: str
    points: float
    direction: str
    estimate: Estimate | None = None


@dataclass(frozen=True)
class Reason:
    """A topic's strongest feature in words. `code` is stable: the topic, `missing.<topic>` or `estimated.<topic>`.

    `repairable` when the value is known and its direction of risk too: then a better value moves the score.
    `behind_peers` when healthy firms do better: points may still be gained on the average firm.
    """

    code: str
    feature: str
    label: str
    direction: str
    points: float
    value: float | None
    value_text: str
    peer_text: str
    sentence: str
    advice: str
    repairable: bool
    behind_peers: bool
    together: tuple[str, ...]


def parts_of(
    columns: Sequence[Column],
    row: Sequence[float | None],
    assessment: Assessment,
    *,
    peers: Peers,
    sector: str,
    estimates: Mapping[str, Estimate] = NO_ESTIMATES,
) -> tuple[Part, ...]:
    """The waterfall of one row, strongest first; order of the catalogue among equals.

    `row` has what was measured, None where `estimates` stand in.
    """
    parts = [
        replace(_part(column, value, points, peers.median(column.name, sector)), estimate=estimates.get(column.name))
        for column, value, points in zip(columns, row, assessment.points, strict=True)
    ]
    return tuple(sorted(parts, key=lambda part: -abs(part.points)))


def _part(column: Column, value: float | None, points: float, peer: float | None) -> Part:
    return Part(
        feature=column.name,
        label=column.label,
        risk=column.risk,
        value=value,
        value_text=value_text(value, column.unit),
        peer=peer,
        peer_text=value_text(peer, column.unit),
        points=points,
        direction=LOWERS_RISK if points >= 0 else RAISES_RISK,
    )


def reasons_of(parts: Sequence[Part]) -> tuple[Reason, ...]:
    """All reasons, strongest first, one per topic and kind. `parts` as from `parts_of`."""
    groups: dict[str, list[Part]] = {}
    for part in parts:
        groups.setdefault(code_of(part), []).append(part)
    return tuple(_reason(code, group) for code, group in groups.items() if group[0].points)


def code_of(part: Part) -> str:
    """`estimated.<topic>` where firms alike stand in, `missing.<topic>` without a value, else the topic."""
    topic = en.topic_of(part.feature)
    if part.estimate is not None:
        return f"estimated.{topic}"
    return f"missing.{topic}" if part.value is None else topic


def top_reasons(reasons: Sequence[Reason]) -> tuple[Reason, ...]:
    """The five strongest that can be repaired; what is missing, or only a pattern, is told in the full list.

    A strength in which healthy firms are stronger comes only where the five are not filled without it.
    """
    told = [reason for reason in reasons if reason.repairable]
    chosen = sorted(told, key=lambda reason: reason.direction == LOWERS_RISK and reason.behind_peers)[:MOST_REASONS]
    return tuple(reason for reason in told if reason in chosen)


def _reason(code: str, group: Sequence[Part]) -> Reason:
    lead = group[0]
    return Reason(
        code=code,
        feature=lead.feature,
        label=lead.label,
        direction=lead.direction,
        points=lead.points,
        value=lead.value,
        value_text=lead.value_text,
        peer_text=lead.peer_text,
        sentence=_sentence(lead),
        advice="" if lead.value is None else en.advice(lead.feature),
        repairable=lead.value is not None and lead.risk != "neither",
        behind_peers=_behind_peers(lead),
        together=tuple(part.feature for part in group[1:]),
    )


def _sentence(part: Part) -> str:
    if part.estimate is not None:
        return en.estimated(part.label, points=part.points)
    if part.value is None:
        return en.missing(part.label, points=part.points)
    fact = en.fact_of(part.feature, part.label, value=part.value, value_text=part.value_text)
    return en.sentence(fact, peer=None if part.peer is None else part.peer_text, points=part.points)


def _behind_peers(part: Part) -> bool:
    """A known value that is worse than the healthy firms' median, by the feature's direction of risk."""
    if part.value is None or part.peer is None or part.risk == "neither":
        return False
    return part.value > part.peer if part.risk == "rises" else part.value < part.peer
