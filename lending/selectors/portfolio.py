"""The portfolio of a bank: standings, concentration, vintages, movements, provisions both ways, shocks, returns."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from accounts.models import User
from creditiq.kernel.hashing import digest
from lending.engine.credit_loss import loss_given_default
from lending.engine.portfolio import Position, Share, Shock, concentration, expected_loss, shares, shocked
from lending.engine.regulation import Regulation, shipped
from lending.models import ClassificationEvent, Due, Loan, ProvisionLine

NOTHING = Decimal(0)
UNKNOWN_PD = Decimal(100)
MONTHS_BACK = 6


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
    sectors: tuple[Share, ...]
    states: tuple[Share, ...]
    products: tuple[Share, ...]
    vintages: tuple[Share, ...]
    moves: tuple[Move, ...]
    shocks: tuple[Shock, ...]
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


def portfolio(*, user: User, on: date) -> Portfolio:
    """The running loans a person may see, as of the last closed day. Four queries."""
    loans = list(
        Loan.objects.visible_to(user).running().select_related("business", "product", "disbursement").order_by("pk")
    )
    lines = {
        line.loan_id: line
        for line in ProvisionLine.objects.filter(loan__in=loans).order_by("loan_id", "-on").distinct("loan_id")
    }
    owed = dict(
        Due.objects.filter(loan__in=loans, component="principal")
        .values("loan_id")
        .annotate(left=Sum("amount") - Sum("paid") - Sum("let_go"))
        .values_list("loan_id", "left")
    )
    rules = shipped()
    positions = tuple(_position(loan, lines.get(loan.pk), owed.get(loan.pk, NOTHING), rules, on) for loan in loans)
    sectors = shares(positions, lambda one: one.sector)
    return Portfolio(
        on=max((loan.through for loan in loans), default=None),
        snapshot=digest([[one.account, one.outstanding, one.standing, one.held] for one in positions])[:16],
        positions=positions,
        standings=shares(positions, lambda one: one.standing),
        sectors=sectors,
        states=shares(positions, lambda one: one.state),
        products=shares(positions, lambda one: one.product),
        vintages=tuple(sorted(shares(positions, lambda one: one.vintage), key=lambda share: share.name)),
        moves=_moves(user, on),
        shocks=_shocks(positions, sectors),
        watched=tuple(
            _row(loan, one) for loan, one in zip(loans, positions, strict=True) if loan.dpd or one.non_performing
        ),
    )


def _position(loan: Loan, line: ProvisionLine | None, principal_due: Decimal, rules: Regulation, on: date) -> Position:
    performing = loan.asset_class == "standard"
    return Position(
        account=loan.account_no,
        outstanding=loan.principal + max(loan.interest_due - loan.suspended, NOTHING),
        overdue=loan.interest_due + principal_due,
        standing=(loan.sma or "Regular") if performing else loan.get_asset_class_display(),
        non_performing=not performing,
        sector=loan.business.sector,
        state=str(loan.business.state_code),
        product=loan.product.name,
        vintage=f"{loan.opened_at:%Y-%m}",
        pd=loan.pd if loan.pd is not None else UNKNOWN_PD,
        lgd=loss_given_default(None, rules.loss_rules(on), secured=loan.security > 0),
        irac=line.irac if line else NOTHING,
        ecl=line.ecl if line else NOTHING,
        held=loan.provision,
    )


def _moves(user: User, on: date) -> tuple[Move, ...]:
    since = date(on.year - (on.month <= MONTHS_BACK), (on.month - MONTHS_BACK - 1) % 12 + 1, 1)
    events = ClassificationEvent.objects.filter(loan__in=Loan.objects.visible_to(user), on__gte=since)
    counted = Counter(
        (f"{event.on:%Y-%m}", _name(event.from_class, event.from_sma), _name(event.to_class, event.to_sma))
        for event in events.order_by("on", "pk")
    )
    return tuple(Move(*key, loans) for key, loans in sorted(counted.items(), reverse=True))


def _name(asset_class: str, sma: str) -> str:
    return (
        (sma or "Regular") if asset_class == "standard" else asset_class.replace("doubtful", "doubtful ").capitalize()
    )


def _shocks(positions: Sequence[Position], sectors: Sequence[Share]) -> tuple[Shock, ...]:
    largest = sectors[0].name if sectors else ""
    one, double, triple = Decimal(1), Decimal(2), Decimal(3)
    return (
        shocked(positions, "Everybody's risk of default doubles", lambda _: double),
        shocked(positions, "GST shock: the risk of unsecured loans triples", lambda at: triple if at.lgd > 65 else one),
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
