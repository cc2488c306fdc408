"""The glossary of features in Markdown and as rows for JSON."""

from dataclasses import asdict
from itertools import groupby
from typing import Final

from scoring.engine.features.catalogue import Entry, entries

COLUMNS: Final = ("feature", "what it is", "unit", "window", "range", "risk when it grows", "can be acted on")
FAMILY_TITLES: Final = {
    "velocity": "Velocity",
    "cadence": "Cadence",
    "ratio": "Ratio and stability",
    "maturity": "Sparsity and maturity",
    "extended": "Extended",
    "network": "Network and fraud",
}


def rows() -> list[dict[str, object]]:
    """Every feature as a mapping, in column order."""
    return [asdict(entry) for entry in entries()]


def markdown() -> str:
    """One table per family."""
    places = list(FAMILY_TITLES)
    ordered = sorted(entries(), key=lambda entry: places.index(entry.family))
    sections = [_section(family, list(group)) for family, group in groupby(ordered, key=lambda entry: entry.family)]
    return "# Features\n\nMissing is missing, never 0.\n\n" + "\n".join(sections)


def _section(family: str, found: list[Entry]) -> str:
    head = (
        "| feature | what it is | unit | window | range | risk when it grows | can be acted on |\n" + "|---" * 7 + "|"
    )
    lines = "\n".join(_line(entry) for entry in found)
    return f"## {FAMILY_TITLES[family]} ({len(found)})\n\n{head}\n{lines}\n"


def _line(entry: Entry) -> str:
    window = "" if entry.window_days is None else f"{entry.window_days} days"
    acted = "yes" if entry.actionable else "no"
    told = f"**{entry.label}.** {entry.doc}"
    cells = (f"`{entry.name}`", told, entry.unit.replace("_", " "), window, _range(entry), entry.risk, acted)
    return f"| {' | '.join(cells)} |"


def _range(entry: Entry) -> str:
    low = "" if entry.low is None else f"{entry.low:g}"
    high = "" if entry.high is None else f"{entry.high:g}"
    return f"{low} … {high}".strip() if low or high else ""
