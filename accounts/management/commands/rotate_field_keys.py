"""`manage.py rotate_field_keys`: wrap data keys under the current master key, compute indexes under the current key."""

import json

from django.core.management.base import BaseCommand

from accounts import services
from creditiq.kernel.clock import now


class Command(BaseCommand):
    help = (
        "Put the new key first in FIELD_KEYS or BLIND_KEYS, keep the old one behind it, run this, drop the old one. "
        "It may be stopped and run again. The last line is JSON: rotated (data keys), indexed (blind indexes)."
    )

    def handle(self, *args: object, **options: object) -> None:
        """Say how far it is after each batch."""
        rotated = services.rotate_field_keys(at=now(), say=self._say)
        indexed = services.rotate_index_keys(at=now(), say=self._say)
        self.stdout.write(json.dumps({"rotated": rotated, "indexed": indexed}))

    def _say(self, done: int, total: int) -> None:
        self.stderr.write(f"{done} of {total}")
