"""Reading the files of a version: rows, numbers and quantiles out of plain JSON."""

from scoring.engine.artefacts import BrokenArtefacts
from scoring.engine.peers import Peers, Quantiles


def rows_of(value: object) -> list[dict[str, object]]:
    """A list of objects. Raises BrokenArtefacts."""
    if not isinstance(value, list):
        raise BrokenArtefacts("a list of objects was expected")
    return value


def numbers_of(value: object) -> list[list[float]]:
    """Rows of numbers, null as NaN. Raises BrokenArtefacts."""
    if not isinstance(value, list):
        raise BrokenArtefacts("rows of numbers were expected")
    return [[float("nan") if cell is None else float(cell) for cell in row] for row in value]


def floats_of(value: object) -> dict[str, float]:
    """An object of numbers. Raises BrokenArtefacts."""
    if not isinstance(value, dict):
        raise BrokenArtefacts("an object of numbers was expected")
    return {name: float(number) for name, number in value.items()}


def peers_of(document: dict[str, object]) -> Peers:
    """Quantiles by sector and feature. Raises BrokenArtefacts."""
    table: dict[str, dict[str, Quantiles]] = {}
    for sector, features in document.items():
        if not isinstance(features, dict):
            raise BrokenArtefacts("peers.json must hold features by sector")
        table[sector] = {name: tuple(values) if values else None for name, values in features.items()}
    return Peers(table)
