"""Wallets, their evidence and their scores as pages and API show them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from accounts.models import User
from creditiq.kernel.errors import NotVisible
from wallets.engine import evidence_json
from wallets.engine.evidence import Evidence, WalletRow
from wallets.engine.forging import Cost, costs
from wallets.engine.ledger import reconstruct
from wallets.engine.onchain_model import from_document
from wallets.engine.permits import Approval
from wallets.engine.price_paths import Stress, stress
from wallets.models import (
    Chain,
    ChainEndpoint,
    OnchainScore,
    ScoreComponent,
    SignerKind,
    Wallet,
    WalletEvidence,
    WalletFile,
    WalletProof,
)
from wallets.selectors.risks import with_risks, with_risks_of_now

LATEST = 50
LEAST_POINTS = 0.5
POINTS_OF_WEIGHT = 9


@dataclass(frozen=True)
class WalletLine:
    """One wallet of a person: proved or watched, and what is known of its history."""

    wallet: Wallet
    proof: WalletProof | None
    evidence: WalletEvidence | None

    @property
    def state(self) -> str:
        """verified, moved (somebody else proved it) or watched."""
        if self.proof is not None:
            return "verified"
        return "moved" if self.wallet.lost_at else "watched"


@dataclass(frozen=True)
class Movement:
    """A movement across the wallet's border."""

    at: datetime
    asset: str
    amount: str
    usd: float | None
    incoming: bool
    other: str
    hash: str


@dataclass(frozen=True)
class Holding:
    """Something held, worth so much at the evidence's moment (None: price unknown)."""

    asset: str
    symbol: str
    amount: str
    usd: float | None


@dataclass(frozen=True)
class OpenApproval:
    """A permission that is open, how it is named, what lies open, the call that ends it; `listed`: its spender is."""

    approval: Approval
    symbol: str
    known_spender: str
    at: datetime
    at_risk_usd: float | None
    listed: bool

    @property
    def amount(self) -> str:
        """Everything, or the smallest units allowed."""
        return "everything" if self.approval.unlimited else str(self.approval.amount)


@dataclass(frozen=True)
class Coverage:
    """How far one stream of a wallet was seen, by whom."""

    stream: str
    source: str
    since: datetime | None
    until: datetime
    complete: float


@dataclass(frozen=True)
class WalletView:
    """One wallet with its history."""

    line: WalletLine
    files: tuple[WalletFile, ...]
    coverage: tuple[Coverage, ...]
    activity: tuple[Movement, ...]
    holdings: tuple[Holding, ...]
    approvals: tuple[OpenApproval, ...]


@dataclass(frozen=True)
class Reason:
    """A part that lifts or lowers a score against the median of the reference population."""

    part: ScoreComponent
    points: float

    @property
    def direction(self) -> str:
        """For the API, in the words of the other line."""
        return "decreases_risk" if self.points > 0 else "increases_risk"


@dataclass(frozen=True)
class ScoreView:
    """A score with its parts, reasons, history and sources, what forging it would cost, loans under past prices."""

    score: OnchainScore
    wallets: tuple[Wallet, ...]
    parts: tuple[ScoreComponent, ...]
    reasons: tuple[Reason, ...]
    earlier: OnchainScore | None
    costs: tuple[Cost, ...]
    stress: tuple[Stress, ...]
    sources: tuple[str, ...]


def own_wallet(*, user: User, wallet_id: UUID) -> Wallet:
    """A wallet on the person's list. Raises NotVisible."""
    found = Wallet.objects.of(user).select_related("chain").filter(uuid=wallet_id).first()
    if found is None:
        raise NotVisible
    return found


def own_wallets(*, user: User, wallet_ids: Sequence[UUID]) -> list[Wallet]:
    """The same of several, in the order of their addition. Raises NotVisible when one is not theirs."""
    found = list(Wallet.objects.of(user).select_related("chain").filter(uuid__in=wallet_ids).order_by("pk"))
    if len(found) != len(set(wallet_ids)):
        raise NotVisible
    return found


