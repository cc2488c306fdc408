"""What a language needs so that every reason can be told in it: labels, advice, units and a few frames.

A reason reads "label: value", then the healthy firms' value, then what it does to the score. Values stand after
a colon on purpose: no case, gender or number of the value has to agree with the words around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Units:
    """Words around figures; every frame has one {value}."""

    lakh: str
    crore: str
    a_day: str
    day: str
    days: str
    per_return: str
    hours: str
    about: str
    fewer_than_one: str
    times_as_much: str
    hundredfold: str
    more: str
    less: str
    bits: str
    km: str
    yes: str
    no: str
    unknown: str


@dataclass(frozen=True)
class Language:
    """`labels` by feature; `advice` by the English advice; frames with named fields."""

    code: str
    name: str
    labels: Mapping[str, str]
    advice: Mapping[str, str]
    units: Units
    peers: str
    raises: str
    lowers: str
    unmoved: str
    missing: str
    estimated: str
    estimate: str
    why_estimated: str
    path: str
    no_path: str
    refusal: str
    refusal_end: str
