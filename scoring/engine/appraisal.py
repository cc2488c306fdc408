"""The whole pure part of scoring: vectors in, answers with reasons and their canonical snapshot out.

Live scoring, population scoring and replay all come through here; a row gives the same bytes alone or among
others.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from creditiq.kernel.hashing import canonical_json
from scoring.engine.estimating import Estimates, Read, guarded, read_rows
from scoring.engine.explain import NO_ESTIMATES, Part, Reason, parts_of, reasons_of, top_reasons
from scoring.engine.paper_card import Card, PaperCard
from scoring.engine.permitted import shared_by
from scoring.engine.policy import ScoringPolicy
from scoring.engine.recourse import PathToPrime, path_to_prime
from scoring.engine.scorecard import Assessment, Score
from scoring.engine.sufficiency import NO_CONSENT, Record, Sufficiency, judge, withheld
from scoring.engine.turnover import Cell

Floats = NDArray[np.float64]

COMPLETE = "complete"
INSUFFICIENT = "insufficient_evidence"
MONTHS = "months_active_gst"
COVERAGE = "data_completeness_score"
WORDS = frozenset(("label", "use", "sentence", "advice", "value_text", "peer_text", "now_text", "goal_text"))


@dataclass(frozen=True)
class Subject:
    """Whom and as of when, by which consent, screening and policy; `rows` per stream, notes on measuring."""

    gstin: str
    sector: str
    deals_in_goods: bool
    as_of: datetime
    rows: Mapping[str, int]
    consent: str | None
    screening: int | None
    policy: int | None
    notes: tuple[str, ...] = ()
    state_code: str = ""
    size: str = ""

    @property
    def shared(self) -> tuple[str, ...]:
        """The kinds of evidence that an estimate may rest on."""
        return shared_by(self.notes, self.rows)

    @property
    def cell(self) -> Cell:
        """Whom its sales are compared with."""
        return Cell(self.sector, self.state_code, self.size)


@dataclass(frozen=True)
class Explanation:
    """A number with everything behind it; `estimates` of a thin file, None where every value is its own."""

    assessment: Assessment
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    path: PathToPrime | None
    estimates: Estimates | None


@dataclass(frozen=True)
class Appraisal:
    """One answer: `explanation` is None when evidence is insufficient. `snapshot` is what a replay must meet.

    The snapshot has numbers and codes and no sentence, label or reading of a number: words may be improved, and
    told in another language, without making another answer of it. `shown` has them, as they were when it was issued.
    `shared` are the kinds that an estimate may rest on.
    `without_amnesty` is the number that the same evidence gives without the amnesty in force; None while there is none.
    """

    status: str
    vector: Mapping[str, float | None]
    sufficiency: Sufficiency
    explanation: Explanation | None
    shown: Mapping[str, object] | None
    snapshot: bytes
    sha256: str
    without_amnesty: Score | None = None
    shared: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bench:
    """What appraises: a loaded card, its public version name, and the policy in force."""

    card: Card
    version: str
    policy: ScoringPolicy


def appraise(
    bench: Bench, subjects: Sequence[Subject], names: Sequence[str], matrix: Floats, relief: Floats | None = None
) -> list[Appraisal]:
    """One appraisal per subject; `matrix` (n, m) has the measured columns `names`, NaN for missing.

    `relief` has the same columns under the amnesty in force: a row counts where its number is the better one.
    """
    card = bench.card.under(bench.policy.bands)
    cells, shared = [subject.cell for subject in subjects], [subject.shared for subject in subjects]
    rows = card.complete(names, matrix, cells)
    plain: Sequence[Score | None] = [None] * len(subjects)
    if relief is not None:
        rows, plain = _relieved(card, rows, card.complete(names, relief, cells), shared)
    vectors = [_vector(card.names, row) for row in rows.tolist()]
    judged = [judge(_record(subject, vector), bench.policy) for subject, vector in zip(subjects, vectors, strict=True)]
    enough = [place for place, sufficiency in enumerate(judged) if sufficiency.enough]
    read = read_rows(card, rows[enough], [shared[place] for place in enough])
    explained = dict(
        zip(enough, _explain(card, [subjects[place] for place in enough], rows[enough], read), strict=True)
    )
    return [
        _sealed(
            bench,
            subject,
            vectors[place],
            Found(judged[place], explained.get(place), plain[place]),
        )
        for place, subject in enumerate(subjects)
    ]


def without_consent(bench: Bench, subject: Subject) -> Appraisal:
    """The answer when nothing may be read."""
    return _sealed(bench, subject, {}, Found(withheld(NO_CONSENT), None, None))


def _relieved(
    card: Card, rows: Floats, relief: Floats, shared: Sequence[Collection[str]]
) -> tuple[Floats, Sequence[Score]]:
    """The row with the better number of each pair, and the numbers without relief."""
    before = [assessment.score for assessment in read_rows(card, rows, shared).assess(card)]
    after = [assessment.score for assessment in read_rows(card, relief, shared).assess(card)]
    better = np.array([new.points > old.points for new, old in zip(after, before, strict=True)], dtype=np.bool_)
    return np.where(better[:, None], relief, rows), before


@dataclass(frozen=True)
class Found:
    """What was found about one subject; `plain` is the number without the amnesty in force."""

    sufficiency: Sufficiency
    explanation: Explanation | None
    plain: Score | None


def _explain(card: Card, subjects: Sequence[Subject], measured: Floats, read: Read) -> list[Explanation]:
    """By the `measured` rows, as the model `read` them."""
    if not subjects:
        return []
    explained: list[Explanation] = []
    told = zip(subjects, measured.tolist(), read.rows.tolist(), read.estimates, read.assess(card), strict=True)
    for subject, row, full, estimates, assessment in told:
        values = [None if math.isnan(cell) else cell for cell in row]
        standing_in = estimates.columns if estimates else NO_ESTIMATES
        own, sector = guarded(card, estimates), subject.sector
        parts = parts_of(own.columns, values, assessment, peers=card.peers, sector=sector, estimates=standing_in)
        path = path_to_prime(own, full, assessment.score, sector=sector)
        explained.append(Explanation(assessment, parts, reasons_of(parts), path, estimates))
    return explained


def _vector(names: Sequence[str], row: Sequence[float]) -> dict[str, float | None]:
    return {name: None if math.isnan(cell) else cell for name, cell in zip(names, row, strict=True)}


def _record(subject: Subject, vector: Mapping[str, float | None]) -> Record:
    return Record(
        months=int(vector.get(MONTHS) or 0),
        coverage=vector.get(COVERAGE) or 0.0,
        rows=subject.rows,
        deals_in_goods=subject.deals_in_goods,
    )


def _sealed(
    bench: Bench,
    subject: Subject,
    vector: Mapping[str, float | None],
    found: Found,
) -> Appraisal:
    explanation, sufficiency = found.explanation, found.sufficiency
    status = COMPLETE if explanation else INSUFFICIENT
    plain = found.plain if explanation else None
    answer = _answer(explanation)
    document = {
        "status": status,
        "subject": _whom(bench, subject),
        "model": _made_by(bench),
        "policy": bench.policy.document(),
        "vector": dict(vector),
        "sufficiency": wordless(asdict(sufficiency)),
        "answer": wordless(answer),
    }
    if explanation is not None and explanation.estimates is not None:
        document["imputed"] = explanation.estimates.document()
    if plain is not None:  # said only while an amnesty is in force, so that earlier snapshots stay what they are
        document["without_amnesty"] = asdict(plain)
    snapshot = canonical_json(document)
    sha256 = hashlib.sha256(snapshot).hexdigest()
    return Appraisal(status, vector, sufficiency, explanation, answer, snapshot, sha256, plain, subject.shared)


def _whom(bench: Bench, subject: Subject) -> dict[str, object]:
    """State and size are said where the version compares by them: earlier snapshots stay what they are."""
    told = asdict(subject)
    if bench.card.fitted.reference is None:
        del told["state_code"], told["size"]
    return told


def _made_by(bench: Bench) -> dict[str, object]:
    """The version; that its points table answered is said only where it did: earlier snapshots stay what they are."""
    told: dict[str, object] = {"version": bench.version, "digest": bench.card.digest, "lock": bench.card.lock}
    return {**told, "kind": "scorecard"} if isinstance(bench.card, PaperCard) else told


def wordless(value: object) -> object:
    """The same document without words.

    >>> wordless({"code": "filing", "sentence": "You file late.", "parts": [{"label": "x", "points": 1.0}]})
    {'code': 'filing', 'parts': [{'points': 1.0}]}
    """
    if isinstance(value, Mapping):
        return {name: wordless(inner) for name, inner in value.items() if name not in WORDS}
    if isinstance(value, list | tuple):
        return [wordless(inner) for inner in value]
    return value


def _answer(explanation: Explanation | None) -> dict[str, object] | None:
    if explanation is None:
        return None
    return {
        "score": asdict(explanation.assessment.score),
        "base_points": explanation.assessment.base_points,
        "parts": [_bar(part) for part in explanation.parts],
        "top_reasons": [reason.code for reason in top_reasons(explanation.reasons)],
        "reasons": [asdict(reason) for reason in explanation.reasons],
        "path": asdict(explanation.path) if explanation.path else None,
    }


def _bar(part: Part) -> dict[str, object]:
    """An estimate is said only where there is one: earlier snapshots stay what they are."""
    told = asdict(part)
    if part.estimate is None:
        del told["estimate"]
    return told
