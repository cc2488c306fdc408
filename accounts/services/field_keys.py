"""A new master key: every data key is wrapped anew; what rests under the data keys is not touched."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User
from creditiq.kernel.fields import master_keys, unwrap, wrap
from creditiq.kernel.sealing import MARK

PLACE = "accounts.user.data_key"
BATCH = 200


def rotate_field_keys(*, at: datetime, say: Callable[[int, int], None]) -> int:
    """Wrap every data key under the current master key; how many were under another.

    Stops anywhere without harm: each batch is committed, and the next run takes up what is left. `say(done, total)`
    is called after each batch. Raises Unreadable when an older master key is missing from FIELD_KEYS.
    """
    current = master_keys().current
    old = User.objects.exclude(data_key="").exclude(data_key__startswith=f"{MARK}{current}$")
    total, done = old.count(), 0
    while batch := _rotate_some(list(old.order_by("pk").values_list("pk", flat=True)[:BATCH])):
        done += batch
        say(done, total)
    if total:
        with transaction.atomic(durable=True):
            facts = {"key": current, "rows": done}
            audit.record("field_keys.rotated", target=PLACE, at=at, payload=facts)
    return done


def _rotate_some(keys: list[int]) -> int:
    with transaction.atomic(durable=True):
        rows = list(User.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
        for person in rows:
            person.data_key = wrap(unwrap(person.data_key, place=PLACE), place=PLACE)
        User.objects.bulk_update(rows, ["data_key"])
    return len(rows)
