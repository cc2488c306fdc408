"""The portfolio of a bank: standings, concentration, vintages, movements, provisions both ways, shocks, returns."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from django.db.models import Sum

from accounts.models import User
from creditiq.kernel.clock import IST
from creditiq.kernel.hashing import digest
from creditiq.kernel.states import state_name
from lending.engine.credit_loss import loss_given_default
from lending.engine.portfolio import (
    Appetite,
    BridgeRow,
    Position,
    Share,
    Shock,
    appetites,
    bridge,
    concentration,
    expected_loss,
    shares,
    shocked,
)
from lending.engine.regulation import Regulation, shipped
from lending.models import ClassificationEvent, Due, Loan, ProvisionLine
from lending.models.loans import LoanQuerySet
from lending.selectors.policies import policy_at
from scoring.models import ScoreRun
from scoring.services import gst_shock

NOTHING = Decimal(0)
UNKNOWN_PD = Decimal(100)
MONTHS_BACK = 6
GST_FALL = 0.3
"""The share by which invoiced sales fall in the shock that is shown."""


@dataclass(frozen=True)
class Move:
    """Loans that went from one standing to another in a month."""

    month: str
    start: str
    end: str
    loans: int


@dataclass(frozen=True)
class ReturnRow:
    """One loan of the SMA and NPA return."""

    account: str
    borrower: str
    outstanding: Decimal
    overdue: Decimal
    dpd: int
    standing: str
    npa_date: date | None
    held: Decimal


@dataclass(frozen=True)
class Portfolio:
    """The book on a day. `snapshot` is the digest of every position: equal books have equal ones."""

    on: date | None
    snapshot: str
    positions: tuple[Position, ...]
    standings: tuple[Share, ...]
    bands: tuple[Share, ...]
    sectors: tuple[Share, ...]
    states: tuple[Share, ...]
    products: tuple[Share, ...]
    vintages: tuple[Share, ...]
    moves: tuple[Move, ...]
    shocks: tuple[Shock, ...]
    appetites: tuple[Appetite, ...]
    bridge_rows: tuple[BridgeRow, ...]
    watched: tuple[ReturnRow, ...]

    @property
    def loans(self) -> int:
        """Running loans."""
        return len(self.positions)

    @property
    def outstanding(self) -> Decimal:
        """Principal and interest due that counts as income."""
        return sum((one.outstanding for one in self.positions), NOTHING)

    @property
    def overdue(self) -> Decimal:
        """Unpaid principal and interest."""
        return sum((one.overdue for one in self.positions), NOTHING)

    @property
    def non_performing(self) -> Decimal:
        """Outstanding of the loans that are."""
        return sum((one.outstanding for one in self.positions if one.non_performing), NOTHING)

    @property
    def npa_percent(self) -> Decimal:
        """Its share of the book, per cent."""
        whole = self.outstanding
        return (self.non_performing * 100 / whole).quantize(Decimal("0.01")) if whole else NOTHING

    @property
    def irac(self) -> Decimal:
        """Provision by IRAC."""
        return sum((one.irac for one in self.positions), NOTHING)

    @property
    def ecl(self) -> Decimal:
        """Provision by expected loss."""
        return sum((one.ecl for one in self.positions), NOTHING)

    @property
    def held(self) -> Decimal:
        """What is held."""
        return sum((one.held for one in self.positions), NOTHING)

    @property
    def bridge(self) -> Decimal:
        """What expected loss asks beyond IRAC."""
        return self.ecl - self.irac

    @property
    def expected_loss(self) -> Decimal:
        """A year's expected loss."""
        return expected_loss(self.positions)

    @property
    def sector_concentration(self) -> Decimal:
        """Herfindahl–Hirschman index of sectors."""
        return concentration(self.sectors)


def portfolio(*, user: User, on: date, fall: float = GST_FALL) -> Portfolio:
    """The running loans a person may see, as of the last closed day; the queries do not grow with the loans.

    `fall` is the share by which invoiced sales fall in the GST shock.
    """
    return portfolio_of(Loan.objects.visible_to(user), on, fall)


def portfolio_of(seen: LoanQuerySet, on: date, fall: float = GST_FALL) -> Portfolio:
    """The running ones among these loans."""
    loans = list(seen.running().select_related("business", "product", "disbursement").order_by("pk"))
    facts = _facts_of(loans, fall)
    rules = shipped()
    positions = tuple(_position(loan, facts, rules, on) for loan in loans)
    sectors = shares(positions, lambda one: one.sector)
    appetite = policy_at(datetime.combine(on, time(23, 59), IST)).policy.expected_loss_appetite
    return Portfolio(
        on=max((loan.through for loan in loans), default=None),
        snapshot=digest([[one.account, one.outstanding, one.standing, one.held] for one in positions])[:16],
        positions=positions,
        standings=shares(positions, lambda one: one.standing),
        bands=shares(positions, lambda one: one.band),
        sectors=sectors,
        states=shares(positions, lambda one: one.state),
        products=shares(positions, lambda one: one.product),
        vintages=tuple(sorted(shares(positions, lambda one: one.vintage), key=lambda share: share.name)),
        moves=_moves(seen, on),
        shocks=_shocks(positions, sectors, fall),
        appetites=appetites(positions, appetite),
        bridge_rows=bridge(positions),
        watched=tuple(
            _row(loan, one) for loan, one in zip(loans, positions, strict=True) if loan.dpd or one.non_performing
        ),
    )


