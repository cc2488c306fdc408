"""Parameter 17: how the wallets borrow. Its own sub-score (wallets.md §13.6); who never borrowed is not judged."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from wallets.engine.actions import Action
from wallets.engine.contracts import LENDING
from wallets.engine.ledger import Ledger
from wallets.engine.parameters.reading import Reading, Rule
from wallets.engine.parameters.transforms import log_ramp, ramp
from wallets.engine.pricing import DAY

PARTS = (("health", 0.40), ("repaid", 0.25), ("liquidations", 0.20), ("tenure", 0.15))
SAFE = 1.1
HEALTH_ANCHORS = (1.0, 1.25, 2.0)
RECENT = 30 * DAY
HALF_LIFE = 365.0
WORST_FALL = 0.5
LOANS, TENURE = (0.0, 3.0, 10.0), (0.0, 180.0, 720.0)
CLOSED = 0.99
GAP = 30 * DAY
"""A health factor stands until the next reading, at most this long."""


@dataclass(frozen=True)
class Debt:
    """What was borrowed of one asset at one contract, and what came back; `old` is what has been owed for 30 days."""

    first: int
    borrowed: int
    repaid: int
    old: int
    usd: float | None


def borrowing(ledger: Ledger, rule: Rule) -> Reading:
    """Health 40 %, repayment 25 %, liquidations 20 %, number and age of loans 15 %; unknown parts are not covered."""
    acts = [act for act in ledger.actions if act.kind in {"borrow", "repay", "liquidated"}]
    borrowed = [act for act in acts if act.kind == "borrow"]
    if not borrowed:
        return Reading(dict.fromkeys(name for name, _ in PARTS), None, 0.0)
    debts = _debts(acts, ledger.as_of)
    parts: dict[str, float | None] = {
        "health": _health(ledger),
        "repaid": _repaid(debts),
        "liquidations": _liquidations(ledger, acts),
        "tenure": _tenure(debts, min(act.at for act in borrowed), ledger.as_of),
    }
    known = [(parts[name], weight) for name, weight in PARTS]
    covered = sum(weight for part, weight in known if part is not None)
    score = sum(part * weight for part, weight in known if part is not None) / covered
    return Reading(parts, score, _seen(ledger) * covered)


def _seen(ledger: Ledger) -> float:
    """How far lending was seen: all logs, or Aave alone, which is some of the lending contracts of the registry."""
    lenders = [contract.kind for contract in ledger.evidence.contracts if contract.kind in LENDING]
    aave = sum(kind.startswith("aave") for kind in lenders) / len(lenders) if lenders else 0.0
    return max(ledger.synced("logs"), ledger.synced("aave") * aave)


def _debts(acts: Sequence[Action], as_of: int) -> list[Debt]:
    by_loan: dict[tuple[str, str, str], list[Action]] = defaultdict(list)
    for act in acts:
        by_loan[(act.contract, act.user, act.asset)].append(act)
    debts = []
    for loan in by_loan.values():
        taken = [act for act in loan if act.kind == "borrow"]
        back = sum(act.amount for act in loan if act.kind == "repay")
        old = sum(act.amount for act in taken if act.at <= as_of - RECENT)
        if taken:
            usd = [act.usd for act in taken if act.usd is not None]
            worth = sum(usd) if len(usd) == len(taken) else None
            debts.append(Debt(taken[0].at, sum(act.amount for act in taken), back, old, worth))
    return debts


def _repaid(debts: Sequence[Debt]) -> float | None:
    """Repaid share of what has been owed for 30 days, weighted by dollars; a loan of yesterday is not late."""
    rated = [(debt, debt.usd) for debt in debts if debt.old and debt.usd]
    total = sum(usd * debt.old / debt.borrowed for debt, usd in rated)
    back = sum(usd * min(debt.repaid, debt.old) / debt.borrowed for debt, usd in rated)
    return back / total if total else None


def _health(ledger: Ledger) -> float | None:
    """Half for the share of time at or above 1.1, half for the lowest factor on a log scale over 1."""
    points: dict[tuple[str, str, str], list[tuple[int, float]]] = defaultdict(list)
    for row in sorted(ledger.evidence.health):
        points[(row.chain, row.address, row.protocol)].append((row.at, row.factor))
    if not points:
        return None
    safe = whole = 0
    for series in points.values():
        ends = [at for at, _ in series[1:]] + [ledger.as_of]
        for (at, factor), end in zip(series, ends, strict=True):
            lasted = min(end - at, GAP)
            whole += lasted
            safe += lasted if factor >= SAFE else 0
    lowest = min(factor for series in points.values() for _, factor in series)
    share = safe / whole if whole else float(lowest >= SAFE)
    return 0.5 * share + 0.5 * log_ramp(lowest, HEALTH_ANCHORS)


def _liquidations(ledger: Ledger, acts: Sequence[Action]) -> float:
    """e^−Σ weight; a weight halves every 365 days (never zero) and is less when the whole market fell that day."""
    total = 0.0
    for act in acts:
        if act.kind == "liquidated":
            fade = exp(-log(2) * (ledger.as_of - act.at) / DAY / HALF_LIFE)
            total += fade * (1 - min(WORST_FALL, _market_fall(ledger, act)))
    return exp(-total)


def _market_fall(ledger: Ledger, act: Action) -> float:
    """Fall of the chain's coin from its highest price of the day before to the act."""
    asset = f"{act.chain}/native"
    rows = [(row.at, float(row.usd)) for row in ledger.evidence.prices if row.asset == asset]
    here = bisect_right(rows, (act.at, float("inf")))
    day = [usd for at, usd in rows[:here] if at >= act.at - DAY]
    return max(0.0, 1 - day[-1] / max(day)) if day else 0.0


def _tenure(debts: Sequence[Debt], first: int, as_of: int) -> float:
    """Mean of loans paid back (0 / 3 / 10) and days since the first loan (0 / 180 / 720)."""
    closed = sum(debt.repaid >= CLOSED * debt.borrowed for debt in debts)
    return 0.5 * ramp(float(closed), LOANS) + 0.5 * ramp((as_of - first) / DAY, TENURE)
