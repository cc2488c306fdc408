"""How long each kind of record is kept: dated rows of `retention.json` with their source."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Keeping:
    """One row: a kind of record and for how many days; `kept` rows are never deleted by a job (append-only)."""

    kind: str
    label: str
    days: int
    since: date
    source: str
    confirmed: bool
    kept: bool

    def before(self, at: datetime) -> datetime:
        """What is older than this may go."""
        return at - timedelta(days=self.days)


@cache
def schedule() -> tuple[Keeping, ...]:
    """Every row as shipped."""
    rows = json.loads((Path(__file__).parent / "retention.json").read_text(encoding="utf-8"))
    return tuple(
        Keeping(
            row["kind"],
            row["label"],
            row["days"],
            date.fromisoformat(row["from"]),
            row["source"],
            row["confirmed"],
            row.get("kept", False),
        )
        for row in rows
    )


def in_force(on: date) -> tuple[Keeping, ...]:
    """The newest row of each kind that holds on a day, in the order of the schedule.

    >>> [row.kind for row in in_force(date(2020, 1, 1))]
    ['kyc']
    """
    newest = {row.kind: row for row in sorted(schedule(), key=lambda row: row.since) if row.since <= on}
    return tuple(row for row in schedule() if newest.get(row.kind) is row)
