"""The 0–900 score of an evidence set: a pure function of its rows and the model (wallets.md §13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wallets.engine.evidence import Evidence
from wallets.engine.ledger import Ledger, reconstruct
from wallets.engine.onchain_model import Model
from wallets.engine.parameters.catalogue import PARAMETERS
from wallets.engine.parameters.reading import Reading, Rule
from wallets.engine.pricing import DAY

TOP = 900
COMPLETE, INSUFFICIENT, REPORT = "complete", "insufficient_evidence", "address_report"
WITHHELD, REVIEW = "withheld", "manual_review"
SANCTIONED, MIXER, DRAINER = "sanctioned", "mixer", "drainer"


@dataclass(frozen=True)
class Component:
    """One parameter of a score: the points it adds, and the least and most it could add, missing taken as 0 and 1."""

    number: int
    key: str
    name: str
    group: str
    weight: float
    bonus: bool
    median: float
    values: Mapping[str, float | None]
    score: float | None
    coverage: float
    points: float
    low: float
    high: float


@dataclass(frozen=True)
class Flag:
    """A listed address that the wallets are, or were paid by: which list of which date."""

    kind: str
    address: str
    list: str
    date: str


@dataclass(frozen=True)
class Score:
    """A score with what it rests on. `score`, `low`, `high` are None when no number may be given; `reason` says why.

    `estimate` is the unrounded sum of the components' points, for comparisons only.
    """

    status: str
    reason: str
    score: int | None
    low: int | None
    high: int | None
    coverage: float
    estimate: float
    as_of: int
    evidence_root: str
    model_version: str
    model_hash: str
    components: tuple[Component, ...]
    flags: tuple[Flag, ...]


def evaluate(evidence: Evidence, model: Model) -> Score:
    """Score an evidence set."""
    ledger = reconstruct(evidence)
    components = components_of(ledger, model)
    coverage = sum(part.weight * part.coverage for part in components) / 100
    flags = flags_of(ledger)
    status, reason = _status(ledger, model, coverage, flags)
    given = status == COMPLETE
    estimate = sum(part.points for part in components)
    return Score(
        status=status,
        reason=reason,
        score=whole(estimate) if given else None,
        low=whole(sum(part.low for part in components)) if given else None,
        high=whole(sum(part.high for part in components)) if given else None,
        coverage=round(coverage, 6),
        estimate=estimate,
        as_of=evidence.as_of,
        evidence_root=evidence.root,
        model_version=model.version,
        model_hash=model.hash,
        components=components,
        flags=flags,
    )


def whole(points: float) -> int:
    """Points as they are shown: half up, 0 to 900; float noise of a nanopoint never tips the rounding."""
    return min(TOP, max(0, int(round(points, 9) + 0.5)))


def components_of(ledger: Ledger, model: Model) -> tuple[Component, ...]:
    """The 24 parts of one ledger."""
    return tuple(_component(rule, PARAMETERS[rule.key](ledger, rule)) for rule in model.rules)


def _component(rule: Rule, reading: Reading) -> Component:
    """w · (c·s + (1−c)·m); a bonus parameter enters as max(s, m), so it lifts and never pulls down."""
    coverage = 0.0 if reading.score is None else min(1.0, max(0.0, reading.coverage))
    score = rule.median if reading.score is None else reading.score
    entered = max(score, rule.median) if rule.bonus else score
    scale = TOP * rule.weight / 100
    return Component(
        number=rule.number,
        key=rule.key,
        name=rule.name,
        group=rule.group,
        weight=rule.weight,
        bonus=rule.bonus,
        median=rule.median,
        values=reading.values,
        score=reading.score,
        coverage=coverage,
        points=scale * (coverage * entered + (1 - coverage) * rule.median),
        low=scale * coverage * entered,
        high=scale * (coverage * entered + (1 - coverage)),
    )


def flags_of(ledger: Ledger) -> tuple[Flag, ...]:
    """Lists that name a wallet itself, whom it dealt with or called, and mixers or drainers that paid it."""
    payers = {flow.other for flow in ledger.flows if flow.incoming}
    parties = {flow.other for flow in ledger.flows} | {row.recipient for row in ledger.outgoing} | ledger.own
    named = [
        row for row in ledger.evidence.risks
        if (row.kind == SANCTIONED and row.address in parties)
        or (row.kind in {MIXER, DRAINER} and row.address in payers | ledger.own)
    ]  # fmt: skip
    return tuple(sorted((Flag(row.kind, row.address, row.list, row.date) for row in named), key=_order))


def _order(flag: Flag) -> tuple[str, str, str, str]:
    return (flag.kind, flag.address, flag.list, flag.date)


def _status(ledger: Ledger, model: Model, coverage: float, flags: Sequence[Flag]) -> tuple[str, str]:
    """Hard flags first, then ownership, then whether the evidence carries a number."""
    kinds = {flag.kind for flag in flags}
    if SANCTIONED in kinds:
        return WITHHELD, "An address on a sanctions list is involved; a person decides."
    if kinds:
        return REVIEW, "Money came from a mixer or a drainer; a person looks at it first."
    if not all(row.verified for row in ledger.evidence.wallets) or not ledger.evidence.wallets:
        return REPORT, "The wallet is only watched. Prove that it is yours to get a personal score."
    return _sufficient(ledger, model, coverage)


def _sufficient(ledger: Ledger, model: Model, coverage: float) -> tuple[str, str]:
    first = min((row.at for row in ledger.outgoing), default=ledger.as_of)
    if len(ledger.outgoing) < model.fewest_transactions:
        return INSUFFICIENT, f"Fewer than {model.fewest_transactions} outgoing transactions."
    if ledger.as_of - first < model.youngest_days * DAY:
        return INSUFFICIENT, f"The first outgoing transaction is less than {model.youngest_days} days old."
    if coverage < model.fewest_coverage:
        return INSUFFICIENT, f"Less than {model.fewest_coverage:.0%} of what counts could be seen."
    return COMPLETE, ""
