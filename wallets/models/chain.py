"""Networks, wallets, proofs of ownership, and what scores of wallets were made from."""

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Q

from accounts.models import User


class ChainStatus(models.TextChoices):
    LIVE = "live"
    SUNSET = "sunset"
    TESTNET = "testnet"
    NON_EVM = "non-evm", "not an EVM chain"
    INTERNAL = "internal"


class Chain(models.Model):
    """One network of the registry. The key is CAIP-2 with the genesis hash: numbers and symbols are used twice."""

    number = models.PositiveSmallIntegerField(unique=True)
    group = models.CharField(max_length=12)
    key = models.CharField(max_length=40, unique=True)
    indexer_name = models.CharField(max_length=60)
    caip2 = models.CharField(max_length=41, unique=True)
    genesis_hash = models.CharField(max_length=66, blank=True, help_text="Empty until a node has told it.")
    eip155_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=4, help_text="evm, utxo or svm.")
    status = models.CharField(max_length=8, choices=ChainStatus)
    testnet = models.BooleanField()
    name = models.CharField(max_length=60)
    symbol = models.CharField(max_length=10)
    multicall3 = models.CharField(max_length=5, blank=True)
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(status__in=ChainStatus.values), name="chain_status_known"),)

    def __str__(self) -> str:
        return self.name


class ChainEndpoint(models.Model):
    """A node or an indexer that is asked about a chain. Its address stays in the environment: it may hold a key."""

    chain = models.ForeignKey(Chain, on_delete=models.CASCADE, related_name="endpoints")
    kind = models.CharField(max_length=10, default="node", help_text="node, etherscan, blockscout or goldrush.")
    number = models.PositiveSmallIntegerField(default=1, help_text="Its place in the settings, from 1.")
    healthy = models.BooleanField(default=False)
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_block = models.BigIntegerField(null=True, blank=True)
    trouble = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["chain", "kind", "number"], name="chain_endpoint_once"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.number} of {self.chain_id}"


class WalletQuerySet(models.QuerySet["Wallet"]):
    def of(self, user: User) -> "WalletQuerySet":
        """What a person lists, moved claims included."""
        return self.filter(user=user, removed_at__isnull=True)


class Wallet(models.Model):
    """An account that a person watches or has proved to be theirs."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="wallets")
    chain = models.ForeignKey(Chain, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=42, help_text="Lower case.")
    label = models.CharField(max_length=60, blank=True)
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True, help_text="When somebody else proved it to be theirs.")

    objects = WalletQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["user", "chain", "address"], condition=Q(removed_at__isnull=True), name="wallet_once_per_person"
            ),
        )

    def __str__(self) -> str:
        return self.label or f"{self.address[:6]}…{self.address[-4:]}"

    @property
    def account(self) -> str:
        """CAIP-10."""
        return f"{self.chain.caip2}:{self.address}"


class WalletChallenge(models.Model):
    """A message that waits to be signed. Its nonce works once."""

    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="challenges")
    purpose = models.CharField(max_length=12, default="link")
    nonce_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    consumed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"challenge for {self.wallet_id}"


class SignerKind(models.TextChoices):
    EOA = "eoa", "key (EIP-191)"
    CONTRACT = "eip1271", "contract wallet (EIP-1271)"
    UNDEPLOYED = "eip6492", "contract wallet not deployed yet (EIP-6492)"


class WalletProof(models.Model):
    """The signed message that proved ownership, kept as evidence. One live proof per account."""

    wallet = models.ForeignKey(Wallet, on_delete=models.PROTECT, related_name="proofs")
    account = models.CharField(max_length=90, help_text="CAIP-10.")
    message = models.TextField()
    signature = models.TextField()
    method = models.CharField(max_length=7, choices=SignerKind)
    block = models.BigIntegerField(null=True, blank=True, help_text="Block at which a contract wallet agreed.")
    proved_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["account"], condition=Q(revoked_at__isnull=True), name="proof_one_live_per_account"
            ),
        )

    def __str__(self) -> str:
        return f"proof of {self.account}"


class WalletFile(models.Model):
    """A history that came as a file for one wallet; the same bytes are one file."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    wallet = models.ForeignKey(Wallet, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=24)
    filename = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.IntegerField()
    refused = models.JSONField(default=list)
    refused_count = models.IntegerField(default=0)
    received_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["wallet", "sha256"], name="wallet_file_once"),)

    def __str__(self) -> str:
        return self.filename


class WalletEvidence(models.Model):
    """The evidence of one wallet as it stands, deflated JSON; every score keeps its own frozen copy."""

    wallet = models.OneToOneField(Wallet, on_delete=models.CASCADE, related_name="evidence")
    content = models.BinaryField()
    imported = models.BinaryField(null=True, help_text="What files told; null where none came.")
    root = models.CharField(max_length=64)
    confirmed = models.BooleanField(default=False, help_text="Whether a node has confirmed a sample of it.")
    updated_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.root


class ScoreModelVersion(models.Model):
    """A published model of the wallet score: weights and anchors, by hash."""

    version = models.CharField(max_length=40)
    hash = models.CharField(max_length=64, unique=True)
    document = models.JSONField()
    active_from = models.DateTimeField()

    def __str__(self) -> str:
        return self.version


class OnchainScoreQuerySet(models.QuerySet["OnchainScore"]):
    def of(self, user: User) -> "OnchainScoreQuerySet":
        """Scores that a person asked for, newest first."""
        return self.filter(user=user).order_by("-as_of", "-pk")

    def known_at(self, moment: datetime) -> "OnchainScoreQuerySet":
        return self.filter(as_of__lte=moment)


class OnchainScore(models.Model):
    """One score, never changed. `value`, `low`, `high` are null when no number may be given; `reason` says why."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="onchain_scores")
    wallets = models.ManyToManyField(Wallet, related_name="scores")
    model = models.ForeignKey(ScoreModelVersion, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=24)
    reason = models.CharField(max_length=200, blank=True)
    value = models.PositiveSmallIntegerField(null=True)
    low = models.PositiveSmallIntegerField(null=True)
    high = models.PositiveSmallIntegerField(null=True)
    likely_low = models.PositiveSmallIntegerField(null=True)
    likely_high = models.PositiveSmallIntegerField(null=True)
    estimate = models.FloatField(help_text="Unrounded points, for comparisons.")
    coverage = models.FloatField()
    confirmed = models.BooleanField()
    flags = models.JSONField(default=list)
    as_of = models.DateTimeField()
    evidence_root = models.CharField(max_length=64)
    evidence = models.BinaryField(help_text="The evidence file, deflated.")

    objects = OnchainScoreQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(value__isnull=True)
                | Q(value__lte=900, low__lte=models.F("value"), high__gte=models.F("value")),
                name="onchain_score_within_bounds",
            ),
        )
        indexes = (models.Index(fields=["user", "-as_of"], name="onchain_score_user_time"),)

    def __str__(self) -> str:
        return f"{self.value} of {self.as_of:%Y-%m-%d}"


class ScoreComponent(models.Model):
    """One of the 24 parts of a score."""

    score = models.ForeignKey(OnchainScore, on_delete=models.CASCADE, related_name="components")
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=24)
    name = models.CharField(max_length=60)
    group = models.CharField(max_length=12)
    weight = models.FloatField()
    bonus = models.BooleanField()
    median = models.FloatField()
    values = models.JSONField()
    judged = models.FloatField(null=True, help_text="Transform, 0 to 1; null: nothing to judge.")
    coverage = models.FloatField()
    points = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["score", "number"], name="score_component_once"),)

    def __str__(self) -> str:
        return f"{self.key}: {self.points:.1f}"
