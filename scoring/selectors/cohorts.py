"""Many scores at once, for the analyst's explorer."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import Business, User
from scoring.engine.features import catalogue
from scoring.models import ScoreRun
from scoring.selectors.runs import imputed_of

COHORT_SIZE = 1000
SUGGESTIONS = 12


@dataclass(frozen=True)
class Member:
    """One firm of a cohort: its newest number with vector and contributions by feature name.

    `version` is whose model made it; empty where the points table answered. `imputed` stood in for missing values.
    """

    business_uuid: UUID
    name: str
    sector: str
    score: int
    band: str
    vector: dict[str, float | None]
    contributions: dict[str, float]
    version: str = ""
    imputed: Mapping[str, float] = field(default_factory=dict)

    @property
    def read(self) -> dict[str, float | None]:
        """The vector as the model read it: with what stood in for missing values."""
        return {**self.vector, **self.imputed}


@dataclass(frozen=True)
class Cohort:
    """The newest numbers the person may see, highest first; `total` counts those beyond the limit too."""

    members: tuple[Member, ...]
    total: int
    by_band: dict[str, int]


def _newest(user: User) -> QuerySet[ScoreRun]:
    newest = ScoreRun.objects.visible_to(user).complete().latest_of_each()
    return ScoreRun.objects.filter(pk__in=newest.values("pk"))


def cohort(*, user: User, band: str = "") -> Cohort:
    """The newest number of every visible business, of one band when named."""
    rows = _newest(user).select_related("business", "model_version")
    rows = rows.defer(
        "waterfall", "reasons", "snapshot", "gaps", "path", "model_version__metrics", "model_version__card"
    )
    runs = list(rows.order_by("-score", "pk")[: 4 * COHORT_SIZE])
    counts: dict[str, int] = {}
    for run in runs:
        counts[run.band] = counts.get(run.band, 0) + 1
    chosen = [run for run in runs if not band or run.band == band]
    return Cohort(tuple(_member(run) for run in chosen[:COHORT_SIZE]), len(chosen), counts)


def _member(run: ScoreRun) -> Member:
    return Member(
        business_uuid=run.business.uuid,
        name=str(run.business),
        sector=run.business.sector,
        score=run.score or 0,
        band=run.band,
        vector=run.vector,
        contributions=run.contributions,
        version="" if run.from_table else run.model_version.version,
        imputed=imputed_of(run),
    )


def suggestions(*, user: User, text: str) -> list[Business]:
    """Visible businesses whose name or GSTIN holds `text`."""
    found = Business.objects.visible_to(user).filter(
        Q(trade_name__icontains=text) | Q(legal_name__icontains=text) | Q(gstin__istartswith=text)
    )
    return list(found.order_by("trade_name", "pk")[:SUGGESTIONS])


def cohort_csv(cohort: Cohort) -> str:
    """Business, sector, score, band and the points of every feature; no name, so that nothing starts a formula."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["business", "sector", "score", "band", *catalogue.names()])
    for member in cohort.members:
        points = (f"{member.contributions.get(name, 0.0):.4f}" for name in catalogue.names())
        rows.writerow([member.business_uuid, member.sector, member.score, member.band, *points])
    return text.getvalue()
