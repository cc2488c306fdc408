"""What the house does on chains, as pages and API show it: contracts, transactions, what they cost."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.db.models.functions import TruncDate

from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from wallets.chain.artefacts import PURPOSES, artefact
from wallets.chain.signer import sender_of
from wallets.models import Chain, ChainEndpoint, ChainTransaction, DeployedContract, TransactionState
from wallets.models.outbound import OPEN

REPORT_DAYS = 30


@dataclass(frozen=True)
class HouseSetup:
    """Whether anything can be sent: who signs (address only), which chains have a healthy node, which have none."""

    sender: str
    chains: tuple[Chain, ...]
    troubled: tuple[ChainEndpoint, ...]

    @property
    def is_ready(self) -> bool:
        return bool(self.sender and self.chains)


@dataclass(frozen=True)
class ContractView:
    """A contract with what it is for, its transactions so far, and whether its source is still the one deployed."""

    contract: DeployedContract
    purpose: str
    deployment: ChainTransaction | None
    confirmed: int
    open: int
    spent_gwei: int
    is_current: bool


@dataclass(frozen=True)
class TransactionView:
    """One transaction with all attempts under its number, oldest first."""

    transaction: ChainTransaction
    attempts: tuple[ChainTransaction, ...]
    confirmations_needed: int

    @property
    def may_cost_more(self) -> bool:
        """Whether two people may still agree to pay more."""
        return self.transaction.state in OPEN and self.transaction.state != TransactionState.MINED


@dataclass(frozen=True)
class GasLine:
    """What one function of one contract took: how often, gas on average and at most, paid in all."""

    contract: str
    chain: str
    function: str
    count: int
    gas: int
    most: int
    gwei: int


@dataclass(frozen=True)
class GasReport:
    """What was paid since a moment, by function and by day."""

    since: datetime
    lines: tuple[GasLine, ...]
    days: tuple[tuple[str, int, int], ...]

    @property
    def gwei(self) -> int:
        """In all."""
        return sum(line.gwei for line in self.lines)

    @property
    def count(self) -> int:
        """Transactions in blocks."""
        return sum(line.count for line in self.lines)


def house_setup() -> HouseSetup:
    """Who signs and where can be sent."""
    signer = sender_of(settings.CHAIN_SENDER_KEY, settings.CHAIN_SIGNER_URL, settings.CHAIN_SIGNER_ADDRESS)
    asked = ChainEndpoint.objects.filter(chain__key__in=settings.CHAIN_ENDPOINTS).select_related("chain")
    rows = list(asked.order_by("chain__number"))
    chains = tuple(row.chain for row in rows if row.healthy)
    return HouseSetup(signer.address if signer else "", chains, tuple(row for row in rows if not row.healthy))


def contracts() -> QuerySet[DeployedContract]:
    """All versions, newest first."""
    rows = DeployedContract.objects.select_related("chain", "registered_by", "deployed_by", "approved_by")
    return rows.defer("abi").order_by("-registered_at", "-pk")


def contract_view(*, contract_id: UUID) -> ContractView:
    """One contract. Raises NotVisible."""
    found = contracts().filter(uuid=contract_id).first()
    if found is None:
        raise NotVisible
    rows = ChainTransaction.objects.filter(contract=found)
    counted = rows.aggregate(
        confirmed=Count("pk", filter=Q(state=TransactionState.CONFIRMED)), open=Count("pk", filter=Q(state__in=OPEN)),
        spent=Sum("cost_gwei"),
    )  # fmt: skip
    deployment = rows.filter(function="").order_by("-pk").first()
    current = artefact(found.name).code_hash == found.code_hash
    spent = counted["spent"] or 0
    return ContractView(found, PURPOSES[found.name], deployment, counted["confirmed"], counted["open"], spent, current)


def house_transactions(*, state: str = "") -> QuerySet[ChainTransaction]:
    """All, newest first; `state` narrows when it is one we know."""
    rows = ChainTransaction.objects.select_related("contract", "chain", "asked_by", "approved_by")
    rows = rows.defer("raw", "data", "contract__abi")
    if state in TransactionState.values:
        rows = rows.filter(state=state)
    return rows.order_by("-prepared_at", "-pk")


def transaction_view(*, transaction_id: UUID) -> TransactionView:
    """One of them. Raises NotVisible."""
    found = house_transactions().filter(uuid=transaction_id).first()
    if found is None:
        raise NotVisible
    attempts: tuple[ChainTransaction, ...] = (found,)
    if found.nonce is not None:
        rivals = house_transactions().filter(chain=found.chain, sender=found.sender, nonce=found.nonce)
        attempts = tuple(rivals.order_by("pk"))
    needed = int(settings.CHAIN_CONFIRMATIONS.get(found.chain.key, max(settings.CHAIN_FINALITY_BLOCKS, 1)))
    return TransactionView(found, attempts, needed)


def gas_report(*, at: datetime) -> GasReport:
    """What the last thirty days took."""
    since = at - timedelta(days=REPORT_DAYS)
    rows = ChainTransaction.objects.filter(mined_at__gte=since, cost_gwei__isnull=False)
    grouped = rows.values("contract__name", "chain__name", "function").annotate(
        count=Count("pk"), gas=Sum("gas_used"), most=Max("gas_used"), gwei=Sum("cost_gwei")
    )
    lines = tuple(
        GasLine(
            row["contract__name"], row["chain__name"], row["function"], row["count"], row["gas"] // row["count"],
            row["most"], row["gwei"],
        )
        for row in grouped.order_by("contract__name", "chain__name", "function")
    )  # fmt: skip
    daily = rows.annotate(day=TruncDate("mined_at", tzinfo=IST)).values("day")
    counted = daily.annotate(count=Count("pk"), gwei=Sum("cost_gwei")).order_by("day")
    days = tuple((row["day"].isoformat(), row["count"], row["gwei"]) for row in counted)
    return GasReport(since, lines, days)
