"""The model card in Markdown: what a validator reads first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoring.engine.oracle import NEAR
from scoring.engine.training import DRIFT_ALARM, Trained
from scoring.engine.validation import Measures

MOST_LISTED = 15
WATCH = 0.10
VOICES = {
    "model": "model",
    "scorecard": "points table",
    "proxy_rules": "rules of the source system",
    "oracle": "oracle of the simulation",
}


@dataclass(frozen=True)
class Written:
    """A trained model with the words around it."""

    trained: Trained
    labels: Mapping[str, str]
    story: str
    lock: str
    importance: Mapping[str, float]
    masked: Mapping[str, object] | None = None


def card_text(written: Written) -> str:
    """The whole card."""
    parts = (_head, _validation, _comparison, _assurance, _estimates, _segments, _movers, _drift, _leaks, _warnings)
    return "\n".join(line for part in parts for line in part(written))


def _head(written: Written) -> Iterator[str]:
    recipe = written.trained.recipe
    yield from ("# Model card", "", written.story, "")
    yield f"Bag of {recipe.folds} gradient-boosted models (depth {recipe.depth}, monotone constraints, missing values"
    yield "native), averaged margins, Platt calibration on out-of-fold margins. Score = 660 + 40·log2(odds/30)."
    yield from ("", "Recipe and trees were chosen on inner folds of the development rows.", "")


def _validation(written: Written) -> Iterator[str]:
    trained = written.trained
    yield from ("## Validation", "")
    yield "Every reported row is scored by a member that never saw its business; the last period also by none"
    yield "that saw an outcome later than its first day (embargo of 12 months). The champion is then grown on all rows."
    yield ""
    yield from _table(
        ("sample", "rows", "default rate", "AUC", "Gini", "KS", "Brier", "ECE"),
        [
            _line("development, unseen businesses", trained.model),
            _line("last period, unseen businesses", trained.out_of_time),
            _line("points table, development", trained.challenger.model),
            _line("points table, last period", trained.challenger.out_of_time),
        ],
    )
    yield f"90 % interval: holds the unseen member in {trained.spread.coverage:.1%} of last-period rows, in"
    yield f"{trained.thin_spread.coverage:.1%} of those of thin records (their factor {trained.thin_spread.factor:.2f}"
    yield f"against {trained.spread.factor:.2f}). The points table's own interval holds"
    yield f"{trained.challenger.width.coverage:.1%}."
    yield from (f"Trees per member: {trained.rounds}. Features lock: `{written.lock}`.", "")


def _comparison(written: Written) -> Iterator[str]:
    found = written.trained.assurance
    yield from (
        "## Compared on the same rows of the last period",
        "",
        "In brackets 95 % over resampled businesses.",
        "",
    )
    compared = _rows(found["comparison"])
    measured = ("auc", "ks", "brier", "ece")
    rows = [
        (
            VOICES[name],
            *(f"{_figure(_rows(told)[key])} ({_between(_bounds(told, key))})" for key in measured),
            _figure(_rows(told)["pr_auc"]),
        )
        for name, told in compared.items()
    ]
    yield from _table(("who tells", "AUC", "KS", "Brier", "ECE", "PR-AUC"), rows)
    if "oracle" in compared:
        yield "The oracle reads the simulation's hidden health and liquidity of the same firms, learnt on other firms."
        yield f"The model is {_figure(found['oracle_gap'])} AUC behind it (bar {NEAR}; below zero is ahead)."
    else:
        yield "No oracle: only a simulated world knows the hidden state of its firms."
    yield from ("The rules of the source system start at 0.5 and add:", "")
    yield from (*(f"* {rule}" for rule in _list(_rows(found["proxy_rules"])["rules"])), "")


def _assurance(written: Written) -> Iterator[str]:
    found = written.trained.assurance
    stability, thin = _rows(found["stability"]), _rows(found["thin_file"])
    yield from ("## Stability and thin records", "")
    yield f"Five retrainings with other seeds: AUC {stability['auc']}, range {stability['range']}."
    figures = f"model {_figure(thin['model'])}, payments only {_figure(thin['payments_only'])}"
    yield f"Thin records ({thin['rows']} rows, {thin['defaults']} defaults): AUC of the {figures}; the payments-only"
    yield f"model is {'better' if thin['wins'] else 'no better'} there and does not serve."
    yield from ("", "## Reliability", "", "Tenths of the last period by the chance told, and what came:", "")
    reliability = _rows(found["reliability"])
    for name in ("model", "scorecard"):
        yield from (f"{VOICES[name].capitalize()}:", "")
        yield from _told(reliability[name], ("rows", "told", "came"))


def _estimates(written: Written) -> Iterator[str]:
    found = written.masked
    if found is None:
        return
    yield from ("## Thin GST files, estimated from the UPI record", "")
    yield f"{found['firms']} mature firms of the last period with rich UPI records, none of them among the fitted ones,"
    yield "with their GST block masked. Their score without it is off the score of the full evidence by"
    yield f"{_whole(found['score_error_before'])} points, with estimates by {_whole(found['score_error_after'])}."
    yield f"The 90 % interval holds the score of the full evidence in {_share(found['coverage_before'])} before"
    yield f"(half width {_whole(found['half_width_before'])} points) and in {_share(found['coverage_after'])} after"
    yield f"(half width {_whole(found['half_width_after'])} points)."
    yield ""
    rows = [
        (
            f"`{_rows(row)['feature']}`",
            _short(_rows(row)["error"]),
            _short(_rows(row)["median_error"]),
            _share(_rows(row)["held"]),
        )
        for row in _list(found["columns"])
    ]
    yield from _table(("column", "mean error", "of the median", "90 % of the spread holds"), rows)


def _segments(written: Written) -> Iterator[str]:
    found = written.trained.assurance
    yield from ("## Segments of the last period", "")
    yield from _told(found["segments"], ("kind", "group", "rows", "target_rate", "auc", "ks", "ece", "scorecard_auc"))
    yield from ("## Fairness of approving from 650 upwards", "")
    yield "Groups are never inputs. AIR below 0.80 against the largest group is flagged for a person to look at."
    yield ""
    columns = ("kind", "group", "rows", "approved", "air", "equal_opportunity_gap", "told", "came", "flagged")
    yield from _told(found["fairness"], columns)


def _movers(written: Written) -> Iterator[str]:
    leaders = sorted(written.importance.items(), key=lambda pair: -pair[1])[:MOST_LISTED]
    yield from ("## What moves the score", "")
    rows = [(f"{written.labels[name]} (`{name}`)", f"{effect:.1f}") for name, effect in leaders]
    yield from _table(("feature", "mean effect, points"), rows)


def _drift(written: Written) -> Iterator[str]:
    yield from ("## Drift of every feature", "")
    yield "PSI between development and the last period: below 0.10 stable, to 0.25 watch, above act."
    yield ""
    moved = sorted(written.trained.drift.items(), key=lambda pair: -pair[1])
    rows = [(f"`{name}`", f"{index:.3f}", _state(index)) for name, index in moved]
    yield from _table(("feature", "PSI", "state"), rows)


def _state(index: float) -> str:
    return "stable" if index < WATCH else "watch" if index <= DRIFT_ALARM else "act"


def _leaks(written: Written) -> Iterator[str]:
    alone = _rows(written.trained.assurance["strongest_column"])
    yield from ("## Leak detectors", "")
    yield "Training stops with a column's name when it alone orders the outcome too well, when its evidence is undated,"
    yield "or when it changes as evidence from after its date is taken away. None of them stopped this training."
    if alone["feature"]:
        beyond = f"beyond {alone['limit']} training stops"
        yield f"Strongest column alone: `{alone['feature']}`, AUC {_figure(alone['auc'])}; {beyond}."
    yield ""


def _warnings(written: Written) -> Iterator[str]:
    yield from ("## Warnings", "", *([f"* {warning}" for warning in written.trained.warnings] or ["None."]), "")


def _line(sample: str, measures: Measures) -> tuple[str, ...]:
    figures = (measures.auc, measures.gini, measures.ks, measures.brier, measures.ece)
    return sample, str(measures.rows), f"{measures.target_rate:.2%}", *(f"{figure:.4f}" for figure in figures)


def _told(found: object, columns: Sequence[str]) -> Iterator[str]:
    rows = [tuple(_figure(_rows(row)[column]) for column in columns) for row in _list(found)]
    yield from _table(tuple(column.replace("_", " ") for column in columns), rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(columns)} |"
    yield f"|{'---|' * len(columns)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _bounds(told: object, measure: str) -> object:
    return _rows(_rows(told)["intervals"])[measure]


def _between(bounds: object) -> str:
    low, high = _list(bounds)
    return f"{low} to {high}"


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4f}" if isinstance(value, float) else "–" if value is None else str(value)


def _whole(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _short(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) and abs(value) < 1000 else f"{float(str(value)):,.0f}"


def _share(value: object) -> str:
    return f"{value:.1%}" if isinstance(value, float) else str(value)


def _rows(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
