"""What programs did with their keys: by day, by operation, by key."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet, Sum

from accounts.engine.latencies import percentile
from accounts.models import ApiKey, KeyUsage, User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible

MOST_DAYS = 90
CLIENT, SERVER = 4, 5


@dataclass(frozen=True)
class Tally:
    """Calls under one heading; percentiles are upper bounds in milliseconds, None without calls."""

    name: str
    calls: int
    client_errors: int
    server_errors: int
    p50_ms: int | None
    p95_ms: int | None
    p99_ms: int | None


@dataclass(frozen=True)
class UsedKey:
    """A key with its calls of the span."""

    key: ApiKey
    calls: int


@dataclass(frozen=True)
class Usage:
    """A span of days, both ends included, every day of it named."""

    since: date
    until: date
    total: Tally
    days: tuple[Tally, ...]
    operations: tuple[Tally, ...]
    keys: tuple[UsedKey, ...]
    key: ApiKey | None = None
    """The one key that was asked about."""


def usage(*, user: User, at: datetime, days: int = 30, key_id: UUID | None = None, oversees: bool = False) -> Usage:
    """Of one's keys, or of the tenant's for who `oversees`; of one of them when it is named. Raises NotVisible."""
    keys = ApiKey.objects.overseen_by(user) if oversees else ApiKey.objects.of(user)
    one = keys.filter(uuid=key_id).first() if key_id else None
    if key_id is not None:
        if one is None:
            raise NotVisible
        keys = keys.filter(pk=one.pk)
    until = at.astimezone(IST).date()
    since = until - timedelta(days=min(max(days, 1), MOST_DAYS) - 1)
    rows = KeyUsage.objects.filter(key__in=keys, day__range=(since, until))
    cells = _cells(rows)
    by_day = _grouped(cells, 0)
    span = [since + timedelta(days=number) for number in range((until - since).days + 1)]
    return Usage(
        since,
        until,
        _tally("", cells),
        tuple(_tally(str(day), by_day.get(str(day), [])) for day in span),
        tuple(sorted((_tally(*one) for one in _grouped(cells, 1).items()), key=lambda one: (-one.calls, one.name))),
        _used(keys, rows),
        one,
    )


Cell = tuple[str, str, int, int, int]
"""Day, operation, class, bound, calls."""


def _cells(rows: QuerySet[KeyUsage]) -> list[Cell]:
    summed = rows.order_by().values_list("day", "operation", "status", "bound").annotate(n=Sum("calls"))
    return [(str(day), operation, status, bound, calls) for day, operation, status, bound, calls in summed]


def _grouped(cells: Iterable[Cell], place: int) -> Mapping[str, list[Cell]]:
    groups: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[str(cell[place])].append(cell)
    return groups


def _tally(name: str, cells: Iterable[Cell]) -> Tally:
    bounds: Counter[int] = Counter()
    classes: Counter[int] = Counter()
    for _, _, status, bound, calls in cells:
        bounds[bound] += calls
        classes[status] += calls
    shares = [percentile(bounds, share) for share in (0.5, 0.95, 0.99)]
    return Tally(name, classes.total(), classes[CLIENT], classes[SERVER], *shares)


def _used(keys: QuerySet[ApiKey], rows: QuerySet[KeyUsage]) -> tuple[UsedKey, ...]:
    calls = dict(rows.order_by().values_list("key").annotate(n=Sum("calls")))
    found = keys.filter(pk__in=calls).select_related("user")
    return tuple(sorted((UsedKey(key, calls[key.pk]) for key in found), key=lambda one: (-one.calls, one.key.pk)))
