"""The tenant wall (decisions/0023): in a request of somebody bound to a tenant, a query must say whose rows it wants.

What a tenant owns is every model of ours from which foreign keys lead to a root (TENANT_ROOTS of the settings),
but for those that OF_THE_HOUSE names with the reason. A query on one names its tenant by the key of an owner or a
parent, by a sub-query that names it, or by the unique key of the very row (which its service judges by `require`).
A state, a date or no condition at all does not: such a query would list the rows of everybody, so it raises. What the
query cannot show is said by `named(queryset)`, or by the `scoped()` of a queryset: the explicit doors.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import TypeVar

from django.conf import settings
from django.db import models
from django.db.models.expressions import Col, ColPairs
from django.db.models.lookups import Exact, In
from django.db.models.sql import Query
from django.db.models.sql.where import AND, NothingNode, WhereNode

_bound: ContextVar[bool] = ContextVar("creditiq.wall", default=False)
MARK = "tenant_is_named"
Q = TypeVar("Q", bound="models.QuerySet[models.Model]")


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
    """From here to the end of the request, queries must name their tenant."""
    _bound.set(True)


def is_bound() -> bool:
    """Whether somebody bound to a tenant is being served."""
    return _bound.get()


def named(rows: Q) -> Q:
    """The same rows, marked: the caller judges the person, before or after, in a way the query does not show."""
    marked = rows.all()
    setattr(marked.query, MARK, True)
    return marked


def refuse_unnamed(query: Query) -> None:
    """Raise UnscopedQuery for a query on a tenant's rows that does not say whose, while somebody bound is served."""
    if _bound.get() and query.model is not None and is_owned(query.model) and not names_tenant(query):
        raise UnscopedQuery(f"a query on {query.model._meta.label} does not say whose rows it wants")


@cache
def is_owned(model: type[models.Model]) -> bool:
    """Whether rows of the model belong to a tenant: it is a root, or foreign keys lead from it to one."""
    return model._meta.label not in settings.OF_THE_HOUSE and _names_somebody(model)


@cache
def _names_somebody(model: type[models.Model]) -> bool:
    """Whether a key of this model says whose: also that of a root whose own rows are everybody's to list."""
    return _leads_to_root(model, frozenset())


def _leads_to_root(model: type[models.Model], passed: frozenset[type[models.Model]]) -> bool:
    label = model._meta.label
    if label in settings.TENANT_ROOTS:
        return True
    if label in settings.OF_THE_HOUSE or model._meta.app_label not in settings.TENANT_APPS:
        return False
    onwards = passed | {model}
    parents = {field.related_model for field in model._meta.concrete_fields if field.is_relation} - onwards
    return any(_leads_to_root(parent, onwards) for parent in parents if isinstance(parent, type))


def names_tenant(query: Query) -> bool:
    """Whether the query says whose rows it wants; what asks for no row at all does."""
    if getattr(query, MARK, False) or query.is_empty():
        return True
    if query.combinator:
        return all(names_tenant(part) for part in query.combined_queries)
    inner = getattr(query, "inner_query", None)  # of an aggregate over a sub-query
    return names_tenant(inner) if isinstance(inner, Query) else _narrows(query.where)


def _narrows(condition: object) -> bool:
    if isinstance(condition, WhereNode):
        parts = (_narrows(part) for part in condition.children)
        if condition.negated or not condition.children:
            return False
        return any(parts) if condition.connector == AND else all(parts)
    if isinstance(condition, NothingNode):
        return True
    if isinstance(condition, models.Exists):
        return names_tenant(condition.query)
    return isinstance(condition, (Exact, In)) and _compares_key(condition)


def _compares_key(condition: Exact | In) -> bool:
    """A column that says whose, held against a value, or any key against a sub-query that names its tenant."""
    if isinstance(condition.lhs, ColPairs):  # the row's own key, of several columns
        return _is_value(condition.rhs)
    if not isinstance(condition.lhs, Col):
        return False
    key = condition.lhs.target
    if isinstance(condition.rhs, Query):
        return (key.is_relation or key.unique) and names_tenant(condition.rhs)
    return _is_key(key) and _is_value(condition.rhs)


def _is_key(column: object) -> bool:
    """Whether it holds a key of a tenant's row: its own unique one, or that of an owner or a parent."""
    if not isinstance(column, models.Field):
        return False
    if column.is_relation:
        return isinstance(column.related_model, type) and _names_somebody(column.related_model)
    return column.unique and is_owned(column.model)


def _is_value(side: object) -> bool:
    """Given from outside; never another column of the same rows."""
    return side is not None and not hasattr(side, "resolve_expression")
