"""The terms a product is sold on: one document per version, checked before anybody approves it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal, InvalidOperation

from lending.engine.allocation import Component, Orientation
from lending.engine.days import DayCount
from lending.engine.rounding import RoundingRule
from lending.engine.terms import LONGEST_MONTHS, PERIODS, Grace, Method

RATE_TYPES = ("fixed", "floating")
HUNDRED = Decimal(100)


class UnsoundProduct(ValueError):
    """The document is no product; `field` names the entry to change."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


@dataclass(frozen=True, slots=True)
class ProductTerms:
    """What a product offers and how its loans are computed. Rupees, months, days, per cent, basis points.

    `npa_allocation` is the order in which a non-performing loan's dues are met; empty: the usual one.
    """

    least_amount: Decimal
    most_amount: Decimal
    least_months: int
    most_months: int
    rate_type: str
    benchmark: str
    spread_bps: int
    method: Method
    day_count: DayCount
    every: int
    rounding: RoundingRule
    interest_rounding: RoundingRule
    multiple: Decimal
    allocation: tuple[Component, ...]
    orientation: Orientation
    grace_days: int
    cooling_off_days: int
    moratorium_months: int
    moratorium_interest: Grace
    prepayment_percent: Decimal
    penal_percent: Decimal
    fee_percent: Decimal
    secured: bool
    most_loan_to_value: Decimal
    scheme: str
    provisioning_category: str
    npa_allocation: tuple[Component, ...] = ()

    def __post_init__(self) -> None:
        """Raises UnsoundProduct naming the first entry that cannot be."""
        for name, sound, message in self._bounds():
            if not sound:
                raise UnsoundProduct(name, message)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "ProductTerms":
        """Read a version's document. Raises UnsoundProduct naming the first entry that cannot be.

        >>> ProductTerms.from_document(USUAL).cooling_off_days
        3
        """
        stranger = next((name for name in document if name not in cls.__slots__), None)
        if stranger is not None:
            raise UnsoundProduct(stranger, "No product has this entry.")
        read = _Reader(document)
        return cls(
            least_amount=read.number("least_amount"),
            most_amount=read.number("most_amount"),
            least_months=read.count("least_months"),
            most_months=read.count("most_months"),
            rate_type=read.one_of("rate_type", RATE_TYPES),
            benchmark=read.text("benchmark"),
            spread_bps=read.count("spread_bps"),
            method=Method(read.one_of("method", tuple(Method))),
            day_count=DayCount(read.one_of("day_count", tuple(DayCount))),
            every=read.count("every"),
            rounding=RoundingRule(read.one_of("rounding", tuple(RoundingRule))),
            interest_rounding=RoundingRule(read.one_of("interest_rounding", tuple(RoundingRule))),
            multiple=read.number("multiple"),
            allocation=read.components("allocation"),
            orientation=Orientation(read.one_of("orientation", tuple(Orientation))),
            grace_days=read.count("grace_days"),
            cooling_off_days=read.count("cooling_off_days"),
            moratorium_months=read.count("moratorium_months"),
            moratorium_interest=Grace(read.one_of("moratorium_interest", tuple(Grace))),
            prepayment_percent=read.number("prepayment_percent"),
            penal_percent=read.number("penal_percent"),
            fee_percent=read.number("fee_percent"),
            secured=read.flag("secured"),
            most_loan_to_value=read.number("most_loan_to_value"),
            scheme=read.text("scheme"),
            provisioning_category=read.text("provisioning_category"),
            npa_allocation=read.components("npa_allocation") if document.get("npa_allocation") else (),
        )

    def document(self) -> dict[str, object]:
        """The terms as plain JSON values, numbers as strings: equal terms give equal documents."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    def _bounds(self) -> tuple[tuple[str, bool, str], ...]:
        shares = (self.prepayment_percent, self.penal_percent, self.fee_percent, self.most_loan_to_value)
        return (
            ("least_amount", self.least_amount > 0, "The least amount is above zero."),
            ("most_amount", self.most_amount >= self.least_amount, "The most is not below the least."),
            ("least_months", self.least_months > 0, "The shortest term is at least a month."),
            ("most_months", self.least_months <= self.most_months <= LONGEST_MONTHS, "The longest term is up to 600."),
            ("every", self.every in PERIODS, "Instalments fall due every 1, 3, 6 or 12 months."),
            ("multiple", self.multiple >= Decimal("0.01"), "Round to a multiple of at least one paisa."),
            ("cooling_off_days", self.cooling_off_days >= 1, "Borrowers may leave for at least one day."),
            ("moratorium_months", self.moratorium_months < self.most_months, "A moratorium is shorter than the loan."),
            ("benchmark", bool(self.benchmark) or self.rate_type == "fixed", "A floating rate names its benchmark."),
            ("fee_percent", all(share <= HUNDRED for share in shares), "Shares are at most 100 per cent."),
            ("step", self.method is not Method.STEP, "Steps are agreed loan by loan: no product has them."),
        )


USUAL: dict[str, object] = {
    "least_amount": "100000", "most_amount": "10000000", "least_months": 12, "most_months": 84,
    "rate_type": "fixed", "benchmark": "", "spread_bps": 0, "method": "emi", "day_count": "same-as-period", "every": 1,
    "rounding": "half-up", "interest_rounding": "half-up", "multiple": "0.01",
    "allocation": ["interest", "principal", "fee", "penal"], "orientation": "horizontal", "grace_days": 0,
    "cooling_off_days": 3, "moratorium_months": 0, "moratorium_interest": "interest-only", "prepayment_percent": "0",
    "penal_percent": "2", "fee_percent": "1", "secured": False, "most_loan_to_value": "0", "scheme": "",
    "provisioning_category": "sme_agri", "npa_allocation": [],
}  # fmt: skip
"""A term loan as a first draft starts with."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """The entries of a document, each read as the kind it has to be."""

    document: Mapping[str, object]

    def number(self, name: str) -> Decimal:
        value = self.document.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise UnsoundProduct(name, "Give a number, as text.")
        try:
            number = Decimal(value)
        except InvalidOperation as broken:
            raise UnsoundProduct(name, "Give a number, as text.") from broken
        if not number.is_finite() or number < 0:
            raise UnsoundProduct(name, "Give a number of zero or more.")
        return number

    def count(self, name: str) -> int:
        value = self.document.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise UnsoundProduct(name, "Give a whole number of zero or more.")
        return value

    def flag(self, name: str) -> bool:
        value = self.document.get(name)
        if not isinstance(value, bool):
            raise UnsoundProduct(name, "Say true or false.")
        return value

    def text(self, name: str) -> str:
        value = self.document.get(name)
        if not isinstance(value, str):
            raise UnsoundProduct(name, "Give a text.")
        return value

    def one_of(self, name: str, choices: tuple[str, ...]) -> str:
        value = self.document.get(name)
        if value not in choices:
            raise UnsoundProduct(name, f"Choose one of {', '.join(choices)}.")
        return str(value)

    def components(self, name: str) -> tuple[Component, ...]:
        value = self.document.get(name)
        if not isinstance(value, list) or sorted(map(str, value)) != sorted(Component):
            raise UnsoundProduct(name, "Name principal, interest, fee and penal once each, in order.")
        return tuple(Component(str(item)) for item in value)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return [str(item) for item in value] if isinstance(value, tuple) else value
