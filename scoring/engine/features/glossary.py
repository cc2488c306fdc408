"""The glossary of features in Markdown and as rows for JSON."""

from dataclasses import asdict
from itertools import groupby
from typing import Final

from scoring.engine.features.catalogue import MODEL_GRAIN, Entry, entries
from scoring.engine.features.lock import frames_of, statements

COLUMNS: Final = ("feature", "what it is", "unit", "window", "range", "risk when it grows", "can be acted on")
FOR_INFORMATION: Final = " For information: the model does not weigh it."
FAMILY_TITLES: Final = {
    "velocity": "Velocity",
    "cadence": "Cadence",
    "ratio": "Ratio and stability",
    "maturity": "Sparsity and maturity",
    "extended": "Extended",
    "reconciliation": "Reconciliation",
    "behaviour": "Behaviour and growth",
    "network": "Network and fraud",
}


FRAME_TITLES: Final = {
    "gst_invoices": "GST invoices",
    "gst_returns": "GST returns",
    "upi_payments": "UPI payments",
    "eway_bills": "e-way bills",
    "bank_entries": "bank entries",
    "network": "fraud screening",
}


def sources(entry: Entry) -> tuple[str, ...]:
    """The evidence a feature is measured from."""
    if entry.grain == MODEL_GRAIN:
        return ("the model",)
    read = frames_of(statements()[entry.grain])
    return tuple(FRAME_TITLES[frame] for frame in read if frame in FRAME_TITLES)


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
    told = f"**{entry.label}.** {entry.doc}{FOR_INFORMATION if entry.informative else ''}"
    cells = (f"`{entry.name}`", told, entry.unit.replace("_", " "), window, _range(entry), entry.risk, acted)
    return f"| {' | '.join(cells)} |"


def _range(entry: Entry) -> str:
    low = "" if entry.low is None else f"{entry.low:g}"
    high = "" if entry.high is None else f"{entry.high:g}"
    return f"{low} … {high}".strip() if low or high else ""
