"""Working capital: the need by turnover (Nayak), and the drawing power by stock and debtors."""

from dataclasses import dataclass
from decimal import Decimal

from lending.engine.schedule import down_to_rupee

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Need:
    """The working capital of a year's turnover: what is needed, what the bank gives, what the owner brings."""

    need: Decimal
    bank: Decimal
    margin: Decimal


def need_by_turnover(turnover: Decimal, *, need: Decimal = Decimal(25), bank: Decimal = Decimal(20)) -> Need:
    """The Nayak committee's method; shares of turnover in per cent.

    >>> need_by_turnover(Decimal(20000000))
    Need(need=Decimal('5000000'), bank=Decimal('4000000'), margin=Decimal('1000000'))
    """
    whole, lent = down_to_rupee(turnover * need / HUNDRED), down_to_rupee(turnover * bank / HUNDRED)
    return Need(need=whole, bank=lent, margin=whole - lent)


def permissible_finance(current_assets: Decimal, current_liabilities: Decimal) -> Decimal:
    """Maximum permissible bank finance above ₹5 crore (Tandon, second method): 75 % of assets − liabilities.

    Liabilities are the current ones without bank borrowing; down to the rupee, never below zero.

    >>> permissible_finance(Decimal(100000000), Decimal(20000000))
    Decimal('55000000')
    """
    return down_to_rupee(max(current_assets * 75 / HUNDRED - current_liabilities, NOTHING))


@dataclass(frozen=True, slots=True)
class Assets:
    """A statement of current assets and liabilities, in rupees; liabilities without what banks have lent.

    `on` is its date, ISO; creditors are what is owed for goods.
    """

    stock: Decimal
    debtors: Decimal
    other_assets: Decimal
    creditors: Decimal
    other_liabilities: Decimal
    on: str = ""

    @property
    def current(self) -> Decimal:
        """All current assets."""
        return self.stock + self.debtors + self.other_assets

    @property
    def liabilities(self) -> Decimal:
        """All current liabilities but bank borrowing."""
        return self.creditors + self.other_liabilities


@dataclass(frozen=True, slots=True)
class Stock:
    """The last stock statement, in rupees; creditors are goods not paid for yet."""

    stock: Decimal
    creditors: Decimal
    debtors: Decimal


def drawing_power(statement: Stock, *, stock: Decimal = Decimal(75), debtors: Decimal = Decimal(60)) -> Decimal:
    """What may be drawn: a share of paid stock and of debtors, per cent, down to the rupee.

    >>> drawing_power(Stock(Decimal(8000000), Decimal(2000000), Decimal(5000000)))
    Decimal('7500000')
    """
    paid = max(statement.stock - statement.creditors, NOTHING)
    return down_to_rupee(paid * stock / HUNDRED + statement.debtors * debtors / HUNDRED)
