"""Reading the history of a wallet from a source: how far, what was found, and which blocks were seen on the way."""

from django.db import models
from django.db.models import Q

from wallets.models.chain import Chain, Wallet


class SyncState(models.TextChoices):
    WAITING = "waiting", "waiting to be read"
    READING = "reading"
    DONE = "done", "read to the target block"
    STOPPED = "stopped", "stopped, the source does not answer"


class WalletSync(models.Model):
    """The reading of one wallet. Its target is fixed when it starts: killed and resumed, it ends with the same rows."""

    wallet = models.OneToOneField(Wallet, on_delete=models.CASCADE, related_name="sync")
    source = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=SyncState, default=SyncState.WAITING)
    target_block = models.BigIntegerField(null=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(state__in=SyncState.values), name="wallet_sync_state_known"),)

    def __str__(self) -> str:
        return f"reading of {self.wallet_id} ({self.state})"


class SyncCursor(models.Model):
    """How far one reading of a wallet got. `next_block` is the first that was not read."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="cursors")
    reading = models.CharField(max_length=10)
    source = models.CharField(max_length=60)
    from_block = models.BigIntegerField()
    next_block = models.BigIntegerField()
    blocks_missed = models.FloatField(default=0, help_text="Blocks passed, each times the share it did not give.")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["wallet", "reading"], name="sync_cursor_once"),)

    def __str__(self) -> str:
        return f"{self.reading} of {self.wallet_id} to block {self.next_block}"


class BlockRef(models.Model):
    """A block of a chain that something was read from. When a node names another hash, the chain was reorganised."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="+")
    number = models.BigIntegerField()
    hash = models.CharField(max_length=66)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "number"], name="block_ref_once"),)

    def __str__(self) -> str:
        return f"block {self.number}"


class ChainRow(models.Model):
    """A transaction, transfer or log of a wallet, as the evidence has it."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="+")
    section = models.CharField(max_length=12, help_text="Section of the evidence.")
    block = models.BigIntegerField()
    key = models.CharField(max_length=90, help_text="Hash of the transaction, with the index of a log.")
    row = models.JSONField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["wallet", "section", "key"], name="chain_row_once"),)
        indexes = (models.Index(fields=["wallet", "block"], name="chain_row_wallet_block"),)

    def __str__(self) -> str:
        return self.key
