"""A firm's scores in the order of time, with what happened meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import Business, EvidenceKind, User
from creditiq.kernel.errors import NotVisible
from scoring.models import ScoreRun
from scoring.selectors.policies import AmnestyWindow, amnesty_windows
from wallets import selectors as wallet_selectors

MOST_POINTS = 60
Filing = wallet_selectors.Filing


@dataclass(frozen=True)
class Point:
    """One number with its interval; `effects` in points by feature; `events` as the history tells them."""

    as_of: datetime
    score: int
    low: int
    high: int
    effects: Mapping[str, float]
    model: str
    policy: int | None


@dataclass(frozen=True)
class Chronicle:
    """The newest numbers, oldest first; the returns filed or due from the first of them on; amnesties ever in force.

    No returns are told to somebody whom no live consent lets read them.
    """

    name: str
    points: tuple[Point, ...]
    filings: tuple[Filing, ...]
    windows: tuple[AmnestyWindow, ...]


def chronicle(*, user: User, business_id: UUID, at: datetime) -> Chronicle:
    """What became of a firm whose score the person may see. Raises NotVisible."""
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    runs = ScoreRun.objects.visible_to(user).of(business.pk).complete().newest_first()
    rows = runs.select_related("model_version", "policy_version").defer(
        "vector", "waterfall", "reasons", "snapshot", "path", "gaps", "model_version__metrics", "model_version__card"
    )
    points = tuple(_point(run) for run in reversed(list(rows[:MOST_POINTS])))
    ground = wallet_selectors.grounds(user=user, business=business, at=at)
    told = points and EvidenceKind.GST_RETURNS in ground.kinds
    since = points[0].as_of if points else at
    filings = wallet_selectors.filings(business_id=business.pk, ground=ground, since=since, at=at) if told else ()
    return Chronicle(str(business), points, filings, amnesty_windows())


def _point(run: ScoreRun) -> Point:
    score = run.score or 0
    policy = run.policy_version.version if run.policy_version else None
    low, high = run.low or score, run.high or score
    return Point(run.as_of, score, low, high, run.contributions, run.model_name, policy)
