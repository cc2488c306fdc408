"""Expected credit loss in three stages, run beside the IRAC provision (RBI directions in force from 1 April 2027)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum

from lending.engine.classification import AssetClass
from lending.engine.rounding import rounded

NOTHING = Decimal(0)
HUNDRED = Decimal(100)


class Stage(IntEnum):
    """No significant rise of credit risk; a significant rise; credit-impaired (the definition of NPA is unchanged)."""

    PERFORMING = 1
    RISEN = 2
    IMPAIRED = 3


@dataclass(frozen=True, slots=True)
class LossRules:
    """Days past due after which risk counts as risen, and the LGD (per cent) where the bank has none of its own."""

    risen_after: int
    risen_after_revolving: int
    lgd_secured: Decimal
    lgd_unsecured: Decimal


@dataclass(frozen=True, slots=True)
class Year:
    """One coming year: exposure at its start in rupees, and the PD of the year given survival, in per cent."""

    exposure: Decimal
    pd: Decimal


@dataclass(frozen=True, slots=True)
class Loss:
    """Expected credit losses in rupees: of the first twelve months, and of the whole life."""

    twelve_months: Decimal
    lifetime: Decimal


@dataclass(frozen=True, slots=True)
class Held:
    """The two computations side by side, the floor, and what is held on the day."""

    irac: Decimal
    ecl: Decimal
    floor: Decimal
    held: Decimal


def stage(
    asset_class: AssetClass, dpd: int, rules: LossRules, *, revolving: bool = False, risen: bool = False
) -> Stage:
    """The stage of an asset; `risen` is any other sign of a significant rise the bank has found.

    >>> rules = LossRules(30, 60, Decimal(65), Decimal(70))
    >>> [stage(AssetClass.STANDARD, dpd, rules).value for dpd in (30, 31)]
    [1, 2]
    """
    if asset_class is not AssetClass.STANDARD:
        return Stage.IMPAIRED
    after = rules.risen_after_revolving if revolving else rules.risen_after
    return Stage.RISEN if risen or dpd > after else Stage.PERFORMING


def loss_given_default(own: Decimal | None, rules: LossRules, *, secured: bool) -> Decimal:
    """The bank's own estimate in per cent, or the backstop where it has none."""
    if own is not None:
        return own
    return rules.lgd_secured if secured else rules.lgd_unsecured


def expected_loss(years: Sequence[Year], *, lgd: Decimal, percent: Decimal) -> Loss:
    """Σ exposure · survival · PD · LGD, each year discounted from its end at the effective rate.

    Survival is ∏(1 − PD) of the years before; LGD and rate in per cent.
    """
    alive, discount, parts = Decimal(1), 1 / (1 + percent / HUNDRED), []
    for number, year in enumerate(years, start=1):
        pd = year.pd / HUNDRED
        parts.append(year.exposure * alive * pd * lgd / HUNDRED * discount**number)
        alive *= 1 - pd
    return Loss(twelve_months=rounded(parts[0]) if parts else rounded(NOTHING), lifetime=rounded(sum(parts, NOTHING)))


def impaired_loss(exposure: Decimal, lgd: Decimal) -> Decimal:
    """The loss of an asset already in default: exposure · LGD."""
    return rounded(exposure * lgd / HUNDRED)


def allowance(at: Stage, loss: Loss, *, exposure: Decimal, lgd: Decimal) -> Decimal:
    """The loss its stage asks for: twelve months, the whole life, or the loss of a default that has happened."""
    if at is Stage.IMPAIRED:
        return impaired_loss(exposure, lgd)
    return loss.twelve_months if at is Stage.PERFORMING else loss.lifetime


def floor_amount(exposure: Decimal, percent: Decimal) -> Decimal:
    """The prudential floor of a product in a stage."""
    return rounded(exposure * percent / HUNDRED)


def held(on: date, starts: date, *, irac: Decimal, ecl: Decimal, floor: Decimal) -> Held:
    """Both provisions; IRAC is held before `starts`, from then on the larger of expected loss and floor."""
    return Held(irac=irac, ecl=ecl, floor=floor, held=max(ecl, floor) if on >= starts else irac)
