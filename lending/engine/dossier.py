"""What a decision is taken on: plain values, as known at one moment."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from lending.engine.msme import MsmeCategory
from lending.engine.working_capital import Assets


class Facility(StrEnum):
    """The two kinds of credit that have a limit."""

    WORKING_CAPITAL = "working_capital"
    TERM_LOAN = "term_loan"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, with the bounds of the product it is asked under. Rupees and months."""

    facility: Facility
    amount: Decimal
    months: int
    product: str
    least_amount: Decimal
    most_amount: Decimal
    least_months: int
    most_months: int


@dataclass(frozen=True, slots=True)
class ScoreFacts:
    """The score run the decision stands on; `score`, `pd` (a fraction) and `band` are None when no score was issued."""

    run: str
    status: str
    score: int | None
    pd: Decimal | None
    band: str | None
    maturity_months: int
    coverage: Decimal
    model_version: str


@dataclass(frozen=True, slots=True)
class Firm:
    """The business itself. `vintage_months` counts from GST registration; `registered` is the Udyam class."""

    sector: str
    constitution: str
    registered: MsmeCategory | None
    udyam: bool
    pan: bool
    vintage_months: int


@dataclass(frozen=True, slots=True)
class Flows:
    """What the evidence shows of a year's money, in rupees. None means not shared, never zero.

    turnover, digital: net outward supplies of 365 days, and the receipts among them that came by UPI.
    net_flow: operating receipts less operating payments, a month, before loan service and drawings.
    debt_service: instalments paid, a month. filing_gaps: returns due and not filed, of the last twelve months.
    default_seen: an earlier loan fell 90 days behind; None when there is neither a loan history nor a bank record.
    """

    turnover: Decimal | None
    digital: Decimal | None
    net_flow: Decimal | None
    debt_service: Decimal | None
    filing_gaps: int | None
    default_seen: bool | None


@dataclass(frozen=True, slots=True)
class FraudStanding:
    """What the last screening and its review say; held stops every new credit until a person clears it."""

    screening: int | None
    held: bool
    confirmed: bool
    confidence: Decimal | None


@dataclass(frozen=True, slots=True)
class Room:
    """What one of the bank's exposure limits that fall on this business allows in all and has given out, in rupees."""

    name: str
    cap: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Dossier:
    """All facts of one evaluation; `request` is None when only limits are asked for, `rooms` without a bank empty.

    `assets` is the last statement of current assets given with the application, None without one.
    """

    score: ScoreFacts
    firm: Firm
    flows: Flows
    fraud: FraudStanding
    request: Request | None = None
    rooms: tuple[Room, ...] = ()
    assets: Assets | None = None
