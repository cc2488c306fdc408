"""How figures, times and names are written on pages: the Indian way, in Indian time, masked by default."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils.dates import MONTHS_3
from django.utils.translation import get_language, gettext, gettext_noop

from creditiq.kernel import speech
from creditiq.kernel.clock import IST
from creditiq.kernel.money import format_inr, group_indian, short_inr

register = template.Library()
NOTHING = "—"
MINUS = "\N{MINUS SIGN}"
Figure = Decimal | int | float | str | None

BANDS = {
    "very_low_risk": (gettext_noop("Very low risk"), "good"),
    "low_risk": (gettext_noop("Low risk"), "fair"),
    "medium_risk": (gettext_noop("Medium risk"), "warn"),
    "high_risk": (gettext_noop("High risk"), "bad"),
    "held": (gettext_noop("Held"), "bad"),
    "insufficient_evidence": (gettext_noop("Not enough evidence"), "neutral"),
}
NO_BAND = (gettext_noop("No score"), "neutral")


def _decimal(value: Figure) -> Decimal | None:
    """Floats pass through their shortest text, so 0.1 stays 0.1; nothing, and not a number, have no figure."""
    if value is None or value == "":
        return None
    figure = Decimal(str(value))
    return figure if figure.is_finite() else None


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


@register.filter
def inr(value: Figure, places: int = 0) -> str:
    """Rupees in full: `₹ 12,34,567`."""
    figure = _decimal(value)
    return NOTHING if figure is None else format_inr(figure, places)


@register.filter
def grouped(count: int) -> str:
    """A count in Indian grouping: `12,34,567`."""
    return group_indian(str(count))


@register.filter
def inr_short(value: Figure) -> str:
    """Rupees in lakh and crore: `₹ 12.34 lakh`."""
    figure = _decimal(value)
    return NOTHING if figure is None else speech.scaled(short_inr(figure))


@register.filter
def points(value: Figure) -> str:
    """Whole points with their sign: `+34`, `−21`, `0`."""
    figure = _decimal(value)
    if figure is None:
        return NOTHING
    whole = int(_rounded(figure, 0))
    return f"{MINUS}{-whole}" if whole < 0 else f"{'+' if whole else ''}{whole}"


@register.filter
def percent(value: Figure, places: int = 0) -> str:
    """A share between 0 and 1 as a percentage: `82 %`."""
    figure = _decimal(value)
    if figure is None:
        return NOTHING
    return f"{_rounded(figure * 100, places):f} %".replace("-", MINUS)


@register.filter
def words(code: str) -> str:
    """A code as words: `food_grains` is `food grains`."""
    return code.replace("_", " ")


@register.filter
def mask_gstin(gstin: str) -> str:
    """State, first letters and the tail; the PAN inside stays covered: `29AB•••••34F1Z5`."""
    return f"{gstin[:4]}{'•' * 5}{gstin[9:]}" if len(gstin) == 15 else "•" * len(gstin)


@register.filter
def ist(moment: datetime | None, pattern: str = "%d %b %Y, %H:%M") -> str:
    """A moment as a clock in India shows it: `20 Nov 2026, 16:12`, the month in the language of the page."""
    if not moment:
        return NOTHING
    here = moment.astimezone(IST)
    if get_language() != "en":
        pattern = pattern.replace("%b", str(MONTHS_3[here.month]))
    return here.strftime(pattern)


@register.filter
def band_label(band: str) -> str:
    """What a band is called on a page."""
    return gettext(BANDS.get(band, NO_BAND)[0])


@register.filter
def band_tone(band: str) -> str:
    """Tone of the badge of a band."""
    return BANDS.get(band, NO_BAND)[1]


@register.filter
def told(text: object) -> str:
    """Words that come from Python, in the language of the page."""
    return speech.told(str(text)) if text else ""


@register.filter
def all_told(texts: Iterable[object]) -> list[str]:
    """The same for a list, before it is joined."""
    return [told(text) for text in texts]
