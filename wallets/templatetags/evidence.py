"""How kinds and formats of evidence are called on pages."""

from django import template

from wallets.selectors.pages import FORMAT_LABELS

register = template.Library()


@register.filter
def kind_label(name: str) -> str:
    """The name people know a kind of record or a format by."""
    return FORMAT_LABELS.get(name, name)
