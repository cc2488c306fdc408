"""Features of the payment network, computed by the last population screening and passed through unchanged.

A business that was not screened has none of them: missing, not zero.
"""

from typing import Final

from scoring.engine.features.dialect import NumericValue, Table, ifelse, number, source
from scoring.engine.features.frames import NETWORK_COLUMNS
from scoring.engine.features.registry import MODEL, Family, Grain, Risk, Unit, days, feature


def screened() -> Table:
    """The network columns of each screened business; NaN is read as missing."""
    rows = source("network")
    return rows.mutate(**{name: ifelse(rows[name].isnan(), None, rows[name]) for name in NETWORK_COLUMNS})


NETWORK: Final = Grain("network", screened, single=True)


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.FLAG, risk=Risk.RISES, population=True)
def fraud_ring_flag(screening: Table) -> NumericValue:
    """Member of a payment ring.

    1 when the firm belongs to a ring whose confidence passes policy, else 0.
    """
    return screening.fraud_ring_flag


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.SHARE, risk=Risk.RISES, population=True)
def fraud_confidence(screening: Table) -> NumericValue:
    """Ring confidence.

    Calibrated probability that the firm knowingly takes part in a ring.
    """
    return screening.fraud_confidence


@feature(
    grain=NETWORK,
    family=Family.NETWORK,
    unit=Unit.RUPEES_PER_DAY,
    window=days(30),
    risk=Risk.RISES,
    population=True,
)
def cycle_velocity(screening: Table) -> NumericValue:
    """Money going round per day.

    Rupees per day that returned to their sender in temporal cycles, 30 days.
    """
    return screening.cycle_velocity


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.COUNT, window=days(90), risk=Risk.RISES, population=True)
def cycle_recurrence(screening: Table) -> NumericValue:
    """Repetitions of the ring.

    Number of edge-disjoint repetitions of the ring, 90 days.
    """
    return screening.cycle_recurrence


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.SHARE, risk=Risk.FALLS, population=True)
def counterparty_compliance_avg(screening: Table) -> NumericValue:
    """Partners filing on time.

    Value-weighted share of returns filed on time by direct counterparties.
    """
    return screening.counterparty_compliance_avg


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.SHARE, risk=Risk.RISES, actionable=True, population=True)
def counterparty_fraud_exposure(screening: Table) -> NumericValue:
    """Trade with flagged firms.

    Share of value traded with flagged firms, decaying over two hops.
    """
    return screening.counterparty_fraud_exposure


@feature(
    grain=NETWORK,
    family=Family.NETWORK,
    unit=Unit.SHARE,
    risk=Risk.RISES,
    actionable=True,
    low=-1,
    high=1,
    population=True,
)
def gst_upi_receivables_gap(screening: Table) -> NumericValue:
    """Invoiced but not received.

    (Invoiced including tax − receipts on all rails in the matched period) ÷ invoiced, clipped to ±1.
    """
    return screening.gst_upi_receivables_gap


@feature(grain=NETWORK, family=Family.NETWORK, unit=Unit.Z_SCORE, risk=Risk.RISES, population=True)
def ewb_smurfing_index(screening: Table) -> NumericValue:
    """Bills just under ₹50,000.

    Excess of e-way bills in ₹45,000–50,000 over the two neighbouring bands, as a signed binomial z-score.
    """
    return screening.ewb_smurfing_index


@feature(
    grain=NETWORK,
    family=Family.NETWORK,
    unit=Unit.RATIO,
    window=days(90),
    risk=Risk.NEITHER,
    population=True,
)
def pagerank_score(screening: Table) -> NumericValue:
    """Weight in the payment network.

    Value-weighted PageRank times the number of firms, 90 days: 1 is average.
    """
    return screening.pagerank_score


@feature(grain=MODEL, family=Family.CADENCE, unit=Unit.SCORE, risk=Risk.RISES, population=True)
def temporal_anomaly_flag(_: Table) -> NumericValue:
    """Unusual rhythm.

    Isolation-forest score of the cadence features against the population it was fitted on; higher is stranger. Computed
    with the model, not by an expression.
    """
    return number(0)
