"""What the pages of scores show."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from accounts.models import Business, User
from creditiq.kernel.errors import NotVisible
from scoring.engine.features import catalogue
from scoring.engine.features.glossary import FAMILY_TITLES, sources
from scoring.models import ModelVersion, ScoreRequest, ScoreRun
from scoring.selectors.cohorts import Cohort, cohort, suggestions
from scoring.selectors.reports import ScoreReport, score_report
from scoring.selectors.runs import champion_version, latest_run, run_before


@dataclass(frozen=True)
class ReportPage:
    """The owner's report: `run` and `report` are None before the first score; `waiting` while one is on its way."""

    business: Business
    run: ScoreRun | None
    report: ScoreReport | None
    before: ScoreRun | None
    waiting: bool

    @property
    def coverage_percent(self) -> int:
        """Share of the expected evidence that was seen, in whole per cent."""
        return round(100 * self.run.coverage) if self.run else 0

    @property
    def change(self) -> int | None:
        """Points since the number before; None when there is nothing to compare."""
        if self.run is None or self.run.score is None or self.before is None or self.before.score is None:
            return None
        return self.run.score - self.before.score


@dataclass(frozen=True)
class Term:
    """A feature and the evidence it is measured from."""

    entry: catalogue.Entry
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Glossary:
    """Features by family, in the order of the families; `family` is the one asked for, empty for all."""

    family: str
    families: tuple[tuple[str, str], ...]
    groups: tuple[tuple[str, tuple[Term, ...]], ...]
    count: int


@dataclass(frozen=True)
class ExplorerPage:
    """One firm beside its cohort. `run` is None when nobody was found."""

    cohort: Cohort
    run: ScoreRun | None
    found: tuple[Business, ...]
    version: ModelVersion | None


def glossary(family: str) -> Glossary:
    """What every feature is, of one family or of all; a family that is none filters nothing."""
    asked = family if family in FAMILY_TITLES else ""
    shown = [name for name in FAMILY_TITLES if asked in ("", name)]
    groups = tuple((FAMILY_TITLES[name], tuple(_terms(name))) for name in shown)
    return Glossary(asked, tuple(FAMILY_TITLES.items()), groups, sum(len(terms) for _, terms in groups))


def _terms(family: str) -> Iterator[Term]:
    return (Term(entry, sources(entry)) for entry in catalogue.entries() if entry.family == family)


def report_page(business: Business) -> ReportPage:
    """Everything on the report of a business the person may see."""
    run = latest_run(business.pk)
    return ReportPage(
        business=business,
        run=run,
        report=score_report(run) if run else None,
        before=run_before(run) if run else None,
        waiting=ScoreRequest.objects.waiting().filter(business=business).exists(),
    )


def visible_business(*, user: User, business_id: UUID) -> Business:
    """A business by its public id. Raises NotVisible."""
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    return business


def explorer_page(*, user: User, business_id: UUID | None, band: str, text: str) -> ExplorerPage:
    """The cohort, the firm asked for (else the first found, else the middle of the cohort), and the model."""
    members = cohort(user=user, band=band)
    found = tuple(suggestions(user=user, text=text)) if text else ()
    return ExplorerPage(members, _chosen(user, business_id, found, members), found, champion_version())


def _chosen(user: User, business_id: UUID | None, found: tuple[Business, ...], members: Cohort) -> ScoreRun | None:
    uuid = business_id or next((business.uuid for business in found), None)
    if uuid is None and members.members:
        uuid = members.members[len(members.members) // 2].business_uuid
    if uuid is None:
        return None
    runs = ScoreRun.objects.visible_to(user).complete().filter(business__uuid=uuid).newest_first()
    return runs.select_related("business", "model_version", "policy_version").first()
