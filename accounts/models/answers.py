"""What a program was answered, so that asking again with the same Idempotency-Key does nothing twice."""

from django.db import models
from django.db.models import Q


class KeptAnswer(models.Model):
    """The first answer to one request; `status` is empty while it is being worked on."""

    principal = models.CharField(max_length=60)
    path = models.CharField(max_length=300)
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64, help_text="keyed digest of what was sent, hexadecimal")
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    is_kept = models.BooleanField(default=True, help_text="false where the body holds a secret, or is too long")
    begun_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["principal", "path", "key"], name="kept_answer_once"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__range=(200, 499)), name="kept_answer_final"
            ),
        )

    def __str__(self) -> str:
        return f"{self.path} {self.key}"
