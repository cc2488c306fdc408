"""Whose rows a query must name (creditiq/kernel/wall.py): what tenants own begins at the roots."""

TENANT_APPS = frozenset({"accounts", "wallets", "fraud", "scoring", "lending"})
TENANT_ROOTS = frozenset({"accounts.Business", "accounts.Organisation", "accounts.User"})

_RULES = "a rule, a policy, a product or a model of the house: the same for every tenant"
_PUBLIC = "public on a chain, or what the house keeps to read chains and write to them"
_WORK = "a record of the house's own work over everybody, without rows of one tenant"
OF_THE_HOUSE: dict[str, str] = {
    "accounts.Organisation": "names of banks, offered to everybody; what hangs on one is walled",
    "accounts.Flag": _RULES,
    "accounts.PolicyVersion": _RULES,
    "accounts.KeptAnswer": "found by a digest over the person and their key only",
    "accounts.Mail": "letters by address, read by the demo's outbox and the sender only",
    "accounts.RetentionRun": _WORK,
    "accounts.UsageFlush": _WORK,
    "wallets.Chain": _PUBLIC,
    "wallets.ChainEndpoint": _PUBLIC,
    "wallets.BlockRef": _PUBLIC,
    "wallets.ChainAccount": _PUBLIC,
    "wallets.ChainTransaction": _PUBLIC,
    "wallets.DeployedContract": _PUBLIC,
    "wallets.Anchor": _PUBLIC,
    "wallets.AnchoredCheckpoint": _PUBLIC,
    "wallets.AttestationRoot": _PUBLIC,
    "wallets.ScoreModelVersion": _RULES,
    "wallets.RiskList": _RULES,
    "wallets.RiskEntry": _RULES,
    "fraud.WatchlistSource": _RULES,
    "fraud.WatchlistEntity": _RULES,
    "fraud.Delta": _RULES,
    "fraud.Rule": _RULES,
    "fraud.RuleVersion": _RULES,
    "fraud.Backtest": _RULES,
    "fraud.PopulationScreening": _WORK,
    "fraud.Sweep": _WORK,
    "fraud.SlabScan": _WORK,
    "fraud.Cycle": _WORK,
    "fraud.Ring": "many tenants' at once: its members (RingMember) are walled, and a ring is seen through them",
    "scoring.ModelVersion": _RULES,
    "scoring.VersionAct": _RULES,
    "scoring.DriftReading": _WORK,
    "scoring.DecisionTally": _WORK,
    "lending.Account": _RULES,
    "lending.LoanProduct": _RULES,
    "lending.ProductVersion": _RULES,
    "lending.AccrualRun": _WORK,
}
"""Models that belong to no tenant, with the reason. One that is neither here nor leads to a root fails a test."""
