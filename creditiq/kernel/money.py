"""Rupees: Decimal with two places and one rounding rule (half up), read the Indian way."""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

Rupees = Decimal
PAISA = Decimal("0.01")
LAKH = Decimal(100_000)
CRORE = Decimal(10_000_000)


def rupees(value: Decimal | int | str) -> Rupees:
    """Round to the paisa, half up. Floats are refused: money never passes through binary fractions.

    >>> rupees("2.345")
    Decimal('2.35')
    """
    if isinstance(value, float):
        raise TypeError("money is never a float")
    return Decimal(value).quantize(PAISA, rounding=ROUND_HALF_UP)


def from_paise(paise: int) -> Rupees:
    """Whole paise as rupees.

    >>> from_paise(123456)
    Decimal('1234.56')
    """
    return (Decimal(paise) / 100).quantize(PAISA)


def to_paise(amount: Decimal) -> int:
    """Rupees as whole paise.

    >>> to_paise(Decimal("1234.56"))
    123456
    """
    return int(rupees(amount) * 100)


def group_indian(digits: str) -> str:
    """Group a run of digits the Indian way: the last three, then pairs.

    >>> group_indian("1234567")
    '12,34,567'
    """
    head, tail = digits[:-3], digits[-3:]
    pairs: list[str] = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail])


def format_inr(amount: Decimal, places: int = 0) -> str:
    """Rupees for people: `₹ 12,34,567`, with `places` decimals.

    >>> format_inr(Decimal("-1234567.5"), places=2)
    '−₹ 12,34,567.50'
    """
    quantum = Decimal(1).scaleb(-places)
    size = abs(Decimal(amount)).quantize(quantum, rounding=ROUND_HALF_UP)
    whole, _, fraction = f"{size:f}".partition(".")
    sign = "−" if amount < 0 and size else ""
    return f"{sign}₹ {group_indian(whole)}" + (f".{fraction}" if fraction else "")


def short_inr(amount: Decimal) -> str:
    """Rupees in words people use for large sums; plain digits below a lakh.

    >>> short_inr(Decimal(1840000)), short_inr(Decimal(21400000)), short_inr(Decimal(950))
    ('₹ 18.4 lakh', '₹ 2.14 crore', '₹ 950')
    """
    for unit, word in ((CRORE, "crore"), (LAKH, "lakh")):
        if abs(amount) >= unit:
            figure = (abs(amount) / unit).quantize(PAISA, rounding=ROUND_DOWN)
            sign = "−" if amount < 0 else ""
            return f"{sign}₹ {figure.normalize():f} {word}"
    return format_inr(amount)
