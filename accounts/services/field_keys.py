"""A new master key: every data key is wrapped anew; what rests under the data keys is not touched."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Model, QuerySet, Value, When

from accounts import audit
from accounts.models import User, Webhook
from creditiq.kernel.fields import KEY_COLUMN, master_keys, unwrap, wrap
from creditiq.kernel.sealing import MARK

HOLDERS: tuple[type[Model], ...] = (User, Webhook)
"""Every model with sealed fields."""
BATCH = 200


def rotate_field_keys(*, at: datetime, say: Callable[[int, int], None]) -> int:
    """Wrap every data key under the current master key; how many were under another.

    Stops anywhere without harm: each batch is committed, and the next run takes up what is left. `say(done, total)`
    is called after each batch. Raises Unreadable when an older master key is missing from FIELD_KEYS.
    """
    current = master_keys().current
    total, done = sum(_old(holder, current).count() for holder in HOLDERS), 0
    for holder in HOLDERS:
        while batch := _rotate_some(holder, list(_old(holder, current).values_list("pk", flat=True)[:BATCH])):
            done += batch
            say(done, total)
    if total:
        with transaction.atomic(durable=True):
            facts = {"key": current, "rows": done}
            audit.record("field_keys.rotated", target="data_key", at=at, payload=facts)
    return done


def _old(holder: type[Model], current: str) -> QuerySet[Model]:
    rows = holder._default_manager.exclude(data_key="")
    return rows.exclude(data_key__startswith=f"{MARK}{current}$").order_by("pk")


def _rotate_some(holder: type[Model], keys: list[int]) -> int:
    place = f"{holder._meta.label_lower}.{KEY_COLUMN}"
    with transaction.atomic(durable=True):
        rows = holder._default_manager.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
        wrapped = dict(rows.values_list("pk", KEY_COLUMN))
        anew = [When(pk=key, then=Value(wrap(unwrap(old, place=place), place=place))) for key, old in wrapped.items()]
        if anew:
            holder._default_manager.filter(pk__in=wrapped).update(data_key=Case(*anew))
    return len(wrapped)
