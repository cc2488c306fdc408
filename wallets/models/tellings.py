"""What other files say of records we hold already."""

from django.db import models


class InvoiceSource(models.Model):
    """A further file that holds an invoice on record, and where its values differ.

    The invoice stays as it was first told; `differences` are the values told here, by column (paise, codes, dates).
    """

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="+")
    invoice = models.UUIDField(help_text="The record's id; nothing holds a foreign key to a record.")
    upload = models.ForeignKey("wallets.Upload", on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    differences = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["business", "invoice", "upload"], name="invoice_source_once"),)
        indexes = (models.Index(fields=["upload"], name="invoice_source_upload"),)

    def __str__(self) -> str:
        return f"{self.invoice} also in {self.upload_id}"
