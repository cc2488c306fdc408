"""Tables whose columns a person chooses: headings, cells, and below the table the chooser, the views and the file.

The list is the one of the page: its view names it (`page_for` of accounts.permissions).
"""

from collections.abc import Mapping

from django import template
from django.template.base import FilterExpression, Parser, Token
from django.template.context import RequestContext
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from accounts.models import SavedView
from accounts.permissions import signed_in
from accounts.selectors.lists import COLUMNS, Column, Listing, saved_views

register = template.Library()


class NoList(Exception):
    """The page shows a list that its view does not name."""


def listing_of(context: RequestContext) -> Listing[object]:
    """The list of the page being drawn. Raises NoList."""
    match = context.request.resolver_match
    listing = getattr(match.func, "listing", None) if match else None
    if not isinstance(listing, Listing):
        raise NoList(context.request.path)
    return listing


def _shown(context: RequestContext) -> Mapping[str, Column[object]]:
    return {column.key: column for column in listing_of(context).chosen(context.request.GET)}


@register.simple_tag(takes_context=True)
def heads(context: RequestContext) -> SafeString:
    """The headings of the chosen columns."""
    rows = ((" class=num" if column.numeric else "", column.title) for column in _shown(context).values())
    return format_html_join("", '<th scope="col"{}>{}</th>', rows)


@register.tag
def cell(parser: Parser, token: Token) -> "CellNode":
    """`{% cell "state" %}…{% endcell %}`: the cell of a column, where it is chosen; a second word is its class."""
    _tag, *words = token.split_contents()
    nodes = parser.parse(("endcell",))
    parser.delete_first_token()
    return CellNode([parser.compile_filter(word) for word in words], nodes)


class CellNode(template.Node):
    """One cell of a row."""

    def __init__(self, words: list[FilterExpression], nodelist: template.NodeList) -> None:
        self.words, self.nodelist = words, nodelist

    def render(self, context: template.Context) -> SafeString:
        """The cell with its label for narrow screens; the first column is the head of its card and needs none."""
        if not isinstance(context, RequestContext):
            raise NoList
        key, *classes = [word.resolve(context) for word in self.words]
        shown = _shown(context)
        if key not in shown:
            return SafeString("")
        column = shown[key]
        named = " ".join([*(["num"] if column.numeric else []), *classes])
        first = column is listing_of(context).columns[0]
        return format_html(
            "<td{}{}>{}</td>",
            format_html(' class="{}"', named) if named else "",
            "" if first else format_html(' data-label="{}"', column.title),
            self.nodelist.render(context),
        )


@register.simple_tag(takes_context=True)
def kept(context: RequestContext, *besides: str) -> SafeString:
    """Hidden fields of a GET form: the filters and columns of the address but those that the form asks for itself."""
    listing, given = listing_of(context), context.request.GET
    fields = {**listing.kept(given), COLUMNS: ",".join(given.getlist(COLUMNS))}
    rows = ((name, text) for name, text in fields.items() if text and name not in besides)
    return format_html_join("", '<input type="hidden" name="{}" value="{}">', rows)


@register.inclusion_tag("components/views.html", takes_context=True)
def views(context: RequestContext) -> dict[str, object]:
    """Below a list: the views one keeps of it, its columns to choose from, and its file. One query."""
    listing, given = listing_of(context), context.request.GET
    shown = {column.key for column in listing.chosen(given)}
    query, address = listing.query(given), reverse(listing.page)
    return {
        "page": listing.page,
        "address": address,
        "query": query,
        "first": listing.columns[0] if listing.columns else None,
        "columns": [(column, column.key in shown) for column in listing.columns[1:]],
        "kept": listing.kept(given),
        "saved": [(view, f"{address}?{view.query}", view.query == query) for view in _saved(context, listing)],
        "csrf_token": context.get("csrf_token"),
    }


def _saved(context: RequestContext, listing: Listing[object]) -> list[SavedView]:
    return list(saved_views(user=signed_in(context.request), page=listing.page))
