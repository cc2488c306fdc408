"""What stands behind a request: the last statement of current assets, each charged asset with its worth."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from lending.engine.working_capital import Assets
from lending.models import Collateral, LoanApplication, StockStatement, Valuation

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Secured:
    """One asset with its newest valuation; `counted` is what stands behind the loan today, in rupees."""

    collateral: Collateral
    valuation: Valuation | None

    @property
    def counted(self) -> Decimal:
        """Nothing until the charge is registered, nor once it was given back."""
        return self.valuation.counted if self.valuation is not None and self.collateral.counts else NOTHING


@dataclass(frozen=True)
class Securities:
    """Everything behind one request. Rupees; `percent` is the loan over what counts, None without any."""

    assets: tuple[Secured, ...]
    statements: tuple[StockStatement, ...]
    total: Decimal
    percent: Decimal | None


def securities_of(application: LoanApplication) -> Securities:
    """Every charged asset and stock statement of an application, the newest first. Three queries."""
    held = list(application.collaterals.order_by("-at", "-pk"))
    newest: dict[int, Valuation] = {}
    for one in Valuation.objects.filter(collateral__in=held).select_related("collateral").order_by("on", "pk"):
        newest[one.collateral_id] = one
    assets = tuple(Secured(one, newest.get(one.pk)) for one in held)
    total = sum((one.counted for one in assets), NOTHING)
    return Securities(
        assets=assets,
        statements=tuple(application.stock_statements.select_related("by").order_by("-on", "-pk")),
        total=total,
        percent=(application.amount / total * 100).quantize(Decimal("0.1")) if total else None,
    )


def security_behind(application: LoanApplication) -> Decimal:
    """Rupees of charged and registered assets after their haircuts."""
    return securities_of(application).total


def assets_at(application: LoanApplication, at: datetime) -> Assets | None:
    """The last statement of current assets that was known at `at`; None when there was none."""
    if application._state.adding:  # a request that is judged before it is kept
        return None
    known = application.stock_statements.filter(at__lte=at).order_by("-on", "-pk").first()
    return known.assets if known is not None else None


def stated_on(application: LoanApplication, on: date) -> bool:
    """Whether there is a stock statement of that day already."""
    return application.stock_statements.filter(on=on).exists()
