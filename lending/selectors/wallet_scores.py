"""The wallet score an applicant shows to the lender they apply to, as the lender's policy uses it."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import Flag, FlagName, Membership
from lending.models import LoanApplication, WalletRule
from lending.selectors.policies import policy_at
from wallets import selectors as wallets
from wallets.models import OnchainScore


@dataclass(frozen=True)
class WalletBeside:
    """The rule of the policy, and the score; None when the people of the business share none with this lender."""

    rule: WalletRule
    score: OnchainScore | None

    @property
    def rule_words(self) -> str:
        """The rule in words."""
        return str(self.rule.label)


def wallet_beside(*, application: LoanApplication, at: datetime) -> WalletBeside:
    """What stands beside the score of the business. It changes no limit, price, band or verdict."""
    rule = WalletRule(policy_at(at).policy.wallet_rule)
    if rule is WalletRule.APART or not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        return WalletBeside(WalletRule.APART, None)
    users = Membership.objects.filter(business=application.business_id).values_list("user", flat=True)
    score = wallets.shared_score(users=list(users), organisation_id=application.organisation_id, at=at)
    return WalletBeside(rule, score)
