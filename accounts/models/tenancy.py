"""The tenant wall inside a request (decisions/0018): who asks for a tenant must say for whom.

While a request of somebody bound to a tenant is served, a query on `Business.objects` that never passed
`visible_to` or `of` raises instead of answering. `Business.register` is the deliberate way around it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Self, TypeVar

from django.db import models

_bound: ContextVar[bool] = ContextVar("accounts.tenancy", default=False)
MARK = "tenant_is_named"
M = TypeVar("M", bound=models.Model)


class UnscopedQuery(AssertionError):
    """A programming error: rows of any tenant would have been read for somebody bound to one."""


@contextmanager
def request_of(*, bound: bool) -> Iterator[None]:
    """Serve one request; `bind` may follow when the person is known later (a bearer token)."""
    before = _bound.set(bound)
    try:
        yield
    finally:
        _bound.reset(before)


def bind() -> None:
    """From here to the end of the request, queries must be scoped."""
    _bound.set(True)


class TenantQuerySet(models.QuerySet[M]):
    """Remembers whether it was narrowed to a tenant, and refuses to run when it must be and is not."""

    @property
    def is_scoped(self) -> bool:
        """The mark rests on the query, which every narrowing method of Django copies whole."""
        return bool(getattr(self.query, MARK, False))

    def scoped(self) -> Self:
        """The same rows, marked as narrowed; for the methods that narrow, and for the register."""
        narrowed = self.all()
        setattr(narrowed.query, MARK, True)
        return narrowed

    def _refuse_unscoped(self) -> None:
        if _bound.get() and not self.is_scoped:
            raise UnscopedQuery(f"{self.model.__name__}.objects needs visible_to(user) or of(user) in a request")

    def _fetch_all(self) -> None:
        self._refuse_unscoped()
        super()._fetch_all()

    def count(self) -> int:
        self._refuse_unscoped()
        return super().count()

    def exists(self) -> bool:
        self._refuse_unscoped()
        return super().exists()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._refuse_unscoped()
        return super().iterator(chunk_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_unscoped()
        return super().delete()

    def update(self, **fields: object) -> int:
        self._refuse_unscoped()
        return super().update(**fields)
