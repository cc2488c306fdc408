"""What people do with lists: keep a view of one, let it go, take one along as a file."""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.http import QueryDict
from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from accounts import audit
from accounts.models import Flag, SavedView, User
from accounts.permissions import Capability, require
from accounts.selectors.lists import Cell, Listing, own_view, saved_views
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible

MOST_VIEWS = 20
LONGEST_NAME = 60
LONGEST_QUERY = 2_000
LIVE = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How a text begins that a spreadsheet would run or break at."""


class TooManyViews(ApplicationError):
    """A person keeps as many views of a list as there may be."""

    code = "too_many_views"


def list_at(*, page: str, user: User) -> Listing[object]:
    """The list behind the name of an address, for whoever may open that page. Raises NotVisible, Forbidden."""
    try:
        view = resolve(reverse(page)).func
    except (NoReverseMatch, Resolver404) as error:
        raise NotVisible from error
    listing, capability = getattr(view, "listing", None), getattr(view, "capability", None)
    if not isinstance(listing, Listing) or not isinstance(capability, Capability):
        raise NotVisible
    require(user, capability)
    if listing.flag is not None and not Flag.objects.is_on(listing.flag):
        raise NotVisible
    return listing


def save_view(*, page: str, name: str, query: str, by: User, at: datetime) -> SavedView:
    """Keep filters and columns under a name; the same name again replaces what it stood for.

    What the list does not know is left out. A part of a page that refreshes by itself keeps views of the page.
    Raises NotVisible, Forbidden, InvalidInput, TooManyViews.
    """
    listing, called = list_at(page=page, user=by), " ".join(name.replace("\0", "").split())
    if not called or len(called) > LONGEST_NAME:
        words = f"Give the view a name of 1 to {LONGEST_NAME} letters."
        raise InvalidInput(words, field="name", rule="view.name")
    told = listing.query(QueryDict(query[:LONGEST_QUERY]))[:LONGEST_QUERY]
    with transaction.atomic(durable=True):
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        kept = saved_views(user=by, page=listing.page)
        if not kept.filter(name=called).exists() and kept.count() >= MOST_VIEWS:
            raise TooManyViews(f"You keep {MOST_VIEWS} views of this list. Delete one first.")
        saved, _made = SavedView.objects.update_or_create(
            person=by, page=listing.page, name=called, defaults={"query": told, "saved_at": at}
        )
        audit.record("view.saved", target=by, at=at, by=by, payload={"view": saved.uuid, "page": saved.page})
    return saved


def delete_view(*, view_id: UUID, by: User, at: datetime) -> SavedView:
    """Let go of a view of one's own. Raises NotVisible."""
    with transaction.atomic(durable=True):
        view = own_view(user=by, view_id=view_id)
        SavedView.objects.filter(person=by, pk=view.pk).delete()
        audit.record("view.deleted", target=by, at=at, by=by, payload={"view": view.uuid, "page": view.page})
    return view


def export_list(*, page: str, query: QueryDict, by: User, at: datetime) -> str:
    """A list as CSV: its filters and chosen columns; that it was taken along is on record.

    Where the list is longer than its file may be, the record and the last line of the file say so.
    Raises NotVisible, Forbidden.
    """
    listing = list_at(page=page, user=by)
    if not listing.columns:
        raise NotVisible
    sheet = listing.sheet(query, user=by, at=at)
    lines: list[Sequence[Cell]] = [sheet.headings, *sheet.rows]
    if sheet.truncated:
        lines.append([f"The list has more than these {len(sheet.rows):,} rows. Narrow its filters to see the others."])
    with transaction.atomic(durable=True):
        payload = {
            "list": listing.page,
            "columns": list(sheet.headings),
            "lines": len(sheet.rows),
            "truncated": sheet.truncated,
        }
        audit.record("list.exported", target=by, by=by, at=at, payload=payload)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_inert(cell) for cell in line] for line in lines)
    return out.getvalue()


def _inert(cell: Cell) -> Cell:
    """Texts stay texts in a spreadsheet, whatever a business calls itself."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(LIVE) else cell
