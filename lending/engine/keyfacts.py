"""The key fact statement of a loan: RBI's annexes A, B and C of 15 April 2024, computed from one plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from creditiq.kernel.hashing import digest
from creditiq.kernel.money import rupees
from lending.engine.apr import periodic_rate, yearly
from lending.engine.charges import Basis, Charge, FeeRule, fee
from lending.engine.plans import Instalment, Plan

NOTHING = Decimal(0)
MONTHS = 12
NOT_STATED = "not stated by the lender"


@dataclass(frozen=True, slots=True)
class StatedFee:
    """A fee as the statement names it."""

    name: str
    charge: Charge
    third_party: bool
    line: str


@dataclass(frozen=True, slots=True)
class AprSheet:
    """Annex B: what the rate is computed from, in rupees and per cent."""

    sanctioned: Decimal
    fees: Decimal
    net_disbursed: Decimal
    interest: Decimal
    repaid: Decimal
    instalments: int
    apr: Decimal


@dataclass(frozen=True, slots=True)
class Contingent:
    """A charge that only arises when something happens, in words."""

    name: str
    terms: str


@dataclass(frozen=True, slots=True)
class PartTwo:
    """Annex A, part 2: what is no number of the loan, in the lender's own words; empty where it said nothing."""

    recovery_agents: str = ""
    grievance_officer: str = ""
    transfer: str = ""

    @property
    def rows(self) -> tuple[tuple[str, str], ...]:
        """Each clause with its words, as they are printed.

        >>> PartTwo(transfer="May be sold to another lender").rows[2]
        ('Transfer of the loan to others', 'May be sold to another lender')
        """
        return (
            ("Engaging recovery agents", self.recovery_agents or NOT_STATED),
            ("Grievance redressal officer", self.grievance_officer or NOT_STATED),
            ("Transfer of the loan to others", self.transfer or NOT_STATED),
        )


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The whole statement. `schedule_hash` binds it to the schedule, `hash` to everything in it."""

    principal: Decimal
    months: int
    percent: Decimal
    rate_type: str
    instalment: Decimal
    instalments: int
    first_due: date
    fees: tuple[StatedFee, ...]
    contingent: tuple[Contingent, ...]
    cooling_off_days: int
    sheet: AprSheet
    schedule: tuple[Instalment, ...]
    schedule_hash: str
    part_two: PartTwo

    @property
    def hash(self) -> str:
        """The digest the borrower accepts: a statement with any other figure has another one."""
        return digest(self._facts())

    def _facts(self) -> dict[str, object]:
        return {
            "principal": rupees(self.principal),
            "months": self.months,
            "percent": f"{self.percent.normalize():f}",
            "rate_type": self.rate_type,
            "instalment": rupees(self.instalment),
            "instalments": self.instalments,
            "first_due": self.first_due.isoformat(),
            "fees": [[item.name, item.charge.amount, item.charge.tax, item.third_party] for item in self.fees],
            "contingent": [[item.name, item.terms] for item in self.contingent],
            "cooling_off_days": self.cooling_off_days,
            "net_disbursed": rupees(self.sheet.net_disbursed),
            "apr": self.sheet.apr,
            "schedule": self.schedule_hash,
            "part_two": [list(row) for row in self.part_two.rows],
        }


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the statement says beside the numbers of the plan."""

    rate_type: str = "fixed"
    cooling_off_days: int = 1
    contingent: tuple[Contingent, ...] = ()
    part_two: PartTwo = PartTwo()


def key_facts(repayment: Plan, fees: Sequence[FeeRule], conditions: Conditions) -> KeyFacts:
    """The statement of a plan with its fees; fees and their tax are part of the annual rate (Annex B).

    Raises NoRate when the fees eat up the loan.
    """
    terms = repayment.terms
    stated = tuple(_stated(rule, terms.principal) for rule in fees)
    return KeyFacts(
        principal=terms.principal,
        months=terms.months,
        percent=terms.percent,
        rate_type=conditions.rate_type,
        instalment=repayment.level,
        instalments=len(repayment.rows),
        first_due=terms.first_due,
        fees=stated,
        contingent=conditions.contingent,
        cooling_off_days=conditions.cooling_off_days,
        sheet=apr_sheet(repayment, sum((item.charge.total for item in stated), NOTHING)),
        schedule=repayment.rows,
        schedule_hash=schedule_hash(repayment.rows),
        part_two=conditions.part_two,
    )


def apr_sheet(repayment: Plan, fees: Decimal) -> AprSheet:
    """Annex B of a plan with `fees` rupees, tax included, kept back at the disbursal. Raises NoRate."""
    terms, net = repayment.terms, repayment.terms.principal - fees
    return AprSheet(
        sanctioned=terms.principal,
        fees=fees,
        net_disbursed=net,
        interest=repayment.interest,
        repaid=sum(repayment.payments, NOTHING),
        instalments=len(repayment.rows),
        apr=yearly(periodic_rate(net, repayment.payments, terms.first_period), MONTHS // terms.every),
    )


def schedule_hash(rows: Sequence[Instalment]) -> str:
    """A digest of every row of a schedule; amounts in paise places, so equal rows have equal digests."""
    return digest([[row.due.isoformat(), *map(rupees, _amounts(row))] for row in rows])


def _amounts(row: Instalment) -> tuple[Decimal, ...]:
    return row.principal, row.interest, row.capitalised, row.balance


def _stated(rule: FeeRule, principal: Decimal) -> StatedFee:
    base = NOTHING if rule.basis is Basis.FIXED else principal
    return StatedFee(name=rule.name, charge=fee(rule, base), third_party=rule.third_party, line=rule.line)
