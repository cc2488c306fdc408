"""Cutting rows into folds to report on, and into a development and a last period."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scoring.engine.tabular.cells import blanked, read_column
from scoring.engine.tabular.figures import Period
from scoring.engine.tabular.reading import UnableToRead

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

MOST_FOLDS = 20
LATE_SHARE = 0.2
LEAST_OF_EACH = 5


@dataclass(frozen=True)
class Cut:
    """Fold of each row, an index into `names`."""

    fold: Integers
    names: tuple[str, ...]


def cut_at_random(target: Floats, folds: int, seed: int) -> tuple[Cut, list[str]]:
    """Stratified folds; fewer than asked when an outcome is too rare."""
    if folds < 2:
        raise UnableToRead("--folds: at least 2 are needed, so that what is reported was not learnt from")
    rarest = int(min(target.sum(), (1.0 - target).sum()))
    used = max(2, min(folds, rarest // 2))
    told = [f"{used} folds instead of {folds}: the rarer outcome has {rarest} rows"] if used < folds else []
    return Cut(stratified(target, used, seed + 1), tuple(str(number) for number in range(used))), told


def stratified(target: Floats, folds: int, seed: int) -> Integers:
    """Fold of each row, each with its part of both outcomes."""
    chance = np.random.default_rng(seed)
    fold = np.zeros(target.size, dtype=np.int64)
    for value in (0.0, 1.0):
        rows = np.flatnonzero(target == value)
        fold[chance.permutation(rows)] = (np.arange(rows.size) + (0 if value else folds // 2)) % folds
    return fold


def cut_by_column(name: str, cells: Sequence[str], folds: int, seed: int) -> tuple[Cut, list[str]]:
    """A fold per value of the column; with very many values they are groups, spread over `folds` whole.

    Raises UnableToRead for a column of one value.
    """
    values = blanked(cells).fill_null("(missing)").to_list()
    names = sorted(set(values), key=lambda value: (len(value), value))
    if len(names) < 2:
        raise UnableToRead(f"--fold-column {name}: the column has one value; it needs one per fold.")
    if len(names) <= MOST_FOLDS:
        return Cut(_places(values, names), tuple(names)), []
    if folds < 2:
        raise UnableToRead("--folds: at least 2 are needed, so that what is reported was not learnt from")
    placed = [str(_hashed(value, seed) % folds) for value in values]
    spread = sorted(set(placed))
    told = f"{name}: {len(names)} values; they were taken as groups and spread over {len(spread)} folds whole"
    return Cut(_places(placed, spread), tuple(spread)), [told]


def periods_of(name: str, cells: Sequence[str], target: Floats) -> tuple[Period, list[str]]:
    """When each row was, and where the last period begins: about a fifth of the rows, whole moments.

    Raises UnableToRead when the column holds no order of time.
    """
    columns, _ = read_column(name, cells)
    column = columns[0]
    if column.codes is not None:
        raise UnableToRead(
            f"--time {name}: neither dates nor numbers{_strange(cells)}. Write dates as 2026-04-30, or periods as "
            "202604."
        )
    moment = column.values()
    missing = int(np.isnan(moment).sum())
    told = [f"{name}: {missing} row(s) without a time are in the folds and not in the last period"] if missing else []
    cut = _last_period(moment, target)
    if cut is None:
        told.append(f"{name}: no cut leaves both outcomes before and after it, so there is no out-of-time figure")
    return Period(name, moment, cut, column.dated), told


def _strange(cells: Sequence[str]) -> str:
    """The first cell without a digit, else the first of all, with the row it is in."""
    known = [(row, cell) for row, cell in enumerate(blanked(cells).to_list(), start=1) if cell is not None]
    row, cell = next(((row, cell) for row, cell in known if not any(map(str.isdigit, cell))), known[0])
    return f", such as {cell!r} in row {row} after the header"


def _last_period(moment: Floats, target: Floats) -> float | None:
    """First moment of the last period."""
    known = moment[~np.isnan(moment)]
    possible = [
        start for start in np.unique(known)[1:] if _both(target[moment < start]) and _both(target[moment >= start])
    ] if np.unique(known).size <= 400 else _tried(moment, target)  # fmt: skip
    if not possible:
        return None
    return float(min(possible, key=lambda start: abs(float(np.mean(known >= start)) - LATE_SHARE)))


def _tried(moment: Floats, target: Floats) -> list[float]:
    """Cuts worth trying among very many moments."""
    cuts = np.quantile(moment[~np.isnan(moment)], [0.8, 0.75, 0.7, 0.85, 0.6], method="higher")
    return [float(cut) for cut in cuts if _both(target[moment < cut]) and _both(target[moment >= cut])]


def _both(target: Floats) -> bool:
    return bool(min(target.sum(), (1.0 - target).sum()) >= LEAST_OF_EACH)


def _places(values: Sequence[str], names: Sequence[str]) -> Integers:
    places = {name: place for place, name in enumerate(names)}
    return np.array([places[value] for value in values], dtype=np.int64)


def _hashed(value: str, seed: int) -> int:
    return int.from_bytes(hashlib.sha256(f"{seed}:{value}".encode()).digest()[:8], "big")
