"""How far the reading of a wallet is."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from accounts.models import User
from wallets.models import ChainEndpoint, SyncCursor, SyncState, Wallet, WalletSync
from wallets.selectors.wallets import Coverage, own_wallet, wallet_view


@dataclass(frozen=True)
class SyncProgress:
    """The reading of a wallet: `state` is `never` before the first. `share` of the blocks up to the target is read."""

    wallet: Wallet
    possible: bool
    state: str
    source: str
    target_block: int | None
    share: float
    trouble: str
    readings: tuple[SyncCursor, ...]

    @property
    def running(self) -> bool:
        """Whether somebody is at it."""
        return self.state in {SyncState.WAITING, SyncState.READING}


def sync_progress(*, user: User, wallet_id: UUID) -> SyncProgress:
    """One's own wallet's reading. Raises NotVisible."""
    wallet = own_wallet(user=user, wallet_id=wallet_id)
    named = wallet.chain.key in {**settings.CHAIN_ENDPOINTS, **settings.CHAIN_INDEXERS}
    possible = named and ChainEndpoint.objects.filter(chain=wallet.chain, healthy=True).exists()
    sync = WalletSync.objects.filter(wallet=wallet).first()
    if sync is None:
        return SyncProgress(wallet, possible, "never", "", None, 0.0, "", ())
    cursors = tuple(SyncCursor.objects.filter(wallet=wallet).order_by("reading"))
    share = _share(sync, cursors)
    return SyncProgress(wallet, possible, sync.state, sync.source, sync.target_block, share, sync.trouble, cursors)


def _share(sync: WalletSync, cursors: tuple[SyncCursor, ...]) -> float:
    """Blocks read of blocks to read, over the readings that began."""
    if sync.state == SyncState.DONE:
        return 1.0
    if not sync.target_block or not cursors:
        return 0.0
    whole = sum(sync.target_block + 1 - cursor.from_block for cursor in cursors)
    read = sum(min(cursor.next_block, sync.target_block + 1) - cursor.from_block for cursor in cursors)
    return read / whole if whole > 0 else 0.0


def sync_report(*, user: User, wallet_id: UUID) -> tuple[SyncProgress, tuple[Coverage, ...]]:
    """The progress with what was seen of every stream. Raises NotVisible."""
    return sync_progress(user=user, wallet_id=wallet_id), wallet_view(user=user, wallet_id=wallet_id).coverage
