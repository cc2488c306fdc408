"""Cursor pages of the API: a position that never came from us is a missing page, not a database error."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from drf_spectacular.utils import inline_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from creditiq.kernel.errors import InvalidInput

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet
    from rest_framework.views import APIView

PAGE_SIZE = 50
AFTER, BEFORE = "a", "b"
GIVEN = "given"
"""Name of the order in which a selector gives its rows; `-given` turns it round."""
NOT_OURS = "Invalid cursor"
Shape = type[serializers.Serializer[object]]


def moment_position(text: str) -> datetime:
    """A position in a list ordered by time. Raises ValueError for anything else."""
    moment = parse_datetime(text)
    if moment is None or not is_aware(moment):
        raise ValueError("not a moment with a zone")
    return moment


class KeyedPages(CursorPagination):
    """Cursor pagination that checks the position with `reads` before it reaches the database."""

    page_size = PAGE_SIZE
    reads: Callable[[str], object] = staticmethod(moment_position)

    def get_ordering(self, request: Request, queryset: "QuerySet[Model]", view: "APIView | None") -> tuple[str, ...]:
        """The list's own order, or that turned round for `ordering=`. Raises InvalidInput for any other."""
        own = (self.ordering,) if isinstance(self.ordering, str) else tuple(self.ordering)
        return turned(own) if is_turned(request, own[0]) else own

    def decode_cursor(self, request: Request) -> Cursor | None:
        """DRF takes any text for a position; only what `reads` accepts is a cursor of ours."""
        cursor = super().decode_cursor(request)
        if cursor is None or cursor.position is None:
            return cursor
        try:
            self.reads(str(cursor.position))
        except ValueError as error:
            raise NotFound(self.invalid_cursor_message) from error
        return cursor


def is_turned(request: Request, first: str) -> bool:
    """Whether `ordering=` asks for the opposite of the column by which a list is ordered, `-` for descending.

    Only that column is allowed: any other would need an index of its own and a position in the cursor.
    """
    name = public(first)
    asked = request.query_params.get("ordering") or name
    if asked not in {name, public(turned((first,))[0])}:
        raise InvalidInput(
            f"Order this list by {name.lstrip('-')} or -{name.lstrip('-')}.", field="ordering", rule="ordering.unknown"
        )
    return asked != name


def turned(ordering: tuple[str, ...]) -> tuple[str, ...]:
    """Ascending for descending and the other way round."""
    return tuple(name[1:] if name.startswith("-") else f"-{name}" for name in ordering)


def public(column: str) -> str:
    """What a caller calls it: the key has one name."""
    return column.replace("pk", "id")


def page_of(shape: Shape) -> serializers.Serializer[object]:
    """How the description writes a page of these."""
    return inline_serializer(
        f"{shape.__name__.removesuffix('Out')}PageOut",
        fields={
            "next": serializers.URLField(allow_null=True),
            "previous": serializers.URLField(allow_null=True),
            "results": shape(many=True),
        },
    )


def in_pages(request: Request, rows: Iterable[object], shape: Shape, *, key: str = "id") -> Response:
    """One cursor page of rows that a selector read whole: a few hundred of one person, or of one thing.

    The cursor names the row before it by `key`, so that new rows shift nothing; without a key by its place, for rows
    that are never added to.
    """
    told = list(shape(list(rows), many=True).data)
    if is_turned(request, GIVEN):
        told.reverse()
    names = [str(row[key]) if key else str(place) for place, row in enumerate(told)]
    start, end = _span(request.query_params.get("cursor", ""), names)
    address = request.build_absolute_uri()
    following = _cursor(AFTER, names[end - 1]) if end < len(told) else None
    earlier = _cursor(BEFORE, names[start]) if start > 0 else None
    links = [None if one is None else replace_query_param(address, "cursor", one) for one in (following, earlier)]
    return Response({"next": links[0], "previous": links[1], "results": told[start:end]})


def _cursor(side: str, name: str) -> str:
    return urlsafe_b64encode(f"{side}{name}".encode()).decode()


def _span(cursor: str, names: list[str]) -> tuple[int, int]:
    """From where to where. Raises NotFound for a cursor that is not ours, or of a row that is gone."""
    if not cursor:
        return 0, min(PAGE_SIZE, len(names))
    try:
        written = urlsafe_b64decode(cursor.encode()).decode()
        place = names.index(written[1:])
    except ValueError as error:
        raise NotFound(NOT_OURS) from error
    if written[0] == BEFORE:
        return max(0, place - PAGE_SIZE), place
    return place + 1, min(place + 1 + PAGE_SIZE, len(names))
