"""What strangers may send about wallets, and what they get back."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from wallets.chain.configured import CAPABILITIES
from wallets.engine import hazards, what_if
from wallets.engine.chains import imports, registry
from wallets.engine.score_difference import Step
from wallets.models import Chain


class ChainsIn(serializers.Serializer[object]):
    group = serializers.ChoiceField(choices=registry.GROUPS, required=False)
    status = serializers.ChoiceField(choices=registry.STATUSES, required=False)
    q = serializers.CharField(required=False, max_length=60, help_text="Part of the name.")


class BlockchainOut(serializers.Serializer[object]):
    number = serializers.IntegerField()
    group = serializers.CharField()
    key = serializers.CharField()
    name = serializers.CharField()
    caip2 = serializers.CharField(help_text="Chain id of CAIP-2; with the genesis hash it is the key of the chain.")
    genesis_hash = serializers.CharField(help_text="Empty until a node has told it.")
    eip155_id = serializers.IntegerField(allow_null=True)
    kind = serializers.CharField()
    symbol = serializers.CharField(help_text="For display; symbols are used twice.")
    status = serializers.ChoiceField(choices=registry.STATUSES)
    testnet = serializers.BooleanField()
    multicall3 = serializers.CharField()
    note = serializers.CharField()
    capabilities = serializers.SerializerMethodField(help_text="By configured source.")
    last_checked_block = serializers.SerializerMethodField()

    def get_capabilities(self, chain: Chain) -> dict[str, list[str]]:
        """What the sources that are configured for it can see."""
        told: dict[str, list[str]] = {"file": ["native_tx", "internal", "erc20", "logs"]} if chain.kind == "evm" else {}
        return told | {row.kind: list(CAPABILITIES[row.kind]) for row in chain.endpoints.all() if row.healthy}

    def get_last_checked_block(self, chain: Chain) -> int | None:
        """The highest block that a source had at its last check."""
        return max((row.checked_block for row in chain.endpoints.all() if row.checked_block is not None), default=None)


class WalletIn(serializers.Serializer[object]):
    chain = serializers.CharField(max_length=41, help_text="Key of the registry or CAIP-2 id.")
    address = serializers.CharField(max_length=128)
    name = serializers.CharField(max_length=60, default="", allow_blank=True)


class WalletOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="wallet.uuid")
    account = serializers.CharField(source="wallet.account", help_text="CAIP-10.")
    chain = serializers.CharField(source="wallet.chain.key")
    name = serializers.CharField(source="wallet.label")
    state = serializers.ChoiceField(choices=["verified", "moved", "watched"])
    method = serializers.CharField(source="proof.method", default=None, allow_null=True)
    proved_at = serializers.DateTimeField(source="proof.proved_at", default=None, allow_null=True)
    evidence_root = serializers.CharField(source="evidence.root", default=None, allow_null=True)
    confirmed = serializers.BooleanField(source="evidence.confirmed", default=False)


class WalletWarningOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    wallet = serializers.UUIDField(source="wallet.uuid")
    account = serializers.CharField(source="wallet.account", help_text="CAIP-10.")
    kind = serializers.ChoiceField(choices=hazards.KINDS)
    text = serializers.CharField(source="facts", help_text="A sanctions hit names the list and its date.")
    found_at = serializers.DateTimeField()


class ChallengeIn(serializers.Serializer[object]):
    wallet = serializers.UUIDField()


class ChallengeOut(serializers.Serializer[object]):
    message = serializers.CharField(help_text="EIP-4361 text; sign it with personal_sign.")
    expires_at = serializers.DateTimeField()


class ProofIn(serializers.Serializer[object]):
    message = serializers.CharField(max_length=10_000, trim_whitespace=False)
    signature = serializers.CharField(max_length=20_002)


class VerifyIn(ProofIn):
    wallet = serializers.UUIDField()


class ProofOut(serializers.Serializer[object]):
    account = serializers.CharField()
    method = serializers.ChoiceField(choices=["eoa", "eip1271", "eip6492"])
    block = serializers.IntegerField(allow_null=True)
    proved_at = serializers.DateTimeField()


class WalletFileIn(serializers.Serializer[object]):
    wallet = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=list(imports.KINDS))
    file = serializers.FileField()


class RefusedRowOut(serializers.Serializer[object]):
    line = serializers.IntegerField()
    field = serializers.CharField()
    message = serializers.CharField()


class WalletFileOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    kind = serializers.CharField()
    filename = serializers.CharField()
    sha256 = serializers.CharField()
    rows = serializers.IntegerField()
    refused_count = serializers.IntegerField()
    refused = RefusedRowOut(many=True, help_text="At most 100.")
    received_at = serializers.DateTimeField()


class CoverageOut(serializers.Serializer[object]):
    stream = serializers.CharField()
    source_name = serializers.CharField(source="source")
    since = serializers.DateTimeField(allow_null=True, help_text="Null: from the beginning.")
    until = serializers.DateTimeField()
    complete = serializers.FloatField()


class ReadingOut(serializers.Serializer[object]):
    reading = serializers.CharField()
    from_block = serializers.IntegerField()
    next_block = serializers.IntegerField(help_text="The first block that was not read.")


class SyncOut(serializers.Serializer[object]):
    state = serializers.CharField(help_text="never, waiting, reading, done or stopped.")
    running = serializers.BooleanField()
    possible = serializers.BooleanField(help_text="Whether a healthy node of the chain is configured.")
    source_name = serializers.CharField(source="source")
    target_block = serializers.IntegerField(allow_null=True)
    share = serializers.FloatField(help_text="Of the blocks up to the target, 0 to 1.")
    trouble = serializers.CharField()
    readings = ReadingOut(many=True)
    coverage = CoverageOut(many=True)


class MovementOut(serializers.Serializer[object]):
    at = serializers.DateTimeField()
    asset = serializers.CharField()
    amount = serializers.CharField()
    usd = serializers.FloatField(allow_null=True, help_text="Null: price unknown.")
    incoming = serializers.BooleanField()
    other = serializers.CharField()
    hash = serializers.CharField()


class HoldingOut(serializers.Serializer[object]):
    asset = serializers.CharField()
    symbol = serializers.CharField()
    amount = serializers.CharField()
    usd = serializers.FloatField(allow_null=True, help_text="Null: price unknown.")


class AllowanceOut(serializers.Serializer[object]):
    token = serializers.CharField(source="approval.token")
    symbol = serializers.CharField()
    spender = serializers.CharField(source="approval.spender")
    known_spender = serializers.CharField(help_text="Protocol of the registry, or empty.")
    amount = serializers.CharField()
    unlimited = serializers.BooleanField(source="approval.unlimited")
    at = serializers.DateTimeField()
    at_risk_usd = serializers.FloatField(allow_null=True)
    listed = serializers.BooleanField(help_text="Whether a list of sanctions, mixers or drainers names the spender.")
    revoke_to = serializers.CharField(source="approval.revoke_to")
    revoke_calldata = serializers.CharField(source="approval.revoke_calldata")


class ScoreWalletsIn(serializers.Serializer[object]):
    wallets = serializers.ListField(child=serializers.UUIDField(), min_length=1, max_length=20)


class OnchainScoreOut(serializers.Serializer[object]):
    id = serializers.UUIDField(source="uuid")
    status = serializers.CharField()
    reason = serializers.CharField()
    score = serializers.IntegerField(source="value", allow_null=True, help_text="0 to 900.")
    low = serializers.IntegerField(allow_null=True, help_text="With what is missing taken as 0.")
    high = serializers.IntegerField(allow_null=True, help_text="With what is missing taken as 1.")
    likely_low = serializers.IntegerField(allow_null=True, help_text="Inner 90 % band, block bootstrap over weeks.")
    likely_high = serializers.IntegerField(allow_null=True)
    coverage = serializers.FloatField()
    confirmed = serializers.BooleanField(help_text="Whether a node confirmed the evidence.")
    as_of = serializers.DateTimeField()
    evidence_root = serializers.CharField()
    model_version = serializers.CharField(source="model.version")
    model_hash = serializers.CharField(source="model.hash")
    flags = serializers.ListField(child=serializers.DictField())


class OnchainScorePageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OnchainScoreOut(many=True)


class ComponentOut(serializers.Serializer[object]):
    number = serializers.IntegerField()
    key = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField()
    weight = serializers.FloatField()
    bonus = serializers.BooleanField()
    median = serializers.FloatField()
    values = serializers.DictField()
    judged = serializers.FloatField(allow_null=True)
    coverage = serializers.FloatField()
    points = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()


class ReasonOut(serializers.Serializer[object]):
    key = serializers.CharField(source="part.key")
    name = serializers.CharField(source="part.name")
    values = serializers.DictField(source="part.values")
    points = serializers.FloatField(help_text="Against the median of the reference population.")
    direction = serializers.ChoiceField(choices=["increases_risk", "decreases_risk"])


class CostOut(serializers.Serializer[object]):
    key = serializers.CharField()
    name = serializers.CharField()
    usd = serializers.FloatField(allow_null=True, help_text="Null: unknown.")
    days = serializers.FloatField()


class PriceStressOut(serializers.Serializer[object]):
    chain = serializers.CharField()
    wallet = serializers.CharField()
    protocol = serializers.CharField()
    factor = serializers.FloatField(help_text="Health factor at the score's moment.")
    fall = serializers.FloatField(help_text="Fall of the collateral against the debt that takes the factor to 1.")
    paths = serializers.IntegerField(help_text="Stretches of 30 days of the price history that were played again.")
    lowest = serializers.FloatField(help_text="Factor at the worst point of the worst of them.")
    liquidated = serializers.FloatField(help_text="Share of them in which the factor falls below 1.")


class ExplanationOut(serializers.Serializer[object]):
    score = OnchainScoreOut()
    reasons = ReasonOut(many=True)
    sources = serializers.ListField(child=serializers.CharField(), help_text="Where the evidence came from.")
    stress = PriceStressOut(many=True, help_text="Open loans under the prices of the past.")
    costs = CostOut(many=True, help_text="What raising each parameter to its top would cost somebody who is not good.")


class PartPointsOut(serializers.Serializer[object]):
    key = serializers.CharField()
    points = serializers.FloatField()


class ScoreStepOut(serializers.Serializer[object]):
    cause = serializers.CharField()
    points = serializers.FloatField()
    parts = serializers.SerializerMethodField()

    @extend_schema_field(PartPointsOut(many=True))
    def get_parts(self, step: Step) -> object:
        """By parameter."""
        return [{"key": key, "points": points} for key, points in step.parts]


class SimulateIn(serializers.Serializer[object]):
    change = serializers.ChoiceField(choices=what_if.CHANGES)
    share = serializers.FloatField(default=1.0, min_value=0.01, max_value=1.0, help_text="Of the debt, for repay.")
    days = serializers.IntegerField(default=90, min_value=1, max_value=3650, help_text="For wait.")


class WhatIfOut(serializers.Serializer[object]):
    points = serializers.FloatField()
    parts = serializers.SerializerMethodField()

    @extend_schema_field(PartPointsOut(many=True))
    def get_parts(self, outcome: what_if.Outcome) -> object:
        """By parameter."""
        return [{"key": key, "points": points} for key, points in outcome.parts]
