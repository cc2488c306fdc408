from wallets.selectors.directory import (
    DIRECTORY_COLUMNS,
    Directory,
    Sought,
    directory,
    directory_lines,
    listed,
    sought_businesses,
)
from wallets.selectors.entity import EntityPage, entity_page, seen_business
from wallets.selectors.frames import NoLiveConsent, evidence, population_evidence
from wallets.selectors.lake import lake_frames
from wallets.selectors.movements import trades, transfers
from wallets.selectors.pages import (
    REJECTION_COLUMNS,
    EvidencePage,
    Freshness,
    evidence_page,
    freshness,
    refusals,
    rejection_lines,
    visible_upload,
)
from wallets.selectors.reconciliations import COLUMNS as RECONCILIATION_COLUMNS
from wallets.selectors.reconciliations import ReconciliationPage, Side, reconciliation, unmatched_lines
from wallets.selectors.records import readable_records, record_rows

__all__ = [
    "DIRECTORY_COLUMNS",
    "RECONCILIATION_COLUMNS",
    "REJECTION_COLUMNS",
    "Directory",
    "EntityPage",
    "EvidencePage",
    "Freshness",
    "NoLiveConsent",
    "ReconciliationPage",
    "Side",
    "Sought",
    "directory",
    "directory_lines",
    "entity_page",
    "evidence",
    "evidence_page",
    "freshness",
    "lake_frames",
    "listed",
    "population_evidence",
    "readable_records",
    "reconciliation",
    "record_rows",
    "refusals",
    "rejection_lines",
    "seen_business",
    "sought_businesses",
    "trades",
    "transfers",
    "unmatched_lines",
    "visible_upload",
]
