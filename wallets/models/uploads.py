"""A file of evidence as it came in, and the lines of it that were refused."""

import uuid

from django.db import models

from wallets.models.connecting import Source


class UploadState(models.TextChoices):
    RECEIVED = "received"
    PARSED = "parsed"
    REFUSED = "refused", "refused (nothing written)"
    CANCELLED = "cancelled", "cancelled before it was read"


class UploadMode(models.TextChoices):
    ALL_OR_NOTHING = "all_or_nothing", "All lines or none"
    VALID_LINES = "valid_lines", "Take the valid lines, report the rest"


def stored_name(upload: "Upload", _filename: str) -> str:
    """Files are stored under their hash: a stranger's file name never becomes a path."""
    return f"uploads/{upload.business_id}/{upload.sha256}"


class Upload(models.Model):
    """One file for one business. The same bytes for the same business are the same upload."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="uploads")
    consent = models.ForeignKey("accounts.Consent", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", null=True, help_text="None: imported by a command."
    )
    format = models.CharField(max_length=20, default="upi_payments", help_text="How the file is written.")
    kind = models.CharField(max_length=20, help_text="The kind of record it holds.")
    mode = models.CharField(max_length=14, choices=UploadMode)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=stored_name, max_length=200)
    size = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=UploadState, default=UploadState.RECEIVED)
    received_at = models.DateTimeField()
    rows = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    duplicates = models.IntegerField(default=0)
    superseded = models.IntegerField(default=0, help_text="Records that a newer version replaced.")
    rejected = models.IntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, help_text="What else its sender should know.")
    origin = models.CharField(
        max_length=20, choices=Source, blank=True, help_text="The official source it was fetched from; empty: sent in."
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["business", "sha256"], name="upload_same_bytes_once"),
            models.CheckConstraint(condition=models.Q(state__in=UploadState.values), name="upload_state_known"),
        )
        indexes = (models.Index(fields=["business", "-received_at"], name="upload_business_time"),)

    def __str__(self) -> str:
        return f"{self.filename} ({self.state})"


class Rejection(models.Model):
    """One rule that one line broke, in words its sender can act on."""

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, related_name="rejections")
    line = models.IntegerField()
    pointer = models.CharField(max_length=200, blank=True, help_text="Where in a JSON or XML document.")
    field = models.CharField(max_length=40)
    rule = models.CharField(max_length=60)
    message = models.CharField(max_length=200)
    value = models.CharField(max_length=60, blank=True, help_text="The offending value, masked.")

    class Meta:
        indexes = (models.Index(fields=["upload", "line"], name="rejection_upload_line"),)

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}"


class BulkAnswer(models.Model):
    """What a bulk request was answered under its idempotency key: the same request again gets the same bytes."""

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    request_sha256 = models.CharField(max_length=64)
    body = models.BinaryField(help_text="The JSON answer, deflated.")
    answered_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["business", "by", "key"], name="bulk_answer_once"),)

    def __str__(self) -> str:
        return f"answer to {self.key}"
