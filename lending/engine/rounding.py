"""How an amount is rounded: the rule, and the multiple it is rounded to."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from enum import StrEnum

from creditiq.kernel.money import PAISA


class RoundingRule(StrEnum):
    """What happens to the part below the multiple; amounts of a loan are never negative."""

    HALF_UP = "half-up"
    HALF_EVEN = "half-even"
    UP = "up"


_MODES = {
    RoundingRule.HALF_UP: ROUND_HALF_UP,
    RoundingRule.HALF_EVEN: ROUND_HALF_EVEN,
    RoundingRule.UP: ROUND_CEILING,
}
# Computed amounts carry noise far below a paisa (0.01·1/0.01 is not exactly 1); rounding up must not lift it.
_NOISE = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Rounding:
    """The policy of a product: instalments to `multiple` rupees, interest of a period to the paisa."""

    instalment: RoundingRule = RoundingRule.HALF_UP
    interest: RoundingRule = RoundingRule.HALF_UP
    multiple: Decimal = PAISA

    def level(self, amount: Decimal) -> Decimal:
        """An instalment, or a regular part of principal, as it is asked for."""
        return rounded(amount, self.instalment, self.multiple)

    def charge(self, amount: Decimal) -> Decimal:
        """The interest of one period, in rupees and paise."""
        return rounded(amount, self.interest)


def rounded(amount: Decimal, rule: RoundingRule = RoundingRule.HALF_UP, multiple: Decimal = PAISA) -> Decimal:
    """The amount as a multiple of `multiple`, in rupees with two places.

    >>> rounded(Decimal("15.625"), RoundingRule.HALF_EVEN), rounded(Decimal("304.91"), multiple=Decimal(1))
    (Decimal('15.62'), Decimal('305.00'))
    """
    if multiple == PAISA and rule is not RoundingRule.UP:
        return amount.quantize(PAISA, _MODES[rule])
    steps = (amount / multiple).quantize(_NOISE, ROUND_HALF_EVEN)
    return (steps.quantize(Decimal(1), _MODES[rule]) * multiple).quantize(PAISA)
