"""What the model would say if the economy turned: the newest vectors with GST sales that fell."""

from collections.abc import Mapping, Sequence

import numpy as np

from scoring.engine.mapping import pd_of
from scoring.models import ModelVersion, ScoreRun
from scoring.selectors import imputed_of
from scoring.services.cards import BrokenModel, card_of

GST_SALES = ("gst_7d_value", "gst_30d_value", "gst_90d_value", "gst_30d_unique_buyers")
"""What falls with the sales that GST invoices show."""
GST_RECORD = ("filing_compliance_rate",)
"""What slips by half as much: who sells less files later."""


def gst_shock(*, business_ids: Sequence[int], fall: float) -> Mapping[int, tuple[float, float]]:
    """PD of the newest number now, and if GST sales and buyers fell by `fall` (a share); nothing is stored.

    Businesses without a number of the serving version are left out; an empty answer while none serves. A fall never
    makes anybody better: the figures are those of the model, held at today's from below.
    """
    version = ModelVersion.objects.serving().first()
    if version is None or not business_ids:
        return {}
    newest = ScoreRun.objects.filter(business__in=business_ids, model_version=version).complete().latest_of_each()
    runs = newest.only("business_id", "vector", "imputed")
    vectors = [(run.business_id, {**run.vector, **imputed_of(run)}) for run in runs if run.vector]
    if not vectors:
        return {}
    try:
        card = card_of(version)
    except BrokenModel:
        return {}
    names = tuple(vectors[0][1])
    matrix = np.array([[np.nan if row.get(name) is None else row[name] for name in names] for _, row in vectors])
    factors = np.array([_left(name, fall) for name in names])
    today = card.points(card.complete(names, matrix.astype(float)))
    fallen = card.points(card.complete(names, matrix.astype(float) * factors))
    return {
        business: (pd_of(before), max(pd_of(before), pd_of(after)))
        for (business, _), before, after in zip(vectors, today, fallen, strict=True)
    }


def _left(name: str, fall: float) -> float:
    return 1.0 - fall if name in GST_SALES else 1.0 - fall / 2 if name in GST_RECORD else 1.0
