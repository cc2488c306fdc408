"""What the evidence app announces."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class EvidenceReceived(Event):
    """A file came in and waits to be read."""

    upload_id: int
    business_id: int


@dataclass(frozen=True)
class EvidenceRecorded(Event):
    """New records of a business are stored."""

    upload_id: int
    business_id: int


@dataclass(frozen=True)
class UploadRefused(Event):
    """A file broke rules and nothing of it was written."""

    upload_id: int
    business_id: int


@dataclass(frozen=True)
class WalletProved(Event):
    """Somebody proved that a wallet is theirs."""

    wallet_id: int
    user_id: int


@dataclass(frozen=True)
class WalletClaimMoved(Event):
    """A wallet was proved by somebody else; `user_id` held the proof before."""

    wallet_id: int
    user_id: int


@dataclass(frozen=True)
class WalletSyncAsked(Event):
    """A wallet waits to be read from its chain's source."""

    wallet_id: int
    user_id: int


@dataclass(frozen=True)
class WalletSynced(Event):
    """The reading of a wallet ended, at its target or because its source does not answer."""

    wallet_id: int
    user_id: int


@dataclass(frozen=True)
class WalletEvidenceKept(Event):
    """What is known of a wallet is another thing than before: a file or a source told more."""

    wallet_id: int
    user_id: int


@dataclass(frozen=True)
class RiskListTaken(Event):
    """A list names other addresses than before."""

    list_id: int


@dataclass(frozen=True)
class WalletsListed(Event):
    """Wallets from one key to another, both with it, are to be held against the lists."""

    first_id: int
    last_id: int


@dataclass(frozen=True)
class SanctionsHit(Event):
    """A wallet is on a list of sanctions, mixers or drainers, or dealt with an address that is."""

    warning_id: int
    user_id: int


@dataclass(frozen=True)
class HealthFactorLow(Event):
    """A loan of a wallet is close to liquidation."""

    warning_id: int
    user_id: int


@dataclass(frozen=True)
class ApprovalAtRisk(Event):
    """Somebody unknown or listed may take all of a token that a wallet holds."""

    warning_id: int
    user_id: int


@dataclass(frozen=True)
class OnchainScoreIssued(Event):
    """A score of wallets is on record."""

    score_id: int
    user_id: int


@dataclass(frozen=True)
class UploadCancelled(Event):
    """A file was taken back before it was read."""

    upload_id: int
    business_id: int


@dataclass(frozen=True)
class TransactionPrepared(Event):
    """A transaction of ours waits to be signed and sent."""

    transaction_id: int


@dataclass(frozen=True)
class TransactionSettled(Event):
    """A transaction of ours is confirmed, or failed for good."""

    transaction_id: int


@dataclass(frozen=True)
class SourceFetchAsked(Event):
    """A connected source holds something that is still to be fetched."""

    connection_id: int
    business_id: int


@dataclass(frozen=True)
class SourceMoved(Event):
    """A connection to a source took a step."""

    connection_id: int
    business_id: int
