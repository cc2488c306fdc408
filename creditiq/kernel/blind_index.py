"""Look-up of what is sealed, without opening it: a keyed digest rests beside the sealed text (HMAC-SHA-256).

Its keys are its own (BLIND_KEYS, written as FIELD_KEYS are), so whoever holds one kind cannot use the other. An index
says which rows are equal and nothing more; it is bound to what it is of, so a PAN and a phone never compare.
"""

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from creditiq.kernel.sealing import Keyring

if TYPE_CHECKING:
    CharField = models.CharField[str, str]
else:
    CharField = models.CharField

FORMAT = "bi1"
LONGEST = 100


def index_keys() -> Keyring:
    """The keys of indexes, the current one first."""
    return Keyring.read(settings.BLIND_KEYS)


def plain_form(text: str) -> str:
    """What equal things look alike in: capital letters and digits, no spaces or signs.

    >>> plain_form("+91 98123-45678"), plain_form(" abcpe1234f ")
    ('919812345678', 'ABCPE1234F')
    """
    return "".join(letter for letter in text.upper() if letter.isalnum())


def index_of(text: str, *, kind: str) -> str:
    """The index under the current key, `bi1$<key id>$<hex>`; empty for an empty text."""
    ring = index_keys()
    return _under(ring, ring.current, text, kind)


def candidates(text: str, *, kind: str) -> list[str]:
    """The index under every key we have: what to look for while keys are being changed."""
    ring = index_keys()
    return [found for name in ring.keys if (found := _under(ring, name, text, kind))]


def _under(ring: Keyring, name: str, text: str, kind: str) -> str:
    plain = plain_form(text)
    if not plain:
        return ""
    return f"{FORMAT}${name}${hmac.new(ring.keys[name], f'{kind}|{plain}'.encode(), sha256).hexdigest()}"


class BlindIndexField(CharField):
    """The index of a sealed field of the same row, computed whenever the row is saved with it.

    `of` names the sealed field, `kind` what it holds ("pan", "phone"): equal kinds compare across tables.
    """

    def __init__(self, *, of: str, kind: str) -> None:
        self.of, self.kind = of, kind
        super().__init__(max_length=LONGEST, blank=True, default="", editable=False, db_index=True)

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        """As Django writes it into migrations."""
        name, path, _, _ = super().deconstruct()
        return name, path, [], {"of": self.of, "kind": self.kind}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Empty when the sealed field is, or when its key is destroyed."""
        index = index_of(str(getattr(model_instance, self.of)), kind=self.kind)
        setattr(model_instance, self.attname, index)
        return index
