"""Provisions by the income recognition and asset classification norms, after security and guarantee."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lending.engine.classification import AssetClass
from lending.engine.rounding import rounded

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class IracRates:
    """Per cent of the exposure. `standard` by category of loan, `doubtful` on the secured part by class."""

    standard: Mapping[str, Decimal]
    substandard_secured: Decimal
    substandard_unsecured: Decimal
    doubtful: Mapping[AssetClass, Decimal]
    unsecured_up_to: Decimal


@dataclass(frozen=True, slots=True)
class Exposure:
    """What is at stake, in rupees: `security` today, `first_security` when the loan was made, `cover` in per cent."""

    outstanding: Decimal
    category: str
    security: Decimal = NOTHING
    unsecured_at_start: bool = False
    cover: Decimal = NOTHING


@dataclass(frozen=True, slots=True)
class Provision:
    """The parts of a provision, in rupees."""

    secured: Decimal
    unsecured: Decimal

    @property
    def total(self) -> Decimal:
        """What has to be held."""
        return self.secured + self.unsecured


def unsecured_at_start(security: Decimal, exposure: Decimal, rates: IracRates) -> bool:
    """Whether a loan was unsecured ab initio: security not above 10 % of the exposure when it was made."""
    return security <= exposure * rates.unsecured_up_to / HUNDRED


def irac(exposure: Exposure, asset_class: AssetClass, rates: IracRates) -> Provision:
    """The provision of an exposure by its class.

    Security is deducted first, then the guarantee covers its share of the remainder; both only count for
    doubtful assets (RBI master circular on IRAC norms, §5). A loss is provided for in full.
    """
    owed = exposure.outstanding
    if asset_class is AssetClass.STANDARD:
        return Provision(NOTHING, _share(owed, rates.standard[exposure.category]))
    if asset_class is AssetClass.SUBSTANDARD:
        unsecured = exposure.unsecured_at_start
        return Provision(NOTHING, _share(owed, rates.substandard_unsecured if unsecured else rates.substandard_secured))
    if asset_class is AssetClass.LOSS:
        return Provision(NOTHING, owed)
    secured = min(exposure.security, owed)
    open_part = (owed - secured) * (HUNDRED - exposure.cover) / HUNDRED
    return Provision(_share(secured, rates.doubtful[asset_class]), rounded(open_part))


def _share(amount: Decimal, percent: Decimal) -> Decimal:
    return rounded(amount * percent / HUNDRED)
