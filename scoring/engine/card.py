"""The model card in Markdown: what a validator reads first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from scoring.engine.training import Trained
from scoring.engine.validation import Measures

MOST_LISTED = 15


@dataclass(frozen=True)
class Written:
    """A trained model with the words around it."""

    trained: Trained
    labels: Mapping[str, str]
    story: str
    lock: str
    importance: Mapping[str, float]


def card_text(written: Written) -> str:
    """The whole card."""
    return "\n".join(line for part in (_head, _validation, _assurance, _movers, _warnings) for line in part(written))


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
    yield f"90 % interval: holds the unseen member in {trained.spread.coverage:.1%} of last-period rows."
    yield from (f"Trees per member: {trained.rounds}. Features lock: `{written.lock}`.", "")


def _assurance(written: Written) -> Iterator[str]:
    found = written.trained.assurance
    intervals, stability = _rows(found["intervals"]), _rows(found["stability"])
    yield from ("## How sure the figures are", "", "95 % intervals over resampled businesses of the last period:", "")
    model, table = _rows(intervals["model"]), _rows(intervals["scorecard"])
    yield from _table(
        ("measure", "model", "points table"), [(name, _between(model[name]), _between(table[name])) for name in model]
    )
    yield f"Five retrainings with other seeds: AUC {stability['auc']}, range {stability['range']}."
    proxy, thin = _rows(found["proxy_rules"]), _rows(found["thin_file"])
    rules = len(_list(proxy["rules"]))
    yield f"Rules of thumb such as the source system labelled by ({rules} rules): AUC {_figure(proxy['auc'])}."
    figures = f"model {_figure(thin['model'])}, payments only {_figure(thin['payments_only'])}"
    yield f"Thin records ({thin['rows']} rows, {thin['defaults']} defaults): AUC of the {figures}; the payments-only"
    yield f"model is {'better' if thin['wins'] else 'no better'} there and does not serve."
    yield from ("", "## Segments of the last period", "")
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


def _between(bounds: object) -> str:
    low, high = _list(bounds)
    return f"{low} to {high}"


def _figure(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4f}" if isinstance(value, float) else "–" if value is None else str(value)


def _rows(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()
