"""Letters to people: written in the transaction of the act that causes them, sent by a task afterwards."""

import uuid

from django.db import models


class Mail(models.Model):
    """One letter. Outside the demo its text is wiped once it is sent, for it may carry a link that opens something."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    language = models.CharField(max_length=2, default="en")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["-written_at", "-id"], name="mail_newest"),)

    def __str__(self) -> str:
        return f"mail {self.uuid}"
