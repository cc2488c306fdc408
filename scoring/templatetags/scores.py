"""What pages draw of a score."""

from django import template

from scoring.engine.bands import SCORE_HIGH, Band
from scoring.models import ScoreRun
from scoring.selectors import bands_of

register = template.Library()


@register.inclusion_tag("components/dial.html")
def dial(run: ScoreRun, shown: object = None) -> dict[str, object]:
    """A number with its range on the scale, between the bands of the run's policy; `shown` when it is another number.

    `shown` has `score`, `low` and `high`, as what a what-if gives.
    """
    return {"shown": shown or run, "bands": bands_of(run).table}


@register.filter
def dial_tone(band: str) -> str:
    """The dial's class of a band."""
    return {"very_low_risk": "g", "low_risk": "f", "medium_risk": "w"}.get(band, "b")


@register.filter
def width(band: Band) -> int:
    """How far a band reaches on the scale; the best one ends at 900."""
    return band.high - band.low + (0 if band.high == SCORE_HIGH else 1)