@dataclass(frozen=True)
class _Facts:
    """What positions need besides the loans, read for all at once."""

    lines: Mapping[int, ProvisionLine]
    owed: Mapping[int, Decimal]
    bands: Mapping[int, str]
    shocks: Mapping[int, tuple[float, float]]


def _facts_of(loans: Sequence[Loan], fall: float) -> _Facts:
    lines = ProvisionLine.objects.filter(loan__in=loans).order_by("loan_id", "-on").distinct("loan_id")
    owed = Due.objects.filter(loan__in=loans, component="principal").values("loan_id")
    left = owed.annotate(left=Sum("amount") - Sum("paid") - Sum("let_go")).values_list("loan_id", "left")
    businesses = sorted({loan.business_id for loan in loans})
    newest = ScoreRun.objects.filter(business__in=businesses).latest_of_each().values_list("business_id", "band")
    return _Facts(
        lines={line.loan_id: line for line in lines},
        owed=dict(left),
        bands={business: band or "without a number" for business, band in newest},
        shocks=gst_shock(business_ids=businesses, fall=fall),
    )


def _position(loan: Loan, facts: _Facts, rules: Regulation, on: date) -> Position:
    line, principal_due = facts.lines.get(loan.pk), facts.owed.get(loan.pk, NOTHING)
    performing = loan.asset_class == "standard"
    before, after = facts.shocks.get(loan.business_id, (1.0, 1.0))
    return Position(
        account=loan.account_no,
        outstanding=loan.principal + max(loan.interest_due - loan.suspended, NOTHING),
        overdue=loan.interest_due + principal_due,
        standing=(loan.sma or "Regular") if performing else loan.get_asset_class_display(),
        non_performing=not performing,
        sector=loan.business.sector,
        state=state_name(loan.business.state_code),
        product=loan.product.name,
        vintage=f"{loan.opened_at:%Y-%m}",
        pd=loan.pd if loan.pd is not None else UNKNOWN_PD,
        lgd=loss_given_default(None, rules.loss_rules(on), secured=loan.security > 0),
        irac=line.irac if line else NOTHING,
        ecl=line.ecl if line else NOTHING,
        held=loan.provision,
        band=facts.bands.get(loan.business_id, "without a number"),
        stage=line.stage if line else loan.ecl_stage,
        floor=line.floor if line else NOTHING,
        stressed=Decimal(repr(after / before)).quantize(Decimal("0.0001")) if before else Decimal(1),
    )


def _moves(seen: LoanQuerySet, on: date) -> tuple[Move, ...]:
    since = date(on.year - (on.month <= MONTHS_BACK), (on.month - MONTHS_BACK - 1) % 12 + 1, 1)
    events = ClassificationEvent.objects.filter(loan__in=seen, on__gte=since)
    counted = Counter(
        (f"{event.on:%Y-%m}", _name(event.from_class, event.from_sma), _name(event.to_class, event.to_sma))
        for event in events.order_by("on", "pk")
    )
    return tuple(Move(*key, loans) for key, loans in sorted(counted.items(), reverse=True))


def _name(asset_class: str, sma: str) -> str:
    return (
        (sma or "Regular") if asset_class == "standard" else asset_class.replace("doubtful", "doubtful ").capitalize()
    )


def _shocks(positions: Sequence[Position], sectors: Sequence[Share], fall: float) -> tuple[Shock, ...]:
    largest = sectors[0].name if sectors else ""
    one, double, triple = Decimal(1), Decimal(2), Decimal(3)
    return (
        shocked(positions, f"GST shock: invoiced sales fall by {fall:.0%}", lambda at: at.stressed),
        shocked(positions, "Everybody's risk of default doubles", lambda _: double),
        shocked(positions, "The risk of unsecured loans triples", lambda at: triple if at.lgd > 65 else one),
        shocked(
            positions, f"The risk of {largest.replace('_', ' ')}, the largest sector, triples",
            lambda at: triple if at.sector == largest else one,
        ),
    )  # fmt: skip


def _row(loan: Loan, position: Position) -> ReturnRow:
    return ReturnRow(
        account=loan.account_no,
        borrower=loan.business.legal_name,
        outstanding=position.outstanding,
        overdue=position.overdue,
        dpd=loan.dpd,
        standing=position.standing,
        npa_date=loan.npa_date,
        held=loan.provision,
    )
