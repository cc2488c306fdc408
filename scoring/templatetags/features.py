"""The words of the glossary beside a feature on any page."""

from django import template

from scoring.engine.features import catalogue

register = template.Library()


@register.filter
def feature_doc(name: str) -> str:
    """How a feature is measured; empty for one that a newer catalogue no longer has."""
    entry = catalogue.by_name().get(name)
    return entry.doc if entry else ""
