"""What is left of the consumer sums of a GSTR-1 once single sales of the same month, state and rate are on record.

A GSTR-1 tells small consumer sales as one sum per place of supply and rate (`b2cs`), less the notes to consumers that
it does not list singly (instructions to form GSTR-1, table 7). A sale that another file tells by itself is inside that
sum. Counted are the single rows and of the sum only what they do not explain, so that no sale counts twice and all
together come to the declared sum. Where single rows tell more than was declared, nothing is left and the excess is
told as a discrepancy: no sale on record is taken away.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

SUM_PREFIX: Final = "B2CS"
SUM_NUMBER: Final = r"^B2CS(0[1-9]|1[0-2])[0-9]{8}[OE]$"
"""Month, year, state, rate in basis points, and O or E for the channel (others, e-commerce)."""
_SUM_NUMBER = re.compile(SUM_NUMBER)
MONTHS_OF_A_QUARTER: Final = 3
LARGE_PAISE: Final = ((date(2024, 8, 1), 1_00_000_00), (date(2017, 7, 1), 2_50_000_00))
"""Since when an inter-state invoice above this value is listed singly in b2cl (rule 59; notification 12/2024)."""


@dataclass(frozen=True)
class Amounts:
    """Paise of a sale, signed: what went back is negative."""

    taxable: int = 0
    igst: int = 0
    cgst: int = 0
    sgst: int = 0
    cess: int = 0

    def plus(self, other: "Amounts") -> "Amounts":
        """Both together."""
        return self.less(Amounts().less(other))

    def less(self, other: "Amounts") -> "Amounts":
        """What is left when `other` is taken out, head by head."""
        return Amounts(
            self.taxable - other.taxable, self.igst - other.igst, self.cgst - other.cgst, self.sgst - other.sgst,
            self.cess - other.cess,
        )  # fmt: skip

    def clipped(self, sign: int) -> "Amounts":
        """Heads of the other sign as nothing."""
        heads = (self.taxable, self.igst, self.cgst, self.sgst, self.cess)
        return Amounts(*(head if head * sign > 0 else 0 for head in heads))


def sum_number(month: str, state: str, rate: Decimal, channel: str) -> str:
    """The number under which a consumer sum is kept; a sum has none of its own.

    >>> sum_number("092026", "7", Decimal(18), "O")
    'B2CS0926071800O'
    """
    return f"{SUM_PREFIX}{month[:2]}{month[4:6]}{state[:2].zfill(2)}{int(rate * 100) % 10_000:04d}{channel}"


def is_sum(number: str) -> bool:
    """Whether a number is one that `sum_number` makes."""
    return _SUM_NUMBER.fullmatch(number) is not None


def months_summed(month: int, *, quarterly: bool) -> tuple[int, int]:
    """First and last month (year × 12 + month − 1) whose consumer sales a sum told for `month` holds.

    A quarterly filer's three months are in the return of the last: the facility in between takes no consumer sales.

    >>> months_summed(2026 * 12 + 8, quarterly=True) == (2026 * 12 + 6, 2026 * 12 + 8)
    True
    """
    ends_quarter = month % MONTHS_OF_A_QUARTER == MONTHS_OF_A_QUARTER - 1
    return (month - MONTHS_OF_A_QUARTER + 1, month) if quarterly and ends_quarter else (month, month)


def left_over(sums: Sequence[Amounts], singles: Amounts) -> list[Amounts]:
    """Of each declared sum what the single sales do not explain, same order; a sum of none is zero.

    Every remainder has the sign of its sum. The single sales are taken out of the first sum as far as it goes, what
    they tell beyond it out of the next.

    >>> [it.taxable for it in left_over([Amounts(500), Amounts(300)], Amounts(600))]
    [0, 200]
    >>> [it.taxable for it in left_over([Amounts(500)], Amounts(-100))]
    [600]
    """
    found: list[Amounts] = []
    for declared in sums:
        sign = (declared.taxable > 0) - (declared.taxable < 0)
        rest = declared.less(singles)
        if sign == 0:
            found.append(declared)
        elif rest.taxable * sign > 0:
            found.append(rest.clipped(sign))
            singles = Amounts()
        else:
            found.append(Amounts())
            singles = singles.less(declared)
    return found
