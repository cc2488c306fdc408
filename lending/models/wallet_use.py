"""What a decision made of the applicant's wallet score: recorded with it, never changed."""

from django.db import models
from django.db.models import Q

from lending.models.decisions import Decision


class WalletRule(models.TextChoices):
    """How a lender's policy uses a wallet score beside the score of the business (wallets.md §14).

    A third way, joining both as probabilities, waits for a calibration report of the wallet score; there is none.
    """

    APART = "none", "not looked at"
    BESIDE = "side_by_side", "shown beside the score of the business, never mixed with it"


class WalletUse(models.Model):
    """The rule in force at one decision, and the wallet score that was shown; null: the applicant shares none."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="wallet_use")
    rule = models.CharField(max_length=12, choices=WalletRule)
    score = models.ForeignKey("wallets.OnchainScore", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(rule__in=WalletRule.values), name="wallet_use_rule_known"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(rule=WalletRule.BESIDE), name="wallet_use_only_as_ruled"
            ),
        )

    def __str__(self) -> str:
        return f"{self.rule} at decision {self.decision_id}"
