"""Fairness: what validation found on the last period, and how approvals fall today, by group. Groups are no inputs."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from accounts.models import User
from creditiq.kernel.states import state_name
from scoring.engine.assurance import LEAST_AIR
from scoring.models import ModelVersion, ScoreRun

KINDS = ("sector", "size", "state", "constitution")
FIELDS = ("sector", "size", "state_code", "constitution")
APPROVABLE = ("very_low_risk", "low_risk")
"""Fairness is judged on a decision: approve from the low-risk band upwards."""
LEAST_FIRMS = 10


@dataclass(frozen=True)
class GroupToday:
    """One group of today's newest numbers; `air` against the kind's largest group, None where that approves nobody."""

    kind: str
    group: str
    firms: int
    approved: float
    air: float | None
    flagged: bool


@dataclass(frozen=True)
class FairnessPage:
    """`validated` are rows of the version's assurance, empty before it was measured; `today` by kind, largest first.

    Today's rows go by each run's own band, so by the cut-offs of its policy.
    """

    version: str
    validated: tuple[dict[str, object], ...]
    today: tuple[GroupToday, ...]
    firms: int

    @property
    def flagged(self) -> int:
        """Groups of either side that a person should look at."""
        return sum(bool(row.get("flagged")) for row in self.validated) + sum(row.flagged for row in self.today)


def fairness_page(*, user: User) -> FairnessPage:
    """Of the model in service, and of every business the person may see."""
    version = ModelVersion.objects.serving().defer("card").first()
    newest = ScoreRun.objects.visible_to(user).complete().latest_of_each()
    rows = ScoreRun.objects.filter(pk__in=newest.values("pk"))
    firms = list(rows.values_list(*(f"business__{field}" for field in FIELDS), "band"))
    return FairnessPage(
        version=version.version if version else "",
        validated=tuple(_validated(version)) if version else (),
        today=tuple(group for place, kind in enumerate(KINDS) for group in _today(kind, place, firms)),
        firms=len(firms),
    )


def _validated(version: ModelVersion) -> Iterator[dict[str, object]]:
    assurance = version.metrics.get("assurance")
    rows = assurance.get("fairness") if isinstance(assurance, dict) else None
    for row in rows or ():
        if isinstance(row, dict):
            yield (
                row | {"kind": "state", "group": state_name(int(row["group"]))} if row["kind"] == "state_code" else row
            )


def _today(kind: str, place: int, firms: list[tuple[object, ...]]) -> Iterator[GroupToday]:
    counts: Counter[str] = Counter()
    approvals: Counter[str] = Counter()
    for firm in firms:
        group = firm[place]
        name = state_name(group) if isinstance(group, int) else str(group)
        counts[name] += 1
        approvals[name] += firm[-1] in APPROVABLE
    known = ((name, size, approvals[name]) for name, size in counts.items() if size >= LEAST_FIRMS)
    large = sorted(known, key=lambda row: (-row[1], row[0]))
    if not large:
        return
    reference = large[0][2] / large[0][1]
    for name, size, approved in large:
        ratio = approved / size / reference if reference else None
        yield GroupToday(kind, name, size, approved / size, ratio, ratio is not None and ratio < LEAST_AIR)
