"""The general tabular mode: a labelled file in, honest figures of both models out. Needs no database.

Import inside a function (xgboost).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scoring.engine.sample import LEAK_AUC, LeakFound, UnableToTrain
from scoring.engine.tabular.cells import Column, read_column
from scoring.engine.tabular.design import Design
from scoring.engine.tabular.figures import OutOfTime, Period, figures_of, out_of_time_figures
from scoring.engine.tabular.folds import Cut, cut_at_random, cut_by_column, periods_of
from scoring.engine.tabular.modelling import Answers, Setting, learn_and_ask
from scoring.engine.tabular.question import Question
from scoring.engine.tabular.reading import Sheet, read_sheet, resolve
from scoring.engine.tabular.screening import leaks, unusable
from scoring.engine.tabular.target import Target, read_target

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

LEAST_ROWS = 20
LEAST_OUTCOMES = 4


@dataclass(frozen=True)
class Material:
    """The labelled rows: columns that may teach, outcome, cut into folds, period of each row if any."""

    columns: tuple[Column, ...]
    target: Target
    cut: Cut
    period: Period | None
    dropped: dict[str, str]
    warnings: tuple[str, ...]


def study(question: Question) -> dict[str, object]:
    """rows, target_rate, model, scorecard (auc, ks, brier, ece, folds), out_of_time, warnings and more, for JSON.

    Raises UnableToRead for what the file lacks, UnableToTrain for too few rows, LeakFound with names.
    """
    started = time.monotonic()
    material = material_of(question)
    target = material.target.values
    setting = Setting(question.threads, question.seed)
    design = Design.of(material.columns, target, question.seed)
    model, scorecard, chosen = np.zeros(target.size), np.zeros(target.size), []
    for fold in range(len(material.cut.names)):
        ask, teach = np.flatnonzero(material.cut.fold == fold), np.flatnonzero(material.cut.fold != fold)
        answers = learn_and_ask(design, teach, ask, setting)
        model[ask], scorecard[ask] = answers.model, answers.scorecard
        chosen.append(answers.chosen)
    late = _out_of_time(material, design, setting)
    figures = (figures_of(target, chance, material.cut) for chance in (model, scorecard))
    alarms = late.alarms if late else ()
    return {
        "rows": int(target.size),
        "target_rate": float(target.mean()),
        "target": {"column": question.target, "bad": material.target.bad, "good": material.target.good},
        **dict(zip(("model", "scorecard"), figures, strict=True)),
        "out_of_time": late.document if late else None,
        "warnings": [*material.warnings, *alarms],
        "columns": {column.name: column.kind for column in material.columns},
        "left_out": material.dropped,
        "chosen": chosen,
        "seconds": round(time.monotonic() - started, 1),
    }


def material_of(question: Question) -> Material:
    """The file read, cleaned, screened and cut. Raises as `study` does."""
    sheet = read_sheet(question.path, target=question.target)
    names = {option: resolve(sheet.names, asked, option) for option, asked in _asked(question)}
    apart = {names["--target"], *names.values()} | {resolve(sheet.names, name, "--drop") for name in question.drop}
    target = read_target(names["--target"], sheet.column(names["--target"]))
    labelled = ~np.isnan(target.values)
    _refuse_few(target.values[labelled])
    sheet = replace(sheet, rows=[row for row, known in zip(sheet.rows, labelled, strict=True) if known])
    target = replace(target, values=target.values[labelled])
    warnings = [*sheet.warnings, *target.warnings]
    columns, dropped = _columns(sheet, apart, warnings)
    _refuse_leaks(columns, target.values, question)
    cut = _cut(sheet, target.values, question, names, warnings)
    period = None
    if "--time" in names:
        period, told = periods_of(names["--time"], sheet.column(names["--time"]), target.values)
        warnings += told
        columns, told = _after_the_time(columns, period)
        warnings += told
    return Material(columns, target, cut, period, dropped, tuple(warnings))


def _asked(question: Question) -> Sequence[tuple[str, str]]:
    options = (("--target", question.target), ("--time", question.time), ("--fold-column", question.fold_column))
    return [(option, asked) for option, asked in options if asked]


def _columns(sheet: Sheet, apart: set[str], warnings: list[str]) -> tuple[tuple[Column, ...], dict[str, str]]:
    kept: list[Column] = []
    dropped: dict[str, str] = {}
    for name in sheet.names:
        if name in apart:
            continue
        found, told = read_column(name, sheet.column(name))
        warnings += told
        for column in found:
            why = unusable(column, len(sheet.rows))
            if why is None:
                kept.append(column)
            else:
                dropped[column.name] = why
                warnings.append(f"{column.name}: {why}; left out")
    if not kept:
        raise UnableToTrain("no column is left to learn from: every other column is constant, empty or a key")
    return tuple(kept), dropped


def _refuse_few(target: Floats) -> None:
    bad = int(target.sum())
    if target.size < LEAST_ROWS or min(bad, target.size - bad) < LEAST_OUTCOMES:
        raise UnableToTrain(
            f"{target.size} labelled rows with {bad} bad outcomes are too few: at least {LEAST_ROWS} rows with "
            f"{LEAST_OUTCOMES} of each outcome are needed"
        )


def _refuse_leaks(columns: Sequence[Column], target: Floats, question: Question) -> None:
    found = [(name, area) for name, area in leaks(columns, target) if name not in question.keep]
    if found:
        told = "; ".join(f"{name} alone reaches AUC {area:.3f}" for name, area in found)
        again = " ".join(f'"{name}"' for name, _ in found)
        raise LeakFound(
            f"{told} (more than {LEAK_AUC}): what is known only after the outcome must not teach. "
            f"Run again with --drop {again}, or with --keep for what is truly known beforehand."
        )


def _cut(sheet: Sheet, target: Floats, question: Question, names: dict[str, str], warnings: list[str]) -> Cut:
    if "--fold-column" in names:
        name = names["--fold-column"]
        cut, told = cut_by_column(name, sheet.column(name), question.folds, question.seed)
    else:
        cut, told = cut_at_random(target, question.folds, question.seed)
    warnings += told
    for place, fold in enumerate(cut.names):
        rest = target[cut.fold != place]
        if min(rest.sum(), (1.0 - rest).sum()) < 2:
            raise UnableToTrain(f"fold {fold}: the other folds have a single outcome, so nothing can be learnt for it")
        mine = target[cut.fold == place]
        if mine.min() == mine.max():
            warnings.append(f"fold {fold}: a single outcome, so it has no AUC or KS")
    return cut


def _after_the_time(columns: tuple[Column, ...], period: Period) -> tuple[tuple[Column, ...], list[str]]:
    """Other dates as days before the row's own time, so that they do not age; dates after it are told."""
    if not period.dated:
        return columns, []
    kept, told = [], []
    for column in columns:
        if column.dated and column.numbers is not None:
            before = period.moment - column.numbers
            late = float(np.mean(before[~np.isnan(before)] < 0)) if (~np.isnan(before)).any() else 0.0
            if late > 0.5:
                told.append(f"{column.name}: lies after the time of the row in {late:.0%} of rows; was it known then?")
            kept.append(replace(column, numbers=before))
        else:
            kept.append(column)
    return tuple(kept), told


def _out_of_time(material: Material, design: Design, setting: Setting) -> OutOfTime | None:
    period = material.period
    if period is None or period.cut is None:
        return None
    teach, ask = period.split()
    answers: Answers = learn_and_ask(design, teach, ask, setting)
    return out_of_time_figures(material.columns, material.target.values, period, answers)
