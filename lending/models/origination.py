"""What gathers on an application on its way: its steps, papers, conditions, the offer, the limits and the payment."""

import uuid

from django.db import models
from django.utils.translation import gettext_noop as _

from lending.models.applications import LoanApplication
from lending.models.decisions import SHA256


class ApplicationEvent(models.Model):
    """One step of an application as it happened; never changed (trigger). `by` is None where the product acted."""

    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="events")
    event = models.CharField(max_length=16)
    source = models.CharField(max_length=16)
    target = models.CharField(max_length=16)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    note = models.TextField(max_length=2000, blank=True)

    class Meta:
        indexes = (models.Index(fields=["application", "at"], name="application_event_order"),)

    def __str__(self) -> str:
        return f"{self.event} {self.at:%Y-%m-%d}"


class DocumentKind(models.TextChoices):
    IDENTITY = "identity", _("Proof of identity")
    ADDRESS = "address", _("Proof of address")
    STATEMENT = "statement", _("Bank statement")
    INVOICE = "invoice", _("Quotation or invoice")
    REGISTRATION = "registration", _("Registration certificate")
    OTHER = "other", _("Another paper")


class ApplicationDocument(models.Model):
    """A paper given with an application: kept as it came, known by its digest."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=12, choices=DocumentKind)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "sha256"], name="document_once_per_application"),
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="document_digest_shape"),
            models.CheckConstraint(condition=models.Q(kind__in=DocumentKind.values), name="document_kind_known"),
            models.CheckConstraint(
                condition=models.Q(verified_at__isnull=True, verified_by__isnull=True)
                | models.Q(verified_at__isnull=False, verified_by__isnull=False)
                & ~models.Q(verified_by=models.F("by")),
                name="document_verified_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def file_name(self) -> str:
        """What the paper is called when it is saved; nothing of the name a stranger gave."""
        ending = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}[self.media_type]
        return f"{self.kind}-{self.sha256[:8]}.{ending}"


class ApplicationCondition(models.Model):
    """Something that has to be met before the money is paid out."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(max_length=300)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    met_at = models.DateTimeField(null=True)
    met_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["application", "text"], name="condition_once"),)

    def __str__(self) -> str:
        return self.text


class KeyFactStatement(models.Model):
    """The offer as the borrower reads it; `sha256` is what is accepted, `evidence` how it was."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.OneToOneField(LoanApplication, on_delete=models.PROTECT, related_name="statement")
    percent = models.DecimalField(max_digits=6, decimal_places=3)
    apr = models.DecimalField(max_digits=7, decimal_places=2)
    instalment = models.DecimalField(max_digits=18, decimal_places=2)
    net_disbursed = models.DecimalField(max_digits=18, decimal_places=2)
    document = models.JSONField()
    language = models.CharField(max_length=5, default="en")
    sha256 = models.CharField(max_length=64)
    pdf = models.BinaryField()
    pdf_sha256 = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    evidence = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(sha256__regex=SHA256), name="statement_digest_shape"),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(accepted_at__lte=models.F("valid_until")),
                name="statement_accepted_in_time",
            ),
        )

    def __str__(self) -> str:
        return f"key facts of {self.application_id}"


class LimitDimension(models.TextChoices):
    SECTOR = "sector", "Sector"
    STATE = "state", "State"
    PRODUCT = "product", "Product"
    GROUP = "group", "Connected group"


class ExposureLimit(models.Model):
    """How much a bank lends to one sector, state, product or connected group; a group's key is empty."""

    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="exposure_limits")
    dimension = models.CharField(max_length=8, choices=LimitDimension)
    key = models.CharField(max_length=40, blank=True)
    cap = models.DecimalField(max_digits=18, decimal_places=2)
    warn_percent = models.DecimalField(max_digits=5, decimal_places=2, default=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["organisation", "dimension", "key"], name="exposure_limit_once"),
            models.CheckConstraint(condition=models.Q(cap__gte=0), name="exposure_limit_not_negative"),
        )

    def __str__(self) -> str:
        return f"{self.get_dimension_display().lower()} {self.key}".strip()


class UsageState(models.TextChoices):
    RESERVED = "reserved", "Reserved"
    USED = "used", "Used"
    RELEASED = "released", "Released"


class LimitUsage(models.Model):
    """What one application takes of a bank's room, from its sanction on; counted against every limit it falls under."""

    application = models.OneToOneField(LoanApplication, on_delete=models.PROTECT, related_name="usage")
    organisation = models.ForeignKey("accounts.Organisation", on_delete=models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=18, decimal_places=2)
    state = models.CharField(max_length=8, choices=UsageState, default=UsageState.RESERVED)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=UsageState.values), name="usage_state_known"),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="usage_of_something"),
        )

    def __str__(self) -> str:
        return f"{self.amount} {self.state}"


class PaymentOrder(models.Model):
    """A payment an officer prepared; another person releases or refuses it. `amount` of a first part, null: all."""

    class State(models.TextChoices):
        PENDING = "pending", "Waits for the checker"
        RELEASED = "released", "Released"
        REFUSED = "refused", "Refused"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="orders")
    beneficiary = models.CharField(max_length=120)
    account_tail = models.CharField(max_length=4)
    name_match = models.DecimalField(max_digits=4, decimal_places=3)
    utr = models.CharField(max_length=40)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    at = models.DateTimeField()
    maker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    checker = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(checker__isnull=True) | ~models.Q(checker=models.F("maker")),
                name="payment_maker_is_not_checker",
            ),
            models.UniqueConstraint(
                fields=["application"], condition=models.Q(state="pending"), name="payment_one_pending"
            ),
        )

    def __str__(self) -> str:
        return f"payment for {self.application_id}"
