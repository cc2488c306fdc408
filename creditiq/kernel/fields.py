"""Personal fields at rest: each row has a data key of its own, wrapped by the master key (envelope encryption).

A model that holds `SealedField`s has one `DataKeyField` called `data_key`. To forget a person for good, empty that
field: what was sealed under it stays in the tables and backups and opens for nobody any more (crypto-shredding).
"""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute

from creditiq.kernel import sealing
from creditiq.kernel.sealing import Keyring

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:
    TextField = models.TextField

KEY_COLUMN = "data_key"
PERSONAL = "own"
"""Key id in sealed fields: the data key of the row itself."""


def master_keys() -> Keyring:
    """The keys that wrap data keys, from FIELD_KEYS."""
    return Keyring.read(settings.FIELD_KEYS)


def place_of(row: models.Model, name: str) -> str:
    """`app.model.field`: what a sealed text is bound to."""
    return f"{row._meta.label_lower}.{name}"


def wrap(key: bytes, *, place: str) -> str:
    """A data key under the current master key."""
    return sealing.seal(key, ring=master_keys(), place=place)


def unwrap(wrapped: str, *, place: str) -> bytes:
    """The data key. Raises Unreadable."""
    return sealing.unseal(wrapped, ring=master_keys(), place=place)


class DataKeyField(TextField):
    """The wrapped data key of a row; a new row gets one when it is stored. Empty: destroyed."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """A row that is stored for the first time gets its key."""
        wrapped = str(self.value_from_object(model_instance))
        if not wrapped and add:
            wrapped = wrap(sealing.new_key(), place=place_of(model_instance, self.attname))
            setattr(model_instance, self.attname, wrapped)
        return wrapped


class Sealed(DeferredAttribute):
    """Opens the text when it is read; a row whose key is destroyed says nothing."""

    def __get__(self, instance: models.Model | None, cls: type[models.Model] | None = None) -> object:
        """The plain text."""
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, str) or not sealing.is_sealed(value):
            return value
        ring = row_ring(instance)
        return (
            ""
            if ring is None
            else sealing.unseal(value, ring=ring, place=place_of(instance, self.field.attname)).decode()
        )

    def __set__(self, instance: models.Model, value: object) -> None:
        """Keep what came, plain from people or sealed from the database."""
        instance.__dict__[self.field.attname] = value


class SealedField(TextField):
    """A text that rests sealed under its row's data key; code reads and writes it plain.

    It is written through `save()` only (`update()` would store it plain: give the column a check that refuses that),
    and it cannot be searched.
    """

    descriptor_class = Sealed

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """The text as it rests. What is unchanged since it was read stays as it was sealed."""
        kept = model_instance.__dict__.get(self.attname, "")
        if not kept or sealing.is_sealed(kept):
            return str(kept)
        if add:
            key_field(model_instance).pre_save(model_instance, add)
        ring = row_ring(model_instance)
        if ring is None:
            raise sealing.Unreadable(f"{place_of(model_instance, self.attname)}: the data key of this row is destroyed")
        return sealing.seal(kept.encode(), ring=ring, place=place_of(model_instance, self.attname))


def row_ring(row: models.Model) -> Keyring | None:
    """The row's own key; None when it is destroyed."""
    wrapped = str(key_field(row).value_from_object(row))
    if not wrapped:
        return None
    return Keyring(PERSONAL, {PERSONAL: unwrap(wrapped, place=place_of(row, KEY_COLUMN))})


def key_field(row: models.Model) -> DataKeyField:
    """Where the row keeps its key."""
    field = row._meta.get_field(KEY_COLUMN)
    if not isinstance(field, DataKeyField):
        raise TypeError(f"{row._meta.label} has sealed fields and no DataKeyField called {KEY_COLUMN}")
    return field


class OrderedUUID(models.Func):
    """The database's `uuidv7()`: keys that grow with time, so that a load appends to the index of its business."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()
