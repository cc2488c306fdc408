"""Cursor pages of the API: a position that never came from us is a missing page, not a database error."""

from collections.abc import Callable
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_aware
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request


def moment_position(text: str) -> datetime:
    """A position in a list ordered by time. Raises ValueError for anything else."""
    moment = parse_datetime(text)
    if moment is None or not is_aware(moment):
        raise ValueError("not a moment with a zone")
    return moment


class KeyedPages(CursorPagination):
    """Cursor pagination that checks the position with `reads` before it reaches the database."""

    page_size = 50
    reads: Callable[[str], object] = staticmethod(moment_position)

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