def own_score(*, user: User, score_id: UUID) -> OnchainScore:
    """A score the person asked for. Raises NotVisible."""
    found = OnchainScore.objects.of(user).select_related("model").filter(uuid=score_id).first()
    if found is None:
        raise NotVisible
    return found


def networks(*, group: str = "", status: str = "", q: str = "") -> QuerySet[Chain]:
    """Networks of the registry in its order, with what their sources said."""
    sources = Prefetch("endpoints", ChainEndpoint.objects.order_by("-kind", "number"))
    found = Chain.objects.prefetch_related(sources).order_by("number")
    if group:
        found = found.filter(group=group)
    if status:
        found = found.filter(status=status)
    return found.filter(name__icontains=q) if q else found


def wallet_lines(*, user: User) -> list[WalletLine]:
    """The person's wallets, the latest first."""
    wallets = list(Wallet.objects.of(user).select_related("chain").order_by("-added_at", "-pk"))
    proofs = {row.wallet_id: row for row in WalletProof.objects.filter(wallet__in=wallets, revoked_at__isnull=True)}
    held = {row.wallet_id: row for row in WalletEvidence.objects.filter(wallet__in=wallets).defer("content")}
    return [WalletLine(wallet, proofs.get(wallet.pk), held.get(wallet.pk)) for wallet in wallets]


def proved_wallets(*, user: User) -> tuple[Wallet, ...]:
    """A person's wallets that a key of theirs proved, and still does."""
    proved = WalletProof.objects.filter(revoked_at__isnull=True, method=SignerKind.EOA).values("wallet")
    rows = Wallet.objects.of(user).filter(pk__in=proved, lost_at__isnull=True).select_related("chain")
    return tuple(rows.order_by("pk"))


def own_scores(*, user: User) -> QuerySet[OnchainScore]:
    """The person's scores without their evidence, newest first."""
    return OnchainScore.objects.of(user).select_related("model").defer("evidence")


def latest_number(*, user: User) -> OnchainScore | None:
    """The person's latest score that has a number, without its evidence."""
    return own_scores(user=user).exclude(value=None).first()


def stored_evidence(wallet: Wallet) -> Evidence | None:
    """What is known of a wallet so far."""
    row = WalletEvidence.objects.filter(wallet=wallet).first()
    return None if row is None else _unpacked(row.content)


def _unpacked(content: bytes | memoryview) -> Evidence:
    return evidence_json.read(zlib.decompress(bytes(content)))


def evidence_of_score(score: OnchainScore) -> Evidence:
    """The frozen evidence a score was made from."""
    return _unpacked(score.evidence)


def bundle_evidence(wallets: Sequence[Wallet], *, as_of: int) -> tuple[Evidence, bool] | None:
    """The evidence of some wallets as one set at a moment, and whether a node confirmed all of it; None without any."""
    rows = list(WalletEvidence.objects.filter(wallet__in=wallets).order_by("wallet_id"))
    if not rows:
        return None
    proved = set(
        WalletProof.objects.filter(wallet__in=wallets, revoked_at__isnull=True).values_list("wallet", flat=True)
    )
    own = tuple(WalletRow(wallet.chain.caip2, wallet.address, wallet.pk in proved) for wallet in wallets)
    merged = Evidence(as_of=as_of)
    for row in rows:
        merged = _joined(merged, _unpacked(row.content))
    return with_risks(replace(merged, wallets=own)), all(row.confirmed for row in rows) and len(rows) == len(wallets)


def _joined(one: Evidence, other: Evidence) -> Evidence:
    return replace(
        one,
        streams=tuple({*one.streams, *other.streams}),
        transactions=tuple({*one.transactions, *other.transactions}),
        transfers=tuple({*one.transfers, *other.transfers}),
        logs=tuple({*one.logs, *other.logs}),
        balances=tuple({*one.balances, *other.balances}),
        prices=tuple({*one.prices, *other.prices}),
        health=tuple({*one.health, *other.health}),
        tokens=tuple({*one.tokens, *other.tokens}),
        contracts=tuple({*one.contracts, *other.contracts}),
        risks=tuple({*one.risks, *other.risks}),
    )


