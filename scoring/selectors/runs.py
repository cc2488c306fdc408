"""Finding the run or the request that is meant."""

from datetime import datetime
from uuid import UUID

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from scoring.engine.estimating import estimates_from
from scoring.engine.features.catalogue import lock_digest
from scoring.models import ModelVersion, ScoreRequest, ScoreRun, ShareLink


def latest_run(business_id: int, *, at: datetime | None = None) -> ScoreRun | None:
    """The newest answer about a business, or the one a decision at `at` could have seen."""
    runs = ScoreRun.objects.of(business_id)
    known = runs if at is None else runs.known_at(at)
    return known.newest_first().select_related("business", "model_version", "consent", "policy_version").first()


def imputed_of(run: ScoreRun) -> dict[str, float]:
    """By feature what stood in for a missing value when the model read the run's row."""
    estimates = estimates_from(run.imputed)
    return {name: found.value for name, found in estimates.columns.items()} if estimates else {}


def run_before(run: ScoreRun) -> ScoreRun | None:
    """The newest number before this run's moment."""
    earlier = ScoreRun.objects.of(run.business_id).complete().filter(as_of__lt=run.as_of)
    return earlier.newest_first().first()


def visible_run(*, user: User, run_id: UUID) -> ScoreRun:
    """A run by its public id. Raises NotVisible."""
    runs = ScoreRun.objects.visible_to(user).select_related("business", "model_version", "consent", "policy_version")
    run = runs.filter(uuid=run_id).first()
    if run is None:
        raise NotVisible
    return run


def visible_request(*, user: User, task_id: UUID) -> ScoreRequest:
    """A request by its task id. Raises NotVisible."""
    requests = ScoreRequest.objects.visible_to(user).select_related("business", "run__model_version")
    request = (
        requests.select_related("run__consent", "run__policy_version", "run__business").filter(uuid=task_id).first()
    )
    if request is None:
        raise NotVisible
    return request


def champion_version() -> ModelVersion | None:
    """The version in service; None before the first training."""
    return ModelVersion.objects.serving().first()


def stand_in() -> ModelVersion | None:
    """The version whose points table answers because no model may; None while one serves, or none ever did."""
    serves = ModelVersion.objects.serving().exists()
    return None if serves else ModelVersion.objects.last_served().filter(lock=lock_digest()).first()


def share_links(business_id: int) -> list[ShareLink]:
    """The newest fifty links of a business, latest first."""
    links = ShareLink.objects.filter(run__business_id=business_id).select_related("run").defer("run__snapshot")
    return list(links.newest_first()[:50])
