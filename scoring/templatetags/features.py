"""The words of the glossary beside a feature on any page."""

from django import template
from django.utils.translation import get_language

from scoring.engine.features import catalogue
from scoring.engine.sentences import voice
from scoring.engine.sentences.voice import label, unit_of, value_in
from scoring.selectors import observed, spoken

register = template.Library()


@register.filter
def feature_doc(name: str) -> str:
    """How a feature is measured; empty for one that a newer catalogue no longer has."""
    entry = catalogue.by_name().get(name)
    return entry.doc if entry else ""


@register.filter
def called(name: str) -> str:
    """What a feature is called in the language of the page."""
    return label(name, spoken(get_language()))


@register.filter
def seen(part: dict[str, object]) -> str:
    """The value of a part of a score, or what stands in for it, in the language of the page."""
    return observed(part, spoken(get_language()))


@register.simple_tag
def why_estimated() -> str:
    """What estimates in a score are, in the language of the page."""
    return voice.why_estimated(spoken(get_language()))


@register.filter
def measured(value: float | None, name: str) -> str:
    """A value of a feature with its unit, in the language of the page."""
    return value_in(value, unit_of(name), spoken(get_language()))
