"""New keys: data keys are wrapped anew, blind indexes computed anew; what rests under the data keys stays as it is."""

from collections.abc import Callable
from datetime import datetime

from django.apps import apps
from django.db import models, transaction

from accounts import audit
from creditiq.kernel.blind_index import FORMAT, BlindIndexField, index_keys
from creditiq.kernel.fields import KEY_COLUMN, DataKeyField, master_keys, unwrap, wrap
from creditiq.kernel.sealing import MARK

PLACE = "accounts.field_keys"
BATCH = 200


def rotate_field_keys(*, at: datetime, say: Callable[[int, int], None]) -> int:
    """Wrap every data key under the current master key; how many were under another.

    Stops anywhere without harm: each batch is committed, and the next run takes up what is left. `say(done, total)`
    is called after each batch. Raises Unreadable when an older master key is missing from FIELD_KEYS.
    """
    current = master_keys().current
    kept = [model for model in apps.get_models() if _has_key(model)]
    stale = [rows(model).exclude(data_key="").exclude(data_key__startswith=f"{MARK}{current}$") for model in kept]
    return _through(stale, _wrap_anew, act="field_keys.rotated", key=current, at=at, say=say)


def rotate_index_keys(*, at: datetime, say: Callable[[int, int], None]) -> int:
    """Compute every blind index under the current key of BLIND_KEYS; how many were under another. May be stopped."""
    current = index_keys().current
    stale = [
        rows(model).exclude(**{field.attname: ""}).exclude(**{f"{field.attname}__startswith": f"{FORMAT}${current}$"})
        for model in apps.get_models()
        for field in indexes_of(model)
    ]
    return _through(stale, _index_anew, act="index_keys.rotated", key=current, at=at, say=say)


def rows(model: type[models.Model]) -> models.QuerySet[models.Model]:
    """All rows, whatever the model's own manager shows."""
    return models.QuerySet(model).order_by("pk")


def indexes_of(model: type[models.Model]) -> list[BlindIndexField]:
    """The blind indexes of a model."""
    return [field for field in model._meta.get_fields() if isinstance(field, BlindIndexField)]


def _has_key(model: type[models.Model]) -> bool:
    return any(isinstance(field, DataKeyField) for field in model._meta.get_fields())


def _through(
    stale: list[models.QuerySet[models.Model]],
    renew: Callable[[list[models.Model]], None],
    *,
    act: str,
    key: str,
    at: datetime,
    say: Callable[[int, int], None],
) -> int:
    """A batch at a time, each committed; one audit entry for the whole."""
    total, done = sum(one.count() for one in stale), 0
    for one in stale:
        while keys := list(one.values_list("pk", flat=True)[:BATCH]):
            with transaction.atomic(durable=True):
                renew(list(rows(one.model).select_for_update(of=("self",)).filter(pk__in=keys)))
            done += len(keys)
            say(done, total)
    if total:
        with transaction.atomic(durable=True):
            audit.record(act, target=PLACE, at=at, payload={"key": key, "rows": done})
    return done


def _wrap_anew(batch: list[models.Model]) -> None:
    for row in batch:
        place = f"{row._meta.label_lower}.{KEY_COLUMN}"
        setattr(row, KEY_COLUMN, wrap(unwrap(str(getattr(row, KEY_COLUMN)), place=place), place=place))
    type(batch[0])._base_manager.bulk_update(batch, [KEY_COLUMN])


def _index_anew(batch: list[models.Model]) -> None:
    """Saving computes them; a row whose key is destroyed loses its index."""
    names = [field.attname for field in indexes_of(type(batch[0]))]
    for row in batch:
        row.save(update_fields=names)
