"""The strictest part of the tenant wall (decisions/0018, 0023): a business is asked for with a person.

While a request of somebody bound to a tenant is served, a query on `Business.objects` that never passed
`visible_to` or `of` raises, whatever else it says. `Business.register` is the deliberate way around it. What hangs on
a business, an organisation or a person is walled by `creditiq.kernel.wall`.
"""

from collections.abc import AsyncIterator, Iterator
from typing import Self, TypeVar

from django.db import models

from creditiq.kernel.wall import MARK, UnscopedQuery, is_bound, named

M = TypeVar("M", bound=models.Model)


class TenantQuerySet(models.QuerySet[M]):
    """Remembers whether it was narrowed to a tenant, and refuses to run when it must be and is not."""

    @property
    def is_scoped(self) -> bool:
        """The mark rests on the query, which every narrowing method of Django copies whole."""
        return bool(getattr(self.query, MARK, False))

    def scoped(self) -> Self:
        """The same rows, marked as narrowed; for the methods that narrow, and for the register."""
        return named(self)

    def _refuse_unscoped(self) -> None:
        if is_bound() and not self.is_scoped:
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

    def aggregate(self, *args: object, **kwargs: object) -> dict[str, object]:
        self._refuse_unscoped()
        return super().aggregate(*args, **kwargs)

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        self._refuse_unscoped()
        return super().iterator(chunk_size)

    def aiterator(self, chunk_size: int = 2000) -> AsyncIterator[M]:
        self._refuse_unscoped()
        return super().aiterator(chunk_size)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._refuse_unscoped()
        return super().delete()

    def update(self, **fields: object) -> int:
        self._refuse_unscoped()
        return super().update(**fields)
