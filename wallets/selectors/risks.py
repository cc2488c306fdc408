"""Which addresses were listed at a moment, and what holders of wallets are warned of."""

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet

from accounts.models import User
from wallets.engine.evidence import Evidence, RiskRow
from wallets.engine.hazards import met
from wallets.models import RiskEntry, WalletWarning

LATEST = 50
WITHIN_THE_SECOND = timedelta(microseconds=999_999)
"""The moment of an evidence set is a whole second; what was listed in the course of it counts."""


def with_risks(evidence: Evidence) -> Evidence:
    """The evidence with the listed addresses that it names, by the lists in force at its moment."""
    moment = datetime.fromtimestamp(evidence.as_of, UTC) + WITHIN_THE_SECOND
    return _named(evidence, RiskEntry.objects.in_force_at(moment))


def with_risks_of_now(evidence: Evidence) -> Evidence:
    """The same by what is listed now: a page of old evidence warns of today's lists."""
    return _named(evidence, RiskEntry.objects.filter(until__isnull=True))


def _named(evidence: Evidence, entries: QuerySet[RiskEntry]) -> Evidence:
    chains = sorted({row.chain for row in evidence.wallets})
    named = _listed(met(evidence), entries)
    rows = {
        RiskRow(chain, entry.address, entry.kind, entry.list.name, f"{entry.since:%Y-%m-%d}")
        for entry in named
        for chain in chains
    }
    return replace(evidence, risks=tuple(sorted({*evidence.risks, *rows})))


def _listed(addresses: Collection[str], entries: QuerySet[RiskEntry]) -> list[RiskEntry]:
    """Entries of the addresses; lists have thousands of rows, a wallet may have met many more addresses."""
    found = entries.filter(address__startswith="0x").select_related("list")
    return [entry for entry in found.order_by("pk") if entry.address in addresses]


def standing_warnings(*, user: User) -> list[WalletWarning]:
    """What the person is warned of now, the latest first, at most 50."""
    return list(WalletWarning.objects.of(user).standing().select_related("wallet__chain")[:LATEST])
