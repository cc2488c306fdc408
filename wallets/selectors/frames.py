"""Evidence as frames, as known at a moment (architecture.md §3: two times on every record)."""

from collections.abc import Collection
from datetime import datetime, time

import polars as pl
import pyarrow as pa

from accounts.models import Business, Consent, Purpose
from creditiq.kernel.errors import ApplicationError
from wallets.models import RECORD_MODELS, Record, known_at
from wallets.selectors.history import BUSINESS_COLUMNS, history
from wallets.selectors.reading import arrow, read


class NoLiveConsent(ApplicationError):
    """Evidence may not be read: nothing live allows it."""

    code = "no_consent"


def evidence(*, business_id: int, as_of: datetime, consent: Consent) -> dict[str, pa.Table]:
    """Everything a score may use of one business: rows that had happened and were known at `as_of`.

    Kinds outside the consent come as empty tables. Raises NoLiveConsent when it does not cover the moment.
    """
    if consent.business_id != business_id or not consent.is_live(as_of):
        raise NoLiveConsent("There is no live consent to read this evidence.")
    return history(business_id=business_id, kinds=consent.kinds, as_of=as_of)


def population_evidence(*, as_of: datetime, organisation_id: int) -> dict[str, pa.Table]:
    """The same for every business with a live consent to credit assessment by the organisation, a read per kind."""
    everyone, willing = consenting(as_of=as_of, organisation_id=organisation_id)
    return _frames(everyone, willing, as_of)


def consenting(*, as_of: datetime, organisation_id: int) -> tuple[set[int], dict[str, list[int]]]:
    """Everybody with a live consent to credit assessment by the organisation, and by kind who lets it be read."""
    live = Consent.objects.live_at(as_of).filter(business__is_made_up=False)
    consents = live.filter(organisation_id=organisation_id, purpose=Purpose.CREDIT_ASSESSMENT)
    willing: dict[str, set[int]] = {kind: set() for kind in RECORD_MODELS}
    everyone: set[int] = set()
    for business_id, kinds in consents.values_list("business_id", "kinds"):
        everyone.add(business_id)
        for kind in kinds:
            willing[kind].add(business_id)
    return everyone, {kind: sorted(who) for kind, who in willing.items()}


def _frames(everyone: Collection[int], willing: dict[str, list[int]], as_of: datetime) -> dict[str, pa.Table]:
    frames = {"businesses": arrow(business_frame(everyone))}
    for kind, model in RECORD_MODELS.items():
        frames[kind] = arrow(known_records(model, willing.get(kind, []), as_of))
    return frames


def known_records(
    model: type[Record], businesses: Collection[int], as_of: datetime, further: tuple[str, ...] = ()
) -> pl.DataFrame:
    """Rows of one kind with both times at or before `as_of` that no later version had replaced by then.

    `further` names columns that frames for scoring do without.
    """
    rows = model._default_manager.filter(
        known_at(as_of), model.counted(), business_id__in=businesses, occurred_at__lte=as_of
    ).order_by()
    return read(rows, ("business", *model.COLUMNS, *further, "occurred_at", "received_at"))


def business_frame(everyone: Collection[int]) -> pl.DataFrame:
    """What a business is registered as; `registered_at` is midday IST of its day, as for every dated document."""
    rows = Business.register.filter(pk__in=everyone).order_by("pk")
    frame = read(rows, ("id", *BUSINESS_COLUMNS, "registered_on")).rename({"id": "business"})
    midday = pl.col("registered_on").str.to_date("%Y-%m-%d").dt.combine(time(12)).dt.replace_time_zone("Asia/Kolkata")
    return frame.with_columns(registered_at=midday.dt.epoch("us")).drop("registered_on")
