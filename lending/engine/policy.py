"""The lending section of the policy document, as the engine reads it.

The figures live in versioned rows; `DEFAULT_DOCUMENT` is version 1, the one a new installation starts with.
Amounts are rupees and rates per cent a year, both written as strings; shares are fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from lending.engine.eligibility import SchemeRules
from lending.engine.limits import TurnoverRule
from lending.engine.pricing import Guarantee, PricePolicy

USUAL_AUTHORITY: dict[str, object] = {
    "loan_officer": "0", "risk_manager": "50000000", "analyst_above": "2500000",
    "analyst_bands": ["medium_risk", "high_risk"],
}  # fmt: skip
"""Who may sanction up to how many rupees, and above which amount or in which bands an analyst reads the case first.

A policy written before there was a matrix goes by this one: no officer sanctions alone.
"""
WALLET_RULES = ("side_by_side", "none")
"""How a wallet score may be used beside the score of the business; the first is usual (wallets.md §14).

Joining both as default probabilities needs a calibration report of each; the wallet score has none, so no policy can.
"""
DEFAULT_DOCUMENT: dict[str, object] = {
    "bands": {
        "very_low_risk": {
            "working_capital": "5000000", "term_loan": "10000000", "working_capital_months": 12, "term_months": 84,
            "cgtmse": True, "mudra_only": False, "collateral": "none",
        },
        "low_risk": {
            "working_capital": "2500000", "term_loan": "5000000", "working_capital_months": 12, "term_months": 60,
            "cgtmse": True, "mudra_only": False, "collateral": "none",
        },
        "medium_risk": {
            "working_capital": "1000000", "term_loan": "2500000", "working_capital_months": 12, "term_months": 36,
            "cgtmse": True, "mudra_only": False, "collateral": "none up to ₹ 10 lakh",
        },
        "high_risk": {
            "working_capital": "500000", "term_loan": "0", "working_capital_months": 12, "term_months": 0,
            "cgtmse": False, "mudra_only": True, "collateral": "MUDRA Shishu or Kishor, micro only",
        },
    },
    "turnover": {
        "share": "0.20", "digital_from": "0.25", "digital_share": "0.30", "other_share": "0.25", "most": "50000000",
    },
    "risk": {"coverage": "1.25", "expected_loss_appetite": "40000", "lgd": "0.65"},
    "floor": {"filing_gaps": 2, "vintage_months": 12},
    "price": {
        "cost_of_funds": "7.2", "operating_cost": "2.1", "capital_share": "9", "cost_of_capital": "16", "margin": "0.5",
    },
    "guarantee": {
        "cover": "75",
        "fees": [
            ["1000000", "0.37"], ["5000000", "0.55"], ["10000000", "0.60"], ["20000000", "1.20"], ["50000000", "1.35"],
        ],
    },
    "schemes": {
        "cgtmse_most": "100000000",
        "mudra_most": "1000000",
        "mudra_only_most": "500000",
        "mudra_products": [["Shishu", "50000"], ["Kishor", "500000"], ["Tarun", "1000000"]],
        "income_sectors": [
            "iron_steel", "textiles", "food_grains", "chemicals", "machinery", "electronics", "plastics", "paper",
        ],
    },
}  # fmt: skip


class MalformedPolicy(ValueError):
    """The policy document lacks an entry or holds one of the wrong kind."""

    def __init__(self, entry: str) -> None:
        super().__init__(f"lending policy: {entry} is missing or not of the expected kind")
        self.entry = entry


@dataclass(frozen=True, slots=True)
class BandTerms:
    """What a risk band may have: caps in rupees (0: not offered), tenors in months."""

    working_capital: Decimal
    term_loan: Decimal
    working_capital_months: int
    term_months: int
    cgtmse: bool
    mudra_only: bool
    collateral: str


@dataclass(frozen=True, slots=True)
class Authority:
    """Rupees up to which a role may sanction, and when a credit analyst has to have read the case before."""

    sanction: Mapping[str, Decimal]
    analyst_above: Decimal
    analyst_bands: tuple[str, ...]

    def most(self, role: str) -> Decimal:
        """What this role may sanction; nothing for a role that is not in the matrix."""
        return self.sanction.get(role, Decimal(0))

    def needs_analyst(self, amount: Decimal, band: str | None, *, against_policy: bool) -> bool:
        """Whether an analyst reads the case: large, a weak or unknown band, or against what the policy says."""
        return against_policy or amount > self.analyst_above or band is None or band in self.analyst_bands


@dataclass(frozen=True, slots=True)
class LendingPolicy:
    """One version of the lending policy. `lgd` and `coverage` are fractions; `fees` are (amount up to, per cent)."""

    bands: Mapping[str, BandTerms]
    turnover: TurnoverRule
    coverage: Decimal
    expected_loss_appetite: Decimal
    lgd: Decimal
    filing_gaps: int
    vintage_months: int
    price: PricePolicy
    cover: Decimal
    fees: tuple[tuple[Decimal, Decimal], ...]
    schemes: SchemeRules
    mudra_only_most: Decimal
    authority: Authority
    wallet_rule: str

    def guarantee(self, amount: Decimal) -> Guarantee | None:
        """The CGTMSE guarantee of a loan of this amount, None above the last fee slab."""
        return next((Guarantee(self.cover, fee) for most, fee in self.fees if amount <= most), None)

    @classmethod
    def from_document(cls, document: Mapping[str, object]) -> "LendingPolicy":
        """Read a policy document. Raises MalformedPolicy naming the entry.

        >>> LendingPolicy.from_document(DEFAULT_DOCUMENT).bands["low_risk"].term_months
        60
        """
        bands = {name: _band(_section(_section(document, "bands"), name)) for name in _section(document, "bands")}
        risk, floor = _section(document, "risk"), _section(document, "floor")
        guarantee, schemes = _section(document, "guarantee"), _section(document, "schemes")
        return cls(
            bands=bands,
            turnover=_turnover(_section(document, "turnover")),
            coverage=_number(risk, "coverage"),
            expected_loss_appetite=_number(risk, "expected_loss_appetite"),
            lgd=_number(risk, "lgd"),
            filing_gaps=_count(floor, "filing_gaps"),
            vintage_months=_count(floor, "vintage_months"),
            price=PricePolicy(*_numbers(_section(document, "price"), *PricePolicy.__slots__)),
            cover=_number(guarantee, "cover"),
            fees=tuple((_decimal(most, "fees"), _decimal(fee, "fees")) for most, fee in _pairs(guarantee, "fees")),
            schemes=_schemes(schemes, tuple(name for name, terms in bands.items() if terms.cgtmse)),
            mudra_only_most=_number(schemes, "mudra_only_most"),
            authority=_authority(document.get("authority", USUAL_AUTHORITY)),
            wallet_rule=_wallet_rule(document.get("wallet", {"rule": WALLET_RULES[0]})),
        )


def _turnover(section: Mapping[str, object]) -> TurnoverRule:
    rule = TurnoverRule(*_numbers(section, "share", "digital_from", "digital_share", "other_share"))
    # a policy written before the ceiling was in it goes by the usual one
    return replace(rule, most=_number(section, "most")) if "most" in section else rule


def _wallet_rule(section: object) -> str:
    rule = section.get("rule") if isinstance(section, Mapping) else None
    if rule not in WALLET_RULES:
        raise MalformedPolicy("wallet.rule")
    return str(rule)


def _authority(section: object) -> Authority:
    if not isinstance(section, Mapping):
        raise MalformedPolicy("authority")
    return Authority(
        sanction={role: _number(section, role) for role in ("loan_officer", "risk_manager")},
        analyst_above=_number(section, "analyst_above"),
        analyst_bands=tuple(str(band) for band in _rows(section, "analyst_bands")),
    )


def _band(terms: Mapping[str, object]) -> BandTerms:
    return BandTerms(
        working_capital=_number(terms, "working_capital"),
        term_loan=_number(terms, "term_loan"),
        working_capital_months=_count(terms, "working_capital_months"),
        term_months=_count(terms, "term_months"),
        cgtmse=terms.get("cgtmse") is True,
        mudra_only=terms.get("mudra_only") is True,
        collateral=str(terms.get("collateral", "")),
    )


def _schemes(schemes: Mapping[str, object], cgtmse_bands: tuple[str, ...]) -> SchemeRules:
    products = tuple((str(name), _decimal(most, "mudra_products")) for name, most in _pairs(schemes, "mudra_products"))
    return SchemeRules(
        cgtmse_most=_number(schemes, "cgtmse_most"),
        cgtmse_bands=cgtmse_bands,
        mudra_most=_number(schemes, "mudra_most"),
        mudra_products=products,
        income_sectors=tuple(str(sector) for sector in _rows(schemes, "income_sectors")),
    )


def _section(document: Mapping[str, object], name: str) -> Mapping[str, object]:
    section = document.get(name)
    if not isinstance(section, Mapping):
        raise MalformedPolicy(name)
    return section


def _rows(section: Mapping[str, object], name: str) -> Sequence[object]:
    rows = section.get(name)
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        raise MalformedPolicy(name)
    return rows


def _pairs(section: Mapping[str, object], name: str) -> list[tuple[object, object]]:
    pairs: list[tuple[object, object]] = []
    for row in _rows(section, name):
        if not isinstance(row, Sequence) or len(row) != 2:
            raise MalformedPolicy(name)
        pairs.append((row[0], row[1]))
    return pairs


def _decimal(value: object, name: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        raise MalformedPolicy(name)
    try:
        return Decimal(value)
    except InvalidOperation as broken:
        raise MalformedPolicy(name) from broken


def _number(section: Mapping[str, object], name: str) -> Decimal:
    return _decimal(section.get(name), name)


def _numbers(section: Mapping[str, object], *names: str) -> list[Decimal]:
    return [_number(section, name) for name in names]


def _count(section: Mapping[str, object], name: str) -> int:
    value = section.get(name)
    if isinstance(value, bool) or not isinstance(value, int):
        raise MalformedPolicy(name)
    return value
