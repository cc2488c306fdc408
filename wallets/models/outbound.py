"""What the house itself does on chains: its contracts, its transactions, and what they anchor."""

import uuid
from collections.abc import Collection
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from creditiq.kernel.transitions import Transition, TransitionTable
from wallets.models.attesting import Attestation
from wallets.models.chain import Chain

SENDER, WATCHER, PEOPLE = "sender", "watcher", "two people"


class AuditStatus(models.TextChoices):
    """Who has read a contract's source."""

    TESTED = "tested", "our own tests only"
    REVIEWED = "reviewed", "reviewed by a colleague"
    AUDITED = "audited", "audited from outside"


class DeployedContract(models.Model):
    """One version of one of our contracts on one chain, from the wish to have it to its address.

    Caps in gwei, agreed by two people together with the deployment: `fee_cap` per gas, `spend_cap` per transaction that
    the house sends by itself, `day_cap` for all of those of a day. Above them two people agree again.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="contracts")
    name = models.CharField(max_length=40)
    version = models.PositiveSmallIntegerField()
    abi = models.JSONField()
    abi_hash = models.CharField(max_length=64)
    code_hash = models.CharField(max_length=64, help_text="Keccak-256 of the creation code.")
    compiler = models.CharField(max_length=40)
    audit_status = models.CharField(max_length=8, choices=AuditStatus, default=AuditStatus.TESTED)
    fee_cap = models.BigIntegerField()
    spend_cap = models.BigIntegerField()
    day_cap = models.BigIntegerField()
    registered_at = models.DateTimeField()
    registered_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    deployed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    address = models.CharField(max_length=42, blank=True, help_text="Lower case; empty until confirmed.")
    runtime_hash = models.CharField(max_length=64, blank=True, help_text="Keccak-256 of the code at the address.")
    deployed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["chain", "name", "version"], name="contract_version_once"),
            models.UniqueConstraint(
                fields=["chain", "address"], condition=~Q(address=""), name="contract_address_once"
            ),
            models.CheckConstraint(
                condition=Q(fee_cap__gt=0, spend_cap__gt=0, day_cap__gte=F("spend_cap")), name="contract_caps_positive"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("deployed_by")),
                name="contract_deployed_by_two",
            ),
        )
        indexes = (models.Index(fields=["-registered_at"], name="contract_newest"),)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class ChainAccount(models.Model):
    """An account we send from. Its row is the lock under which nonces are given out."""

    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=42)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "address"], name="chain_account_once"),)

    def __str__(self) -> str:
        return self.address


class TransactionState(models.TextChoices):
    """Where a transaction of ours is."""

    PREPARED = "prepared", "Prepared"
    SIGNED = "signed", "Signed"
    SENT = "sent", "Sent"
    MINED = "mined", "In a block"
    CONFIRMED = "confirmed", "Confirmed"
    FAILED = "failed", "Failed"
    REPLACED = "replaced", "Replaced"


_S = TransactionState
TRANSACTION_STEPS = TransitionTable(
    [
        Transition(_S.PREPARED, "sign", _S.SIGNED, SENDER, guard="dry run, fee cap, spending caps"),
        Transition(_S.PREPARED, "refuse", _S.FAILED, SENDER, guard="the dry run reverts"),
        Transition(_S.SIGNED, "send", _S.SENT, SENDER),
        Transition(_S.SIGNED, "mine", _S.MINED, WATCHER, guard="sent before the process ended"),
        Transition(_S.SENT, "mine", _S.MINED, WATCHER),
        Transition(_S.REPLACED, "mine", _S.MINED, WATCHER, guard="the earlier bytes were taken into a block after all"),
        Transition(_S.SIGNED, "replace", _S.REPLACED, WATCHER),
        Transition(_S.SENT, "replace", _S.REPLACED, WATCHER, guard="more is paid, or the nonce was used elsewhere"),
        Transition(_S.MINED, "reorganise", _S.SENT, WATCHER, guard="its block is not on the chain any more"),
        Transition(_S.MINED, "confirm", _S.CONFIRMED, WATCHER, guard="as many blocks on top as the chain needs"),
        Transition(_S.MINED, "fail", _S.FAILED, WATCHER, guard="reverted, and buried as deep"),
    ]
)
OPEN = (_S.PREPARED, _S.SIGNED, _S.SENT, _S.MINED)
"""Something is still to come."""
ON_THE_WAY = (_S.SIGNED, _S.SENT, _S.MINED)
WAITING = (_S.SIGNED, _S.SENT)


class ChainTransactionQuerySet(models.QuerySet["ChainTransaction"]):
    def standing(self) -> "ChainTransactionQuerySet":
        """Neither failed nor replaced by another."""
        return self.exclude(state__in=(_S.FAILED, _S.REPLACED))

    def for_purpose(self, purpose: str) -> "ChainTransactionQuerySet":
        """The one that does, or did, this."""
        return self.standing().filter(purpose=purpose)

    def holding_nonces(self, chain: Chain, sender: str) -> "ChainTransactionQuerySet":
        """Those whose number nobody else may have: signed and not known to be void."""
        held = Q(state__in=(*ON_THE_WAY, _S.CONFIRMED)) | Q(state=_S.FAILED, block__isnull=False)
        return self.filter(held, chain=chain, sender=sender, nonce__isnull=False)

    def spent_since(self, moment: datetime, states: Collection[str] = ()) -> int:
        """Most that transactions signed since then may have cost, in gwei."""
        rows = self.filter(signed_at__gte=moment).exclude(state=_S.REPLACED)
        return sum(row.most_gwei for row in (rows.filter(state__in=states) if states else rows))


class ChainTransaction(models.Model):
    """One transaction of ours, written down before it is sent. What is done twice for one `purpose` is done once.

    `raw` is stored before sending, so that whoever tries again sends the same bytes; it holds no secret, it is what the
    chain will hold. Fees in wei, `spend_limit` in gwei: what two people agreed to beyond the contract's caps.
    """

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=120)
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(DeployedContract, on_delete=models.PROTECT, related_name="transactions")
    function = models.CharField(max_length=40, blank=True, help_text="Empty: the contract is created.")
    arguments = models.JSONField(default=list)
    arguments_digest = models.CharField(max_length=64)
    data = models.TextField()
    state = models.CharField(max_length=9, choices=TransactionState, default=TransactionState.PREPARED)
    sender = models.CharField(max_length=42, blank=True)
    nonce = models.PositiveBigIntegerField(null=True)
    gas = models.PositiveBigIntegerField(null=True, help_text="Most gas it may use.")
    max_fee = models.BigIntegerField(null=True)
    tip = models.BigIntegerField(null=True)
    spend_limit = models.BigIntegerField(null=True)
    raw = models.TextField(blank=True)
    hash = models.CharField(max_length=66, blank=True)
    block = models.PositiveBigIntegerField(null=True)
    block_hash = models.CharField(max_length=66, blank=True)
    succeeded = models.BooleanField(null=True)
    confirmations = models.PositiveIntegerField(default=0)
    gas_used = models.PositiveBigIntegerField(null=True)
    price = models.BigIntegerField(null=True, help_text="Paid per gas, in wei.")
    cost_gwei = models.BigIntegerField(null=True, help_text="Paid in all, in gwei rounded up.")
    sends = models.PositiveIntegerField(default=0, help_text="How often it was handed in.")
    reorganisations = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=300, blank=True)
    held = models.BooleanField(default=False, help_text="Waits for two people because of what it costs.")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    approved_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", null=True)
    prepared_at = models.DateTimeField()
    signed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    mined_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)

    objects = ChainTransactionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["chain", "purpose"],
                condition=~Q(state__in=("failed", "replaced")),
                name="transaction_once_per_purpose",
            ),
            models.UniqueConstraint(
                fields=["chain", "sender", "nonce"],
                condition=Q(state__in=("signed", "sent", "mined", "confirmed")),
                name="transaction_nonce_once",
            ),
            models.UniqueConstraint(fields=["chain", "hash"], condition=~Q(hash=""), name="transaction_hash_once"),
            models.CheckConstraint(condition=Q(state__in=TransactionState.values), name="transaction_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=("signed", "sent", "mined", "confirmed"))
                | Q(nonce__isnull=False, gas__isnull=False, max_fee__isnull=False) & ~Q(raw="") & ~Q(hash=""),
                name="transaction_signed_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("mined", "confirmed")) | Q(block__isnull=False, succeeded__isnull=False),
                name="transaction_mined_in_a_block",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | Q(asked_by__isnull=True) | ~Q(approved_by=F("asked_by")),
                name="transaction_agreed_by_two",
            ),
        )
        indexes = (
            models.Index(fields=["-prepared_at"], name="transaction_newest"),
            models.Index(fields=["state", "chain"], name="transaction_work"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What it does, in two words."""
        return f"{self.contract.name}.{self.function}" if self.function else f"Deploy {self.contract.name}"

    @property
    def most_gwei(self) -> int:
        """The most it may cost by its gas and fee, in gwei rounded up; 0 before it is signed."""
        return -(-(self.gas or 0) * (self.max_fee or 0) // 10**9)


class Anchor(models.Model):
    """One batch of audit checkpoints under one root, written to a contract in one transaction."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    contract = models.ForeignKey(DeployedContract, on_delete=models.PROTECT, related_name="anchors")
    batch = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    first = models.PositiveBigIntegerField(help_text="Number of its first checkpoint in the contract's row of them.")
    last = models.PositiveBigIntegerField()
    previous = models.CharField(max_length=64, help_text="Root of the batch before; zeros for the first.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["contract", "batch"], name="anchor_batch_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first"), first__gte=1), name="anchor_holds_something"),
        )
        indexes = (models.Index(fields=["-made_at"], name="anchor_newest"),)

    def __str__(self) -> str:
        return f"batch {self.batch}"

    @property
    def purpose(self) -> str:
        """Of its transaction."""
        return f"anchor:{self.uuid}"

    @property
    def count(self) -> int:
        """How many checkpoints."""
        return self.last - self.first + 1


class AnchoredCheckpoint(models.Model):
    """A leaf of an anchor: one checkpoint of one audit chain, at its number."""

    anchor = models.ForeignKey(Anchor, on_delete=models.CASCADE, related_name="leaves")
    number = models.PositiveBigIntegerField()
    checkpoint = models.OneToOneField("accounts.AuditCheckpoint", on_delete=models.PROTECT, related_name="anchored")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["anchor", "number"], name="anchored_once"),)

    def __str__(self) -> str:
        return f"no. {self.number} of {self.anchor_id}"


class AttestationRoot(models.Model):
    """The root of a day's attestations as it was sent to the registry."""

    contract = models.ForeignKey(DeployedContract, on_delete=models.PROTECT, related_name="attestation_roots")
    day = models.DateField()
    root = models.CharField(max_length=64)
    count = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["contract", "day"], name="attestation_root_once"),)

    def __str__(self) -> str:
        return f"{self.day}"

    @property
    def purpose(self) -> str:
        """Of its transaction."""
        return f"attestations:{self.day}"


class AttestationPublication(models.Model):
    """The holder's consent to have a statement on a chain, word for word, and where it went."""

    attestation = models.OneToOneField(Attestation, on_delete=models.PROTECT, related_name="publication")
    contract = models.ForeignKey(DeployedContract, on_delete=models.PROTECT, related_name="+")
    consent = models.CharField(max_length=300)
    consented_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"publication of {self.attestation_id}"
