"""Reading wallets from a source, page by page: resumable after a kill, and right after a reorganisation."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.events import publish
from wallets.chain.port import Block, ChainUnreachable
from wallets.chain.sources.protocol import ChainDataSource, Page
from wallets.events import WalletSyncAsked, WalletSynced
from wallets.models import BlockRef, Chain, ChainRow, SyncCursor, SyncState, Wallet, WalletSync
from wallets.selectors.wallets import own_wallet
from wallets.services import assembling
from wallets.services.networks import usable_source

MOST_PAGES = 50
"""Pages of one task; a longer history is read by several."""
FIRST_BLOCK = 1


class UnableToSync(ApplicationError):
    """Nobody can be asked about this chain now."""

    code = "unable_to_sync"


def ask_sync(*, wallet_id: UUID, by: User, at: datetime) -> WalletSync:
    """Have a wallet read from its chain's source, from where the last reading ended. Raises UnableToSync."""
    require(by, Capability.LINK_WALLETS)
    wallet = own_wallet(user=by, wallet_id=wallet_id)
    source = _source(wallet)
    with transaction.atomic(durable=True):
        values = {"source": source.name, "state": SyncState.WAITING, "target_block": None, "started_at": at}
        sync, _ = WalletSync.objects.update_or_create(
            wallet=wallet, defaults=values | {"finished_at": None, "trouble": ""}
        )
        audit.record("wallet.sync_asked", target=wallet, at=at, by=by, payload={"source": source.name})
        publish(WalletSyncAsked(wallet_id=wallet.pk, user_id=by.pk))
    return sync


def _source(wallet: Wallet) -> ChainDataSource:
    """Only sources that were asked who they are, and are what the settings say, may tell histories."""
    key = wallet.chain.key
    if key not in settings.CHAIN_ENDPOINTS and key not in settings.CHAIN_INDEXERS:
        raise UnableToSync(f"No node is configured for {wallet.chain}; import its history as a file instead.")
    source = usable_source(wallet.chain)
    if source is None:
        raise UnableToSync(f"No source of {wallet.chain} has answered its last check; try again in five minutes.")
    return source


def sync_wallet(*, wallet_id: int, at: datetime, most_pages: int = MOST_PAGES) -> bool:
    """Read some pages; whether the wallet is read to its target. What was stored stays, whatever happens then."""
    sync = WalletSync.objects.select_related("wallet__chain").get(wallet_id=wallet_id)
    if sync.state not in {SyncState.WAITING, SyncState.READING}:
        return True
    try:
        done = _read(sync, _source(sync.wallet), most_pages, at)
    except (ChainUnreachable, UnableToSync) as error:
        _end(sync, SyncState.STOPPED, at, trouble=f"The source gave no usable answer: {error}"[:200])
        return True
    if not done:
        with transaction.atomic(durable=True):
            publish(WalletSyncAsked(wallet_id=wallet_id, user_id=sync.wallet.user_id))
    return done


def _read(sync: WalletSync, source: ChainDataSource, most_pages: int, at: datetime) -> bool:
    target = _target(sync, source)
    rewind(sync.wallet.chain, source)
    for _ in range(most_pages):
        cursor = _behind(sync, source, target)
        if cursor is None:
            if rewind(sync.wallet.chain, source):
                continue
            return _finish(sync, source, target, at)
        page = source.page(cursor.reading, sync.wallet.address, cursor.next_block, target)
        _store(sync.wallet, cursor, page)
    return False


def _target(sync: WalletSync, source: ChainDataSource) -> int:
    """The head at the first page, less the blocks that may still be reorganised."""
    if sync.target_block is None:
        for reading in source.readings:
            fresh = {"source": source.name, "from_block": FIRST_BLOCK, "next_block": FIRST_BLOCK}
            SyncCursor.objects.get_or_create(wallet=sync.wallet, reading=reading, defaults=fresh)
        sync.target_block = max(FIRST_BLOCK, source.head().number - settings.CHAIN_FINALITY_BLOCKS)
        sync.state = SyncState.READING
        sync.save(update_fields=["target_block", "state"])
    return sync.target_block


