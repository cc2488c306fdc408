"""Lists of addresses come in, wallets are looked over, and their holders hear of it once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from accounts import audit
from creditiq.kernel.clock import seconds
from creditiq.kernel.events import publish
from wallets.engine.evidence import Evidence
from wallets.engine.hazards import APPROVAL, HEALTH, SANCTIONS, Hazard, hazards
from wallets.events import ApprovalAtRisk, HealthFactorLow, RiskListTaken, SanctionsHit, WalletsListed
from wallets.models import RiskEntry, RiskList, Wallet, WalletWarning
from wallets.selectors.risks import with_risks
from wallets.selectors.wallets import bundle_evidence
from wallets.services.wallet_files import empty_evidence

log = structlog.get_logger()
PER_PAGE = 50
"""Wallets of one delivery: looked over well within its time limit."""
NEWS = {SANCTIONS: SanctionsHit, HEALTH: HealthFactorLow, APPROVAL: ApprovalAtRisk}


def take_risk_list(*, name: str, version: str, addresses: Mapping[tuple[str, str], str], at: datetime) -> None:
    """The addresses a list names now, by address and kind, with whom they belong to; inside the caller's transaction.

    What the list names no longer is over from now on and stays on record. A list without addresses leaves no trace.
    """
    wanted = {(_spelled(address), kind): entity for (address, kind), entity in addresses.items()}
    known = RiskList.objects.select_for_update().filter(name=name).first()
    if known is None and not wanted:
        return
    known = known or RiskList.objects.create(name=name, version=version, loaded_at=at)
    held = {(row.address, row.kind): row for row in known.entries.filter(until__isnull=True)}
    gone = [row.pk for key, row in held.items() if key not in wanted]
    fresh = [
        RiskEntry(list=known, address=address, kind=kind, entity=entity[:200], version=version, since=at)
        for (address, kind), entity in wanted.items()
        if (address, kind) not in held
    ]
    known.entries.filter(pk__in=gone).update(until=at)
    RiskEntry.objects.bulk_create(fresh, batch_size=1_000)
    known.version, known.loaded_at = version, at
    known.save(update_fields=["version", "loaded_at"])
    if gone or fresh:
        publish(RiskListTaken(list_id=known.pk))


def _spelled(address: str) -> str:
    """Hexadecimal addresses are one whatever their case; Bitcoin's and others are not."""
    return address.lower() if address[:2].lower() == "0x" else address


def plan_looking_over() -> int:
    """A list changed: every wallet is to be looked over, in pages that are done and tried again each by itself."""
    keys = list(Wallet.objects.filter(removed_at__isnull=True).order_by("pk").values_list("pk", flat=True))
    pages = [keys[start : start + PER_PAGE] for start in range(0, len(keys), PER_PAGE)]
    with transaction.atomic(durable=True):
        for page in pages:
            publish(WalletsListed(first_id=page[0], last_id=page[-1]))
    return len(pages)


def look_over_wallets(*, at: datetime, first_id: int = 0, last_id: int | None = None) -> None:
    """The wallets of a page, or all, against what is listed now. One that fails does not keep the others from theirs:
    what the first of them raised is raised when all were tried."""
    wallets = Wallet.objects.filter(removed_at__isnull=True, pk__gte=first_id).order_by("pk")
    if last_id is not None:
        wallets = wallets.filter(pk__lte=last_id)
    failed: list[Exception] = []
    for wallet_id in wallets.values_list("pk", flat=True):
        try:
            look_over_wallet(wallet_id=wallet_id, at=at)
        except SoftTimeLimitExceeded:
            raise
        except Exception as error:
            log.exception("wallet.not_looked_over", wallet=wallet_id)
            failed.append(error)
    if failed:
        raise failed[0]


def look_over_wallet(*, wallet_id: int, at: datetime) -> None:
    """Warn the holder of what is new about a wallet, and end what is over."""
    wallet = Wallet.objects.select_related("chain", "user").get(pk=wallet_id)
    bundle = bundle_evidence([wallet], as_of=seconds(at))
    evidence = bundle[0] if bundle else with_risks(empty_evidence(wallet, at))
    found = hazards(evidence)
    with transaction.atomic(durable=True):
        Wallet.objects.select_for_update().get(pk=wallet.pk)
        warn(wallet, found, at=at)
        over = WalletWarning.objects.standing().filter(wallet=wallet)
        over.exclude(subject__in=[hazard.subject[:250] for hazard in found]).update(ended_at=at)


def warn(wallet: Wallet, found: Iterable[Hazard], *, at: datetime) -> None:
    """One standing warning each, announced when it is new; inside the caller's transaction."""
    for hazard in found:
        row, is_new = WalletWarning.objects.get_or_create(
            wallet=wallet, kind=hazard.kind, subject=hazard.subject[:250], ended_at=None,
            defaults={"user": wallet.user, "facts": hazard.facts[:400], "found_at": at},
        )  # fmt: skip
        if is_new:
            audit.record("wallet.warned", target=wallet, at=at, payload={"kind": hazard.kind, "warning": row.uuid})
            publish(NEWS[hazard.kind](warning_id=row.pk, user_id=wallet.user_id))


def wallets_named(wallets: Iterable[Wallet], evidence: Evidence) -> Iterable[tuple[Wallet, tuple[Hazard, ...]]]:
    """Of a bundle, each wallet with the listed addresses it is or dealt with."""
    for wallet in wallets:
        own = tuple(row for row in evidence.wallets if row.address == wallet.address)
        found = hazards(replace(evidence, wallets=own))
        yield wallet, tuple(hazard for hazard in found if hazard.kind == SANCTIONS)
