from wallets.selectors.frames import NoLiveConsent, evidence, population_evidence
from wallets.selectors.movements import trades, transfers
from wallets.selectors.pages import (
    EvidencePage,
    Freshness,
    evidence_page,
    freshness,
    refusals,
    visible_upload,
)

__all__ = [
    "EvidencePage",
    "Freshness",
    "NoLiveConsent",
    "evidence",
    "evidence_page",
    "freshness",
    "population_evidence",
    "refusals",
    "trades",
    "transfers",
    "visible_upload",
]
