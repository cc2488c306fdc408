"""Bank accounts as their statements describe them; of their holders nothing personal is kept."""

from django.db import models


class BankAccount(models.Model):
    """What one file says of one account; a later file is a further row, so reads of the past hold.

    Amounts are paise, null where the statement is silent. It is evidence of the kind `bank_entries`: read under the
    same consent, with the file it came in.
    """

    business = models.ForeignKey("accounts.Business", on_delete=models.PROTECT, related_name="+")
    upload = models.ForeignKey("wallets.Upload", on_delete=models.PROTECT, related_name="accounts")
    account = models.CharField(max_length=34, help_text="As its entries carry it.")
    kind = models.CharField(max_length=30, blank=True, help_text="SAVINGS, CURRENT …")
    facility = models.CharField(max_length=30, blank=True, help_text="OD: overdraft, CC: cash credit.")
    status = models.CharField(max_length=30, blank=True)
    ifsc = models.CharField(max_length=11, blank=True)
    micr = models.CharField(max_length=9, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    opened_on = models.DateField(null=True)
    balance_paise = models.BigIntegerField(null=True)
    balance_at = models.DateTimeField(null=True)
    overdraft_limit_paise = models.BigIntegerField(null=True)
    drawing_limit_paise = models.BigIntegerField(null=True)
    pending_paise = models.BigIntegerField(null=True, help_text="Credits less debits the balance does not hold yet.")
    holders = models.IntegerField(null=True, help_text="How many people hold it.")
    joint = models.BooleanField(null=True)
    nominee = models.BooleanField(null=True, help_text="Whether every holder has registered one.")
    ckyc = models.BooleanField(null=True, help_text="Whether every holder is in the central KYC register.")
    holder_is_business = models.BooleanField(null=True, help_text="Whether a holder has the business's PAN.")
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["upload", "account"], name="bank_account_told_once"),)
        indexes = (models.Index(fields=["business", "account", "-received_at"], name="bank_account_business"),)

    def __str__(self) -> str:
        return f"account of {self.business_id} in {self.upload_id}"
