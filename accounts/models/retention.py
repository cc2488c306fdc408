"""What may be forgotten because its time is over: planned first, released by two people."""

import uuid
from datetime import datetime

from django.db import models


class RetentionRun(models.Model):
    """A dry run: what is past its time on a day, kind by kind. Released, it says what was forgotten.

    `rows` is a list of {kind, label, before, due, held}; `forgotten` counts by kind.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    planned_at = models.DateTimeField()
    not_before = models.DateTimeField(help_text="48 hours of notice")
    rows = models.JSONField()
    released_at = models.DateTimeField(null=True)
    forgotten = models.JSONField(null=True)

    class Meta:
        ordering = ("-planned_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(released_at__isnull=True, forgotten__isnull=True)
                | models.Q(released_at__gte=models.F("not_before"), forgotten__isnull=False),
                name="retention_after_notice",
            ),
        )

    def __str__(self) -> str:
        return f"retention of {self.planned_at:%d %b %Y}"

    @property
    def due(self) -> int:
        """How many records are past their time."""
        return sum(row["due"] for row in self.rows)

    def is_open_at(self, at: datetime) -> bool:
        """Whether two people may release it now."""
        return self.released_at is None and at >= self.not_before and self.due > 0
