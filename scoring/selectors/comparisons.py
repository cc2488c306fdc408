"""Two firms side by side, part by part: what makes one score higher than the other."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from scoring.engine.sentences.voice import ENGLISH, label, unit_of, value_in
from scoring.models import ScoreRun


@dataclass(frozen=True)
class ComparedPart:
    """One signal of both firms; `apart` = points of the second less those of the first."""

    feature: str
    title: str
    one_text: str
    other_text: str
    one_points: float
    other_points: float
    apart: float


@dataclass(frozen=True)
class Comparison:
    """base_apart + Σ apart of parts = points of the second less those of the first, before clipping and rounding."""

    one: ScoreRun
    other: ScoreRun
    base_apart: float
    parts: tuple[ComparedPart, ...]

    @property
    def same_model(self) -> bool:
        """Whether one version made both: only then do their parts mean the same."""
        made = [(run.model_version_id, run.answered_by) for run in (self.one, self.other)]
        return made[0] == made[1]


def comparison(*, user: User, one: UUID, other: UUID) -> Comparison:
    """The newest numbers of two businesses the person may see. Raises NotVisible."""
    first, second = _newest(user, one), _newest(user, other)
    names = dict.fromkeys((*first.contributions, *second.contributions))
    parts = sorted((_part(name, first, second) for name in names), key=lambda part: -abs(part.apart))
    return Comparison(first, second, (second.base_points or 0.0) - (first.base_points or 0.0), tuple(parts))


def _newest(user: User, business_id: UUID) -> ScoreRun:
    runs = ScoreRun.objects.visible_to(user).complete().filter(business__uuid=business_id).newest_first()
    run = runs.select_related("business", "model_version").defer("snapshot", "waterfall", "reasons").first()
    if run is None:
        raise NotVisible
    return run


def _part(name: str, one: ScoreRun, other: ScoreRun) -> ComparedPart:
    points = one.contributions.get(name, 0.0), other.contributions.get(name, 0.0)
    unit = unit_of(name)
    return ComparedPart(
        feature=name,
        title=label(name, ENGLISH),
        one_text=value_in(one.vector.get(name), unit, ENGLISH),
        other_text=value_in(other.vector.get(name), unit, ENGLISH),
        one_points=points[0],
        other_points=points[1],
        apart=points[1] - points[0],
    )
