"""Dials as a form shows them, and what was set on them: shares as per cent, log ratios as times."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scoring.engine.sentences.voice import label, value_in
from scoring.engine.what_if import Dial

UNITS = {"rupees": "₹", "rupees_per_day": "₹ a day", "share": "%", "log_ratio": "times", "days": "days"}
STEPS = 100
SLACK = 1e-6


@dataclass(frozen=True)
class ShownDial:
    """A slider with its number input. Figures are texts a number input takes; `error` is empty when all is well."""

    feature: str
    title: str
    unit: str
    low: str
    high: str
    step: str
    value: str
    now_text: str
    peer_text: str
    error: str


@dataclass(frozen=True)
class Setting:
    """What was asked of the dials: `values` in the features' own units, `errors` by feature."""

    values: Mapping[str, float]
    errors: Mapping[str, str]


def setting_of(dials: Sequence[Dial], asked: Mapping[str, str]) -> Setting:
    """Read a form. What equals the present value as shown was not moved; what is outside its range is an error."""
    values: dict[str, float] = {}
    errors: dict[str, str] = {}
    for dial in dials:
        text = asked.get(dial.feature, "").strip()
        if text in ("", _written(dial.now, dial)):
            continue
        value = _read(text, dial)
        if value is None:
            errors[dial.feature] = "Enter a number."
        elif not dial.low - SLACK * abs(dial.low) <= value <= dial.high + SLACK * abs(dial.high):
            low, high = _written(dial.low, dial), _written(dial.high, dial)
            errors[dial.feature] = f"Enter a value from {low} to {high}: more is not realistic in half a year."
        else:
            values[dial.feature] = min(max(value, dial.low), dial.high)
    return Setting(values, errors)


def shown_dials(
    dials: Sequence[Dial], asked: Mapping[str, str], setting: Setting, language: str
) -> tuple[ShownDial, ...]:
    """The form again, with what was asked."""
    return tuple(
        ShownDial(
            feature=dial.feature,
            title=label(dial.feature, language),
            unit=UNITS.get(dial.unit, ""),
            low=_written(dial.low, dial),
            high=_written(dial.high, dial),
            step=f"{(_shown(dial.high, dial) - _shown(dial.low, dial)) / STEPS:.6g}",
            value=asked.get(dial.feature) or _written(dial.now, dial),
            now_text=value_in(dial.now, dial.unit, language),
            peer_text=value_in(dial.peer, dial.unit, language),
            error=setting.errors.get(dial.feature, ""),
        )
        for dial in dials
    )


def _shown(value: float, dial: Dial) -> float:
    if dial.unit == "share":
        return 100.0 * value
    return math.exp(value) if dial.unit == "log_ratio" else value


def _written(value: float, dial: Dial) -> str:
    shown = _shown(value, dial)
    return f"{shown:.0f}" if abs(shown) >= 1000 else f"{shown:.2f}".rstrip("0").rstrip(".")


def _read(text: str, dial: Dial) -> float | None:
    try:
        shown = float(text.replace(",", ""))
    except ValueError:
        return None
    if not math.isfinite(shown) or (dial.unit == "log_ratio" and shown <= 0):
        return None
    if dial.unit == "share":
        return shown / 100.0
    return math.log(shown) if dial.unit == "log_ratio" else shown
