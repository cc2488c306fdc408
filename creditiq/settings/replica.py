"""What a read replica may answer, when there is one (creditiq/kernel/replica.py)."""

PAGES = frozenset({
    "accounts:audit", "accounts:people", "accounts:kyc_desk", "accounts:reports", "accounts:report", "accounts:jobs",
    "api-audit-events", "api-kyc", "api-reports", "api-users",
    "fraud:queue", "fraud:alerts", "fraud:cases", "fraud:monitoring", "fraud:monitoring_report", "fraud:topology",
    "lending:queue", "lending:loans", "lending:portfolio", "lending:my_decisions",
    "scoring:explorer", "scoring:signals", "scoring:models", "wallets:directory",
})  # fmt: skip
"""Lists and reports that may be a moment old: names of addresses whose reads go to the replica."""
