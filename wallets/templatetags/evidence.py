"""How kinds and formats of evidence are called on pages."""

from django import template

from wallets.models import FetchedPart
from wallets.selectors.connecting import part_label
from wallets.selectors.pages import FORMAT_LABELS

register = template.Library()


@register.filter
def kind_label(name: str) -> str:
    """The name people know a kind of record or a format by."""
    return FORMAT_LABELS.get(name, name)


@register.filter
def grouped(number: int | None) -> str:
    """A count as people read it: `119,906`; a dash for what is not known."""
    return "–" if number is None else f"{number:,}"


@register.filter(name="part_label")
def part_name(part: FetchedPart) -> str:
    """A fetched document as people call it: `GSTR-1 09/2026`."""
    return part_label(part)
