"""How the coefficients of fraud.engine.confidence were obtained: python -m tests.fraud.fit_confidence

Ridge logistic regression with constrained signs on members of suspected rings in simulated worlds, screened every
fortnight, so that young rings with one or two laps teach the model doubt. A member is guilty when it made a ring's
transfer in the ring window. Reads simulated truth, as only evaluation may.
"""

import sys
from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from fraud.engine import confidence
from fraud.engine.evaluation import calibration_error, reliability
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.population import screen_population
from fraud.engine.rings import MemberFinding
from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec

SIGNS = np.array([1.0, 1.0, 1.0, -1.0, -1.0])
RIDGE = 10.0
STEP_DAYS = 14
WORLDS = (*(("development", 1500, seed) for seed in range(101, 109)), ("demo", 250, 110))
VALIDATION = (*(("development", 1500, seed) for seed in range(201, 205)), ("demo", 250, 210))

Floats = npt.NDArray[np.float64]


def judged_members(world: Simulation, policy: FraudPolicy) -> Iterator[tuple[MemberFinding, bool]]:
    """Every member of every suspected ring at every screening, and whether it is guilty."""
    frames, truth = world.records.frames(), world.truth.transfers
    last = int(frames["bank_entries"]["received_at"].max())
    first = int(frames["bank_entries"]["received_at"].min()) + policy.ring_days * DAY
    for as_of in range(first, last, STEP_DAYS * DAY):
        recent = truth.filter(pl.col("occurred_at").is_between(as_of - policy.ring_days * DAY, as_of))
        guilty = set(recent["payer"]) | set(recent["payee"])
        for ring in screen_population(frames, as_of, policy).rings:
            yield from ((member, member.business in guilty) for member in ring.members)


def sample(worlds: tuple[tuple[str, int, int], ...]) -> tuple[Floats, Floats]:
    """Terms and guilt of all judged members of the worlds."""
    terms, guilt = [], []
    for mix, businesses, seed in worlds:
        spec = WorldSpec(businesses=businesses, months=24, seed=seed, end=date(2026, 11, 20), mix=mix)
        for member, guilty in judged_members(simulate(spec), FraudPolicy()):
            terms.append(member.reading.terms())
            guilt.append(float(guilty))
    return np.array(terms), np.array(guilt)


def fit(terms: Floats, guilt: Floats) -> Floats:
    """Intercept and coefficients by projected gradient descent on the standardised terms."""
    centre, spread = terms.mean(axis=0), terms.std(axis=0)
    design = np.column_stack([np.ones(len(terms)), (terms - centre) / spread])
    weight = np.zeros(design.shape[1])
    signs = np.concatenate([[0.0], SIGNS])
    for _ in range(20_000):
        odds = 1 / (1 + np.exp(-design @ weight))
        slope = design.T @ (odds - guilt) + RIDGE * np.concatenate([[0.0], weight[1:]])
        weight -= 4.0 / len(terms) * slope
        weight = np.where(signs * weight < 0, 0.0, weight)
    scaled = weight[1:] / spread
    return np.concatenate([[weight[0] - scaled @ centre], scaled])


def report(name: str, terms: Floats, guilt: Floats, weights: Floats) -> str:
    """Brier score, errors at one half and a reliability line by thirds of confidence."""
    sure = 1 / (1 + np.exp(-(weights[0] + terms @ weights[1:])))
    brier = float(np.mean((sure - guilt) ** 2))
    bins = [(sure >= low) & (sure < high) for low, high in ((0, 0.1), (0.1, 0.5), (0.5, 0.9), (0.9, 1.01))]
    cells = [f"{float(sure[b].mean()):.2f}/{float(guilt[b].mean()):.2f} (n={int(b.sum())})" for b in bins if b.any()]
    wrong = int(((sure >= 0.5) & (guilt == 0)).sum()), int(((sure < 0.5) & (guilt == 1)).sum())
    return f"{name}: n={len(guilt)} guilty={int(guilt.sum())} brier={brier:.4f} false±={wrong} " + " · ".join(cells)


def main() -> None:
    """Print the coefficients and how they do on worlds they never saw."""
    terms, guilt = sample(WORLDS)
    fitted = fit(terms, guilt)
    names = ("INTERCEPT", "RECURRENCE", "RETENTION", "CONCENTRATION", "HOP_HOURS", "GOODS_SUPPORT")
    published = np.array([getattr(confidence, name) for name in names])
    held_out = sample(VALIDATION)
    lines = [f"{name} = {value:.2f}" for name, value in zip(names, fitted, strict=True)]
    lines += [report("fitted, training", terms, guilt, fitted), report("fitted, held out", *held_out, fitted)]
    lines += [report("published, held out", *held_out, published)]
    odds = published[0] + held_out[0] @ published[1:]
    judged = list(zip((1 / (1 + np.exp(-odds))).tolist(), held_out[1].astype(bool).tolist(), strict=True))
    lines += [str(row) for row in reliability(judged)] + [f"calibration error {calibration_error(judged)}"]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
