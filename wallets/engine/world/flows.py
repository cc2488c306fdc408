"""Money that is meant to move: who, to whom, how much, when, why, and on which rail."""

from dataclasses import dataclass, fields, replace
from enum import IntEnum

import numpy as np

from wallets.engine.world.spec import Flags, Floats, Ints

BANK, UPI, CASH = range(3)
NOBODY = -1


class Kind(IntEnum):
    """Why money moves; the order is only a numbering."""

    CRITICAL = 0  # a supplier that would stop delivering
    TRADE = 1
    RETAIL = 2
    TAKINGS = 3  # cash of the counter, paid in
    SALARY = 4
    RENT = 5
    GST = 6
    EPF = 7
    ESIC = 8
    TDS = 9
    EMI = 10
    LOAN = 11
    CAPEX = 12
    MANDATE = 13
    PERSONAL = 14
    CAPITAL = 15
    DRAWING = 16
    CIRCULAR = 17
    SWEEP = 18
    RETURN_CHARGE = 19
    PAYOUT = 20  # money held for others: paid on whatever the till holds


# What a business short of cash pays first (low), how many days it waits to try again, and how often it tries.
PRIORITY: Ints = np.array([2, 6, 9, 9, 0, 3, 4, 4, 4, 4, 5, 9, 1, 1, 1, 9, 9, 9, 9, 9, 9], dtype=np.int64)
PATIENCE: Ints = np.array([4, 8, 1, 1, 3, 5, 6, 6, 6, 6, 5, 1, 5, 3, 1, 1, 1, 1, 1, 1, 1], dtype=np.int64)
ATTEMPTS: Ints = np.array([24, 16, 1, 1, 20, 14, 24, 20, 20, 20, 26, 1, 4, 3, 1, 1, 1, 1, 1, 1, 1], dtype=np.int64)


@dataclass(frozen=True)
class Flows:
    """One entry per intended transfer.

    `payer` and `payee` are parties or NOBODY; `person` is the payment address of a private person or NOBODY;
    `cause` is the index of the loan or return behind it or NOBODY; `of_day` is the time of day in microseconds or
    NOBODY where it is still open.
    """

    payer: Ints
    payee: Ints
    amount: Ints
    day: Ints
    kind: Ints
    rail: Ints
    person: Ints
    cause: Ints
    of_day: Ints

    def __len__(self) -> int:
        return len(self.payer)

    def pick(self, chosen: Flags | Ints) -> "Flows":
        """Some of the flows, in the order asked for."""
        return Flows(**{field.name: getattr(self, field.name)[chosen] for field in fields(self)})

    def on(self, day: Ints) -> "Flows":
        """The same flows on other days."""
        return replace(self, day=day)


def flows(amount: Floats | Ints, **columns: Ints | int) -> Flows:
    """Flows from some columns; what is not named is NOBODY, by bank. Amounts are rounded to paise, at least one."""
    count = len(amount)
    filled = {
        field.name: np.broadcast_to(
            np.asarray(columns.get(field.name, BANK if field.name == "rail" else NOBODY), dtype=np.int64), (count,)
        )
        for field in fields(Flows)
        if field.name != "amount"
    }
    return Flows(amount=np.maximum(np.rint(amount), 1).astype(np.int64), **filled)


def gathered(parts: list[Flows]) -> Flows:
    """All flows of several tables, in order."""
    return Flows(
        **{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Flows)}
    )