def _behind(sync: WalletSync, source: ChainDataSource, target: int) -> SyncCursor | None:
    """A cursor that has not passed the target."""
    cursors = SyncCursor.objects.filter(wallet=sync.wallet, reading__in=source.readings, next_block__lte=target)
    return cursors.order_by("reading").first()


def _store(wallet: Wallet, cursor: SyncCursor, page: Page) -> None:
    """Rows, block hashes and the cursor together, unless another worker was faster."""
    rows = assembling.chain_rows(wallet, page)
    with transaction.atomic(durable=True):
        held = SyncCursor.objects.select_for_update().get(pk=cursor.pk)
        if held.next_block != page.first:
            return
        ChainRow.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1_000)
        refs = [BlockRef(chain=wallet.chain, number=block.number, hash=block.hash) for block in page.blocks]
        BlockRef.objects.bulk_create(
            refs, update_conflicts=True, unique_fields=["chain", "number"], update_fields=["hash"]
        )
        held.next_block = page.last + 1
        held.blocks_missed += (page.last - page.first + 1) * (1 - page.complete)
        held.save(update_fields=["next_block", "blocks_missed"])


def rewind(chain: Chain, source: ChainDataSource) -> bool:
    """Walk back while the node's hashes differ from those that were read, and forget what lies above."""
    agreed = _last_agreed(chain, source)
    if agreed is None:
        return False
    with transaction.atomic(durable=True):
        Chain.objects.select_for_update().get(pk=chain.pk)
        ChainRow.objects.filter(wallet__chain=chain, block__gt=agreed).delete()
        for cursor in SyncCursor.objects.select_for_update().filter(wallet__chain=chain, next_block__gt=agreed + 1):
            cursor.next_block = max(agreed + 1, cursor.from_block)
            cursor.blocks_missed = min(cursor.blocks_missed, cursor.next_block - cursor.from_block)
            cursor.save(update_fields=["next_block", "blocks_missed"])
        BlockRef.objects.filter(chain=chain, number__gt=agreed).delete()
    return True


def _last_agreed(chain: Chain, source: ChainDataSource) -> int | None:
    """None when the latest block that was read is still there, else the latest that is (0: none)."""
    head = source.head().number
    latest = True
    for ref in BlockRef.objects.filter(chain=chain).order_by("-number").iterator(chunk_size=50):
        if ref.number <= head and source.blocks([ref.number])[0].hash == ref.hash:
            return None if latest else ref.number
        latest = False
    return None if latest else 0


def _finish(sync: WalletSync, source: ChainDataSource, target: int, at: datetime) -> bool:
    """Balances and loans at the target, then the evidence."""
    (block,) = source.blocks([target])
    logs = assembling.kept_logs(sync.wallet)
    standing = source.standing(sync.wallet.address, logs, block)
    standing = replace(standing, prices=assembling.prices_of(sync.wallet, source, standing, block))
    confirmed = source.confirms(assembling.file_sample(sync.wallet))
    with transaction.atomic(durable=True):
        wallet = Wallet.objects.select_for_update().select_related("chain").get(pk=sync.wallet_id)
        assembling.assemble(wallet, source, standing, block, confirmed=confirmed, at=at)
        _end_inside(sync, SyncState.DONE, at, block)
    return True


def _end(sync: WalletSync, state: SyncState, at: datetime, *, trouble: str) -> None:
    with transaction.atomic(durable=True):
        sync.trouble = trouble
        _end_inside(sync, state, at, None)


def _end_inside(sync: WalletSync, state: SyncState, at: datetime, block: Block | None) -> None:
    sync.state, sync.finished_at = state, at
    sync.save(update_fields=["state", "finished_at", "trouble"])
    payload = {"state": str(state), "block": block.number if block else None}
    audit.record("wallet.synced", target=sync.wallet, at=at, payload=payload)
    publish(WalletSynced(wallet_id=sync.wallet_id, user_id=sync.wallet.user_id))
