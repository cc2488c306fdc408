"""Histories of wallets that come as files, kept as evidence that no node has confirmed."""

import hashlib
import zlib
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import seconds
from creditiq.kernel.errors import InvalidInput
from creditiq.kernel.events import publish
from wallets.engine import evidence_json
from wallets.engine.chains import aave_events, imports, known
from wallets.engine.evidence import Evidence, StreamRow, WalletRow
from wallets.events import WalletEvidenceKept
from wallets.models import ChainRow, Wallet, WalletEvidence, WalletFile
from wallets.selectors.wallets import own_wallet, stored_evidence


@dataclass(frozen=True)
class WalletUpload:
    """A file as its sender named it, and how it is written (a key of `imports.KINDS`)."""

    name: str
    content: bytes
    kind: str


def import_wallet_file(*, wallet_id: UUID, file: WalletUpload, by: User, at: datetime) -> WalletFile:
    """Read a file into the wallet's evidence. The same bytes again return the earlier file. Raises InvalidInput."""
    require(by, Capability.LINK_WALLETS)
    wallet = own_wallet(user=by, wallet_id=wallet_id)
    most = settings.MAX_WALLET_FILE_BYTES
    if not file.content or len(file.content) > most:
        message = (
            "The file is empty." if not file.content else f"The file is larger than {most // 2**20} MiB; split it."
        )
        raise InvalidInput(message, field="file", rule="wallet_file.size")
    sha256 = hashlib.sha256(file.content).hexdigest()
    earlier = WalletFile.objects.filter(wallet=wallet, sha256=sha256).first()
    return earlier or _take(wallet, file, sha256, by, at)


def _take(wallet: Wallet, file: WalletUpload, sha256: str, by: User, at: datetime) -> WalletFile:
    try:
        imported = imports.read(file.content, file.kind, wallet.chain.caip2, wallet.address)
    except imports.UnreadableFile as error:
        raise InvalidInput(str(error), field="file", rule="wallet_file.unreadable") from error
    covered = imports.streams(imported, file.kind, wallet.chain.caip2, wallet.address)
    with transaction.atomic(durable=True):
        Wallet.objects.select_for_update().get(pk=wallet.pk)
        taken = WalletFile.objects.create(
            wallet=wallet, kind=file.kind, filename=file.name[:200], sha256=sha256, rows=imported.rows,
            refused=[asdict(refusal) for refusal in imported.refusals[: imports.MOST_REFUSALS]],
            refused_count=len(imported.refusals), received_at=at,
        )  # fmt: skip
        held = stored_evidence(wallet) or empty_evidence(wallet, at)
        files = _merged(told_by_files(wallet) or empty_evidence(wallet, at), imported, covered, at)
        kept = keep_evidence(wallet, _merged(held, imported, covered, at), at=at)
        kept.imported = zlib.compress(evidence_json.write(files))  # apart: what a source tells may have to go again
        kept.save(update_fields=["imported"])
        payload = {"sha256": sha256, "kind": file.kind, "rows": imported.rows}
        audit.record("wallet.file_imported", target=wallet, at=at, by=by, payload=payload)
    return taken


def told_by_files(wallet: Wallet) -> Evidence | None:
    """What files told of a wallet, without what a source told since."""
    row = WalletEvidence.objects.filter(wallet=wallet).first()
    if row is None or (row.imported is None and ChainRow.objects.filter(wallet=wallet).exists()):
        return None
    return evidence_json.read(zlib.decompress(bytes(row.content if row.imported is None else row.imported)))


def _merged(held: Evidence, imported: imports.Imported, covered: tuple[StreamRow, ...], at: datetime) -> Evidence:
    known_hashes = {(row.hash, row.sender) for row in held.transactions}
    fresh = [row for row in imported.transactions if (row.hash, row.sender) not in known_hashes]
    return replace(
        held,
        as_of=seconds(at),
        streams=(*held.streams, *covered),
        transactions=(*held.transactions, *fresh),
        transfers=tuple({*held.transfers, *imported.transfers}),
        logs=aave_events.joined(held.logs, imported.logs),
        prices=tuple({*held.prices, *imported.prices}),
    )


def empty_evidence(wallet: Wallet, at: datetime) -> Evidence:
    """Nothing but the registry, the token list and the wallet itself."""
    return Evidence(
        as_of=seconds(at),
        wallets=(WalletRow(wallet.chain.caip2, wallet.address, False),),
        tokens=known.tokens(),
        contracts=known.contracts(),
    )


def keep_evidence(wallet: Wallet, evidence: Evidence, *, at: datetime, confirmed: bool = False) -> WalletEvidence:
    """Replace the wallet's evidence; inside the caller's transaction, which holds the wallet's row."""
    content = zlib.compress(evidence_json.write(evidence))
    row = {"content": content, "root": evidence.root, "confirmed": confirmed, "updated_at": at}
    publish(WalletEvidenceKept(wallet_id=wallet.pk, user_id=wallet.user_id))
    return WalletEvidence.objects.update_or_create(wallet=wallet, defaults=row)[0]
