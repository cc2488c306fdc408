"""An agreement as a document, and read back: what a loan was agreed on stays as plain JSON values."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from lending.engine.allocation import AllocationPolicy, Component, FutureRule, Orientation, Waterfall
from lending.engine.book import Agreement
from lending.engine.charges import PenalPolicy
from lending.engine.classification import AssetClass
from lending.engine.days import DayCount
from lending.engine.products import ProductTerms
from lending.engine.rounding import Rounding, RoundingRule
from lending.engine.terms import Grace, Method, Moratorium, Step, Terms

Document = Mapping[str, object]
PENAL_TAX = Decimal(18)
"""Goods and services tax on penal charges, per cent."""


def agreement(account: str, terms: Terms, product: ProductTerms, apr: Decimal) -> Agreement:
    """The agreement of a loan of a product: the terms of the offer, everything else from the product."""
    waterfall = Waterfall(product.allocation, product.orientation)
    return Agreement(
        account=account,
        terms=terms,
        allocation=AllocationPolicy(waterfall, _bad(product.npa_allocation, waterfall)),
        penal=PenalPolicy(product.penal_percent, PENAL_TAX),
        grace_days=product.grace_days,
        apr=apr,
        cooling_off_days=product.cooling_off_days,
        floating=product.rate_type == "floating",
    )


def written(agreed: Agreement) -> dict[str, object]:
    """Plain JSON values, numbers as text: equal agreements give equal documents."""
    usual = agreed.allocation.usual
    return {
        "account": agreed.account,
        "terms": _written_terms(agreed.terms),
        "allocation": [str(part) for part in usual.components],
        "orientation": str(usual.orientation),
        "future": str(usual.future),
        "penal_percent": _number(agreed.penal.percent),
        "penal_tax": _number(agreed.penal.tax),
        "grace_days": agreed.grace_days,
        "apr": _number(agreed.apr),
        "cooling_off_days": agreed.cooling_off_days,
        "npa_allocation": [str(part) for part in agreed.allocation.waterfall(AssetClass.SUBSTANDARD).components],
        "rate_type": "floating" if agreed.floating else "fixed",
    }


def read(document: Document) -> Agreement:
    """The agreement of a document that `written` made. Raises KeyError or ValueError for anything else."""
    parts, terms = document["allocation"], document["terms"]
    if not isinstance(parts, list) or not isinstance(terms, Mapping):
        raise ValueError("This is not the document of an agreement.")
    waterfall = Waterfall(
        tuple(Component(str(part)) for part in parts),
        Orientation(str(document["orientation"])),
        FutureRule(str(document["future"])),
    )
    return Agreement(
        account=str(document["account"]),
        terms=_read_terms(terms),
        allocation=AllocationPolicy(waterfall, _bad(_components(document.get("npa_allocation")), waterfall)),
        penal=PenalPolicy(_decimal(document, "penal_percent"), _decimal(document, "penal_tax")),
        grace_days=int(str(document["grace_days"])),
        apr=_decimal(document, "apr"),
        cooling_off_days=int(str(document["cooling_off_days"])),
        floating=document.get("rate_type") == "floating",  # before the entry was kept: see the statement
    )


def _bad(components: tuple[Component, ...], usual: Waterfall) -> dict[AssetClass, Waterfall]:
    """The waterfall of every class but standard, when it differs from the usual one."""
    if not components or components == usual.components:
        return {}
    own = replace(usual, components=components)
    return {one: own for one in AssetClass if one is not AssetClass.STANDARD}


def _components(names: object) -> tuple[Component, ...]:
    return tuple(Component(str(name)) for name in names) if isinstance(names, list) else ()


def _written_terms(terms: Terms) -> dict[str, object]:
    moratorium, step = terms.moratorium, terms.step
    return {
        "principal": _number(terms.principal),
        "percent": _number(terms.percent),
        "months": terms.months,
        "disbursed": terms.disbursed.isoformat(),
        "first_due": terms.first_due.isoformat(),
        "method": str(terms.method),
        "day_count": str(terms.day_count),
        "rounding": [str(terms.rounding.instalment), str(terms.rounding.interest), _number(terms.rounding.multiple)],
        "moratorium": [moratorium.months, str(moratorium.grace)] if moratorium else None,
        "step": [_number(step.percent), step.instalments] if step else None,
        "every": terms.every,
        "instalment": _number(terms.instalment) if terms.instalment is not None else None,
    }


def _read_terms(document: Document) -> Terms:
    rounding, moratorium, step = (document[name] for name in ("rounding", "moratorium", "step"))
    if not isinstance(rounding, list):
        raise ValueError("The rounding of an agreement is a list.")
    return Terms(
        principal=_decimal(document, "principal"),
        percent=_decimal(document, "percent"),
        months=int(str(document["months"])),
        disbursed=date.fromisoformat(str(document["disbursed"])),
        first_due=date.fromisoformat(str(document["first_due"])),
        method=Method(str(document["method"])),
        day_count=DayCount(str(document["day_count"])),
        rounding=Rounding(RoundingRule(rounding[0]), RoundingRule(rounding[1]), Decimal(rounding[2])),
        moratorium=Moratorium(moratorium[0], Grace(moratorium[1])) if isinstance(moratorium, list) else None,
        step=Step(Decimal(step[0]), step[1]) if isinstance(step, list) else None,
        every=int(str(document["every"])),
        instalment=_decimal(document, "instalment") if document["instalment"] is not None else None,
    )


def _decimal(document: Document, name: str) -> Decimal:
    return Decimal(str(document[name]))


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"