def wallet_view(*, user: User, wallet_id: UUID) -> WalletView:
    """One wallet with its history. Raises NotVisible."""
    wallet = own_wallet(user=user, wallet_id=wallet_id)
    proof = WalletProof.objects.filter(wallet=wallet, revoked_at__isnull=True).first()
    row = WalletEvidence.objects.filter(wallet=wallet).first()
    files = tuple(WalletFile.objects.filter(wallet=wallet).order_by("-received_at", "-pk"))
    line = WalletLine(wallet, proof, row)
    if row is None:
        return WalletView(line, files, (), (), (), ())
    evidence = with_risks_of_now(_unpacked(row.content))
    return WalletView(line, files, _coverage(evidence), *_history(evidence))


def _coverage(evidence: Evidence) -> tuple[Coverage, ...]:
    return tuple(
        Coverage(row.stream, row.source, _moment(row.since) if row.since else None, _moment(row.until), row.complete)
        for row in sorted(evidence.streams)
    )


def _history(evidence: Evidence) -> tuple[tuple[Movement, ...], tuple[Holding, ...], tuple[OpenApproval, ...]]:
    ledger = reconstruct(evidence)
    tokens, contracts = ledger.book.tokens, ledger.contracts
    flows = sorted(ledger.flows, key=lambda flow: (-flow.at, flow.hash))[:LATEST]
    held = {asset: usd for asset, _, usd in ledger.holdings()}
    flagged = {row.address for row in evidence.risks}

    def symbol(asset: str) -> str:
        token = tokens.get(asset)
        return token.symbol if token else "unlisted"

    def amount(asset: str, units: int) -> str:
        token = tokens.get(asset)
        return f"{units / 10**token.decimals:,.4f}".rstrip("0").rstrip(".") if token else f"{units} units"

    activity = tuple(
        Movement(_moment(flow.at), symbol(flow.asset), amount(flow.asset, flow.amount), flow.usd, flow.incoming,
                 flow.other, flow.hash)
        for flow in flows
    )  # fmt: skip
    holdings = tuple(
        Holding(asset, symbol(asset), amount(asset, units), usd) for asset, units, usd in ledger.holdings()
    )
    approvals = tuple(
        OpenApproval(row, symbol(row.asset), contracts[row.spender].protocol if row.spender in contracts else "",
                     _moment(row.at), held.get(row.asset), row.spender in flagged)
        for row in ledger.approvals
    )  # fmt: skip
    return activity, tuple(sorted(holdings, key=lambda row: -(row.usd or 0))), approvals


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def score_view(*, user: User, score_id: UUID) -> ScoreView:
    """One score with everything that explains it. Raises NotVisible."""
    score = own_score(user=user, score_id=score_id)
    parts = tuple(score.components.order_by("number"))
    wallets = tuple(score.wallets.select_related("chain").order_by("pk"))
    before = OnchainScore.objects.of(user).defer("evidence").filter(as_of__lt=score.as_of, wallets__in=wallets)
    evidence = evidence_of_score(score)
    ledger = reconstruct(evidence)
    found = costs(ledger, from_document(score.model.document))
    sources = tuple(sorted({row.source for row in evidence.streams} | {row.source for row in evidence.prices}))
    return ScoreView(
        score, wallets, parts, reasons(parts), before.exclude(value=None).first(), found, stress(ledger), sources
    )


def reasons(parts: Sequence[ScoreComponent]) -> tuple[Reason, ...]:
    """Parts by how far they lift or lower the score against the reference median, strongest first."""
    told = [Reason(part, part.points - POINTS_OF_WEIGHT * part.weight * part.median) for part in parts]
    return tuple(
        sorted((one for one in told if abs(one.points) >= 0.5), key=lambda one: (-abs(one.points), one.part.number))
    )
