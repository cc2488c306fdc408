"""What webhooks can hear, in one table: the event, its name outside, who may hear it, and where to read more.

The wiring table sends each of these events to `accounts.tasks.announce`.
"""

from collections.abc import Mapping

from django.db.models import Model

import accounts.events
import fraud.events
import lending.events
import scoring.events
import wallets.events
from accounts.models import Consent, User
from accounts.permissions import Capability
from accounts.services.webhooks import Announced
from creditiq.kernel.events import Event
from fraud.models import Alert, Dispute
from fraud.selectors import visible_alerts
from lending.models import Decision, Loan, LoanApplication
from scoring.models import ScoreRun
from wallets.models import OnchainScore, Upload, Wallet, WalletWarning

_C = Capability
API = "/api/v1"


def _of_consent(step: str, says: str) -> Announced:
    return Announced(
        f"consent.{step}", (_C.VIEW_CONSENTS,), "consent_id", Consent, f"{API}/consents", says, to_asker=True
    )


def _of_wallet(name: str, says: str) -> Announced:
    return Announced(f"wallet.{name}", (_C.LINK_WALLETS,), "warning_id", WalletWarning, f"{API}/wallets/warnings", says)


def _sees_alert(person: User, alert: Model) -> bool:
    """An alert of a ring has no business of its own: the tenancy rule of its members decides."""
    return visible_alerts(person).filter(pk=alert.pk).exists()


ANNOUNCED: Mapping[type[Event], Announced] = {
    scoring.events.ScoreIssued: Announced(
        "score.issued",
        (_C.VIEW_SCORE,),
        "score_id",
        ScoreRun,
        f"{API}/scores/{{id}}/reasons",
        "a business has a new score, or too little evidence for one",
    ),
    lending.events.DecisionMade: Announced(
        "decision.made",
        (_C.VIEW_QUEUE, _C.APPLY),
        "decision_id",
        Decision,
        f"{API}/applications",
        "an application was recommended, sanctioned or declined",
        via="application",
    ),
    lending.events.ApplicationMoved: Announced(
        "application.moved",
        (_C.VIEW_QUEUE, _C.APPLY),
        "application_id",
        LoanApplication,
        f"{API}/applications/{{id}}",
        "an application took a step on its way",
    ),
    lending.events.LoanChanged: Announced(
        "loan.changed",
        (_C.VIEW_LOANS, _C.VIEW_OWN_LOANS),
        "loan_id",
        Loan,
        f"{API}/lending/loans/{{id}}",
        "a loan was paid out, paid on, changed or closed",
    ),
    fraud.events.AlertRaised: Announced(
        "alert.raised",
        (_C.VIEW_FRAUD,),
        "alert_id",
        Alert,
        f"{API}/fraud/alerts",
        "something waits for a look",
        sees=_sees_alert,
    ),
    fraud.events.DisputeAnswered: Announced(
        "dispute.answered",
        (_C.VIEW_FRAUD, _C.VIEW_OWN_SCORE),
        "dispute_id",
        Dispute,
        f"{API}/fraud/disputes/{{id}}",
        "a dispute was opened, answered or resolved",
    ),
    wallets.events.EvidenceRecorded: Announced(
        "evidence.recorded",
        (_C.VIEW_EVIDENCE,),
        "upload_id",
        Upload,
        f"{API}/evidence/uploads/{{id}}",
        "new records of a business are stored",
    ),
    wallets.events.UploadRefused: Announced(
        "evidence.refused",
        (_C.VIEW_EVIDENCE,),
        "upload_id",
        Upload,
        f"{API}/evidence/uploads/{{id}}/rejections",
        "a file broke rules and nothing of it was written",
    ),
    wallets.events.WalletSynced: Announced(
        "wallet.synced", (_C.LINK_WALLETS,), "wallet_id", Wallet, f"{API}/wallets", "the reading of a wallet ended"
    ),
    wallets.events.SanctionsHit: _of_wallet(
        "sanctions_hit", "a wallet is on a list of sanctions, or dealt with an address that is"
    ),
    wallets.events.HealthFactorLow: _of_wallet("health_factor_low", "a loan of a wallet is close to liquidation"),
    wallets.events.ApprovalAtRisk: _of_wallet(
        "approval_risk", "somebody unknown or listed may take all of a token that a wallet holds"
    ),
    wallets.events.OnchainScoreIssued: Announced(
        "wallet_score.issued",
        (_C.LINK_WALLETS,),
        "score_id",
        OnchainScore,
        f"{API}/onchain-scores/{{id}}",
        "a score of your wallets is on record",
    ),
    accounts.events.ConsentRequested: _of_consent("requested", "a bank asks a business for its evidence"),
    accounts.events.ConsentGranted: _of_consent("granted", "a business lets an organisation read its evidence"),
    accounts.events.ConsentDenied: _of_consent("denied", "a business refused a request"),
    accounts.events.ConsentWithdrawn: _of_consent("withdrawn", "a business took a consent back"),
    accounts.events.ConsentExpired: _of_consent("expired", "the time of a consent is over"),
}
