"""What stands behind a request: statements of current assets, and what is charged to the bank with what it is worth."""

import uuid
from decimal import Decimal

from django.db import models

from lending.engine.working_capital import Assets, Stock, drawing_power
from lending.models.applications import LoanApplication

HUNDRED = Decimal(100)
NOTHING = Decimal(0)


class StockStatement(models.Model):
    """Current assets and liabilities of the borrower on a day, in rupees; never changed (trigger), a later one counts.

    Liabilities are those without bank borrowing; creditors are owed for goods.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="stock_statements")
    on = models.DateField()
    stock = models.DecimalField(max_digits=18, decimal_places=2)
    debtors = models.DecimalField(max_digits=18, decimal_places=2)
    other_assets = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    creditors = models.DecimalField(max_digits=18, decimal_places=2)
    other_liabilities = models.DecimalField(max_digits=18, decimal_places=2, default=0)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["application", "on"], name="stock_statement_once_a_day"),
            models.CheckConstraint(
                condition=models.Q(stock__gte=0, debtors__gte=0, other_assets__gte=0, creditors__gte=0)
                & models.Q(other_liabilities__gte=0),
                name="stock_statement_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"stock statement of {self.on}"

    @property
    def assets(self) -> Assets:
        """As the engine reads it."""
        return Assets(
            stock=self.stock, debtors=self.debtors, other_assets=self.other_assets, creditors=self.creditors,
            other_liabilities=self.other_liabilities, on=self.on.isoformat(),
        )  # fmt: skip

    @property
    def drawing_power(self) -> Decimal:
        """What may be drawn on it, in rupees."""
        return drawing_power(Stock(self.stock, self.creditors, self.debtors))


class CollateralKind(models.TextChoices):
    PROPERTY = "property", "Land or building"
    PLANT = "plant", "Plant and machinery"
    VEHICLE = "vehicle", "Vehicle"
    STOCK = "stock", "Stock and book debts"
    DEPOSIT = "deposit", "Fixed deposit"
    SECURITIES = "securities", "Shares, bonds or policies"
    OTHER = "other", "Another asset"


class Charge(models.TextChoices):
    MORTGAGE = "mortgage", "Mortgage"
    HYPOTHECATION = "hypothecation", "Hypothecation"
    PLEDGE = "pledge", "Pledge"
    LIEN = "lien", "Lien"
    ASSIGNMENT = "assignment", "Assignment"


class Collateral(models.Model):
    """One asset charged to the bank; what it is never changes (trigger), its registration is added once.

    `registered_as` is the security interest's id at CERSAI, `haircut` the per cent the bank takes off its value.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    application = models.ForeignKey(LoanApplication, on_delete=models.PROTECT, related_name="collaterals")
    kind = models.CharField(max_length=10, choices=CollateralKind)
    charge = models.CharField(max_length=13, choices=Charge)
    description = models.CharField(max_length=300)
    owner = models.CharField(max_length=120)
    haircut = models.DecimalField(max_digits=5, decimal_places=2)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    registered_as = models.CharField(max_length=20, blank=True)
    registered_on = models.DateField(null=True)
    released_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(kind__in=CollateralKind.values), name="collateral_kind_known"),
            models.CheckConstraint(condition=models.Q(charge__in=Charge.values), name="collateral_charge_known"),
            models.CheckConstraint(
                condition=models.Q(haircut__gte=0, haircut__lte=100), name="collateral_haircut_is_a_share"
            ),
            models.CheckConstraint(
                condition=models.Q(registered_as="", registered_on__isnull=True)
                | (~models.Q(registered_as="") & models.Q(registered_on__isnull=False)),
                name="collateral_registered_as_and_when",
            ),
            models.UniqueConstraint(
                fields=["registered_as"],
                condition=~models.Q(registered_as="") & models.Q(released_on__isnull=True),
                name="collateral_registered_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.description}"

    @property
    def counts(self) -> bool:
        """Whether it stands behind the loan: its charge is registered and it was not given back."""
        return bool(self.registered_as) and self.released_on is None


class Valuation(models.Model):
    """What somebody found an asset worth on a day, in rupees; never changed (trigger), the newest counts."""

    collateral = models.ForeignKey(Collateral, on_delete=models.PROTECT, related_name="valuations")
    on = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=2)
    valuer = models.CharField(max_length=120)
    at = models.DateTimeField()
    by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["collateral", "on"], name="valuation_once_a_day"),
            models.CheckConstraint(condition=models.Q(value__gt=0), name="valuation_above_zero"),
        )

    def __str__(self) -> str:
        return f"{self.value} on {self.on}"

    @property
    def counted(self) -> Decimal:
        """After the haircut, in rupees."""
        return (self.value * (HUNDRED - self.collateral.haircut) / HUNDRED).quantize(Decimal("0.01"))
