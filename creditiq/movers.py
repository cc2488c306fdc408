"""Where everything went: the operations of the three source systems, and ours that do the same.

`ours` are method and path as the interface's description writes them; a test holds each against it. Where an act is a
page or a command, `otherwise` says which.
"""

from dataclasses import dataclass

A, B, C = "A · CryptoCredit", "B · BlockScore", "C · CreditIQ before"


@dataclass(frozen=True)
class Moved:
    """One operation of a source system and what to call now."""

    system: str
    theirs: str
    ours: tuple[str, ...]
    otherwise: str = ""


MOVED = (
    Moved(A, "sign up", ("POST /auth/sign_up",)),
    Moved(A, "sign in", ("POST /auth/sign_in",)),
    Moved(A, "refresh the token", ("POST /auth/refresh_token",), "rotates; a token used twice ends its family"),
    Moved(A, "sign out", ("POST /auth/sign_out",), "ends the access token at once"),
    Moved(A, "GET /chains/", ("GET /chains",)),
    Moved(A, "GET /wallets/", ("GET /wallets",)),
    Moved(A, "POST /wallets/", ("POST /wallets",)),
    Moved(A, "DELETE /wallets/", ("DELETE /wallets/{removed_id}",)),
    Moved(
        A,
        "POST /wallets/verify",
        ("POST /wallets/verify", "POST /wallets/challenge", "POST /wallets/{wallet_id}/proof"),
    ),
    Moved(A, "POST /score/ of wallets", ("POST /onchain-scores", "GET /onchain-scores/{onchain_id}")),
    Moved(A, "POST /score/by_key", ("POST /score/by_key",), "the key stands in the header, never in the address"),
    Moved(A, "API keys", ("GET /keys", "POST /keys", "DELETE /keys/{key_id}", "POST /keys/{key_id}/rotate")),
    Moved(A, "analytics", ("GET /analytics", "GET /analytics/{key_id}")),
    Moved(A, "GET / (health)", ("GET /health", "GET /health/detailed")),
    Moved(B, "profile", ("GET /profile", "PATCH /profile")),
    Moved(B, "two-factor sign-in", ("POST /auth/mfa/totp", "POST /auth/mfa/totp/confirm")),
    Moved(B, "apply for a loan", ("POST /applications", "POST /applications/{application_id}/events")),
    Moved(B, "list and read loans", ("GET /lending/loans", "GET /lending/loans/{loan_id}")),
    Moved(
        B,
        "admin approves or rejects a loan",
        ("POST /applications/{application_id}/decisions",),
        "one person recommends, another with authority sanctions",
    ),
    Moved(B, "repay", ("POST /lending/loans/{loan_id}/receipts", "GET /lending/loans/{loan_id}/payoff")),
    Moved(B, "credit score of a person or business", ("POST /score", "GET /score/{task_id}", "GET /scores")),
    Moved(B, "why a score changed", ("GET /scores/{score_id}/diff/{against_id}",)),
    Moved(B, "sanctions screening", ("GET /fraud/matches", "POST /fraud/matches/{match_id}/verdicts")),
    Moved(B, "transaction monitoring", ("GET /fraud/monitoring", "POST /fraud/monitoring", "GET /fraud/alerts")),
    Moved(B, "suspicious activity reports", ("GET /fraud/str", "POST /fraud/str", "POST /fraud/str/{report_id}/acts")),
    Moved(B, "audit log", ("GET /audit/events", "GET /audit/verify", "GET /audit/events/{entry_hash}/proof")),
    Moved(B, "monthly audit report", ("POST /audit/packs",)),
    Moved(B, "export or erase one's data", ("POST /data_requests/copy", "POST /data_requests", "PUT /nominee")),
    Moved(B, "users", ("GET /users", "POST /users", "PATCH /users/{user_id}")),
    Moved(B, "background jobs", ("GET /jobs", "POST /jobs", "POST /jobs/{job_id}/cancel")),
    Moved(
        B,
        "anchor on a chain",
        ("GET /attestations", "POST /attestations", "GET /attestations/{attestation_uid}/verify"),
    ),
    Moved(B, "notifications", ("GET /notifications", "POST /notifications/read")),
    Moved(C, "POST score by GSTIN", ("POST /score",)),
    Moved(C, "GET score by task", ("GET /score/{task_id}", "GET /score/{task_id}/stream")),
    Moved(C, "chat about a score", ("POST /score/{task_id}/chat",)),
    Moved(C, "what-if sliders", ("POST /scores/{score_id}/what_if", "GET /scores/{score_id}/recourse")),
    Moved(C, "SHAP waterfall", ("GET /scores/{score_id}/waterfall", "GET /scores/{score_id}/reasons")),
    Moved(C, "score trend", ("GET /scores",)),
    Moved(C, "features of a business", ("GET /features/{business_id}", "GET /features")),
    Moved(C, "signal trends", ("GET /signals", "GET /monitoring")),
    Moved(C, "permissions", ("GET /consents", "POST /consents", "POST /consents/{consent_id}/grant")),
    Moved(
        C, "deny or withdraw a permission", ("POST /consents/{consent_id}/deny", "POST /consents/{consent_id}/withdraw")
    ),
    Moved(C, "who used a permission", ("GET /consents/{consent_id}/uses",)),
    Moved(C, "upload GST, UPI and e-way bills", ("POST /evidence/uploads", "POST /evidence/{kind}", "GET /records")),
    Moved(C, "fraud queue", ("GET /fraud/rings", "GET /fraud/cases", "POST /fraud/cases/{case_id}/acts")),
    Moved(C, "fraud topology", ("GET /fraud/graph", "GET /fraud/rings/{ring_id}")),
    Moved(C, "e-way bill distribution (smurfing)", ("GET /fraud/ewb-distribution",)),
    Moved(C, "GST against receipts", ("GET /fraud/receivables-gap", "GET /reconciliation")),
    Moved(C, "disputes", ("GET /fraud/disputes", "POST /fraud/disputes", "POST /fraud/disputes/{dispute_id}/acts")),
    Moved(C, "loan queue", ("GET /applications", "GET /applications/{application_id}")),
    Moved(C, "thresholds and amnesty", ("GET /policies", "POST /policies", "POST /policies/simulate")),
    Moved(C, "businesses", ("GET /businesses", "POST /businesses", "GET /businesses/gstin/{text}")),
    Moved(C, "guide", ("GET /guide", "GET /guide/{slug}")),
    Moved(C, "banks", ("GET /banks", "POST /banks", "PATCH /banks/{organisation_id}")),
    Moved(C, "audit replay", ("POST /audit/replay",)),
    Moved(C, "reminders", ("GET /reminders", "POST /reminders/{reminder_id}/complete")),
    Moved(C, "the phase scripts", (), "commands; the README has them in a table"),
)
