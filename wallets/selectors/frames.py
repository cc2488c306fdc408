"""Evidence as frames, as known at a moment (architecture.md §3: two times on every record)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

import polars as pl
import pyarrow as pa
from django.db.models import Q

from accounts.models import Business, Consent, ConsentQuerySet, Purpose
from creditiq.kernel.errors import ApplicationError
from wallets.models import RECORD_MODELS, Record, known_at
from wallets.selectors.covering import covered
from wallets.selectors.history import BUSINESS_COLUMNS, history
from wallets.selectors.reading import arrow, read

ANY = Q()


class NoLiveConsent(ApplicationError):
    """Evidence may not be read: nothing live allows it."""

    code = "no_consent"


def evidence(*, business_id: int, as_of: datetime, consent: Consent) -> dict[str, pa.Table]:
    """Everything a score may use of one business: rows that had happened and were known at `as_of`.

    Kinds outside the consent come as empty tables, and what happened outside its range is left out. Raises
    NoLiveConsent when it does not cover the moment.
    """
    if consent.business_id != business_id or not consent.is_live(as_of):
        raise NoLiveConsent("There is no live consent to read this evidence.")
    return history(
        business_id=business_id, kinds=consent.kinds, as_of=as_of, since=consent.data_from, until=consent.data_to
    )


def population_evidence(*, as_of: datetime, organisation_id: int) -> dict[str, pa.Table]:
    """The same for every business with a live consent to credit assessment by the organisation, a read per kind."""
    willing = consenting(as_of=as_of, organisation_id=organisation_id)
    frames = {"businesses": arrow(business_frame(willing.everyone))}
    for kind, model in RECORD_MODELS.items():
        frames[kind] = arrow(known_records(model, willing.by_kind[kind], as_of, within=willing.within))
    return frames


@dataclass(frozen=True)
class Consenting:
    """Everybody with a live consent to credit assessment by one organisation, and by kind who lets it be read.

    `ranges` holds the businesses that share evidence of some time only: from when and to when, None for no bound.
    """

    consents: ConsentQuerySet
    everyone: set[int]
    by_kind: dict[str, list[int]]
    ranges: dict[int, tuple[datetime | None, datetime | None]]

    @property
    def within(self) -> Q:
        """Records within the range of their business."""
        return covered(self.consents) if self.ranges else Q()


def consenting(*, as_of: datetime, organisation_id: int) -> Consenting:
    """Who lets the organisation read what, and from which time."""
    live = Consent.objects.live_at(as_of).filter(business__is_made_up=False)
    consents = live.filter(organisation_id=organisation_id, purpose=Purpose.CREDIT_ASSESSMENT)
    willing: dict[str, set[int]] = {kind: set() for kind in RECORD_MODELS}
    everyone: set[int] = set()
    ranges: dict[int, tuple[datetime | None, datetime | None]] = {}
    for business_id, kinds, begins, ends in consents.values_list("business_id", "kinds", "data_from", "data_to"):
        everyone.add(business_id)
        if begins is not None or ends is not None:
            ranges[business_id] = (begins, ends)
        for kind in kinds:
            willing[kind].add(business_id)
    return Consenting(consents, everyone, {kind: sorted(who) for kind, who in willing.items()}, ranges)


def known_records(
    model: type[Record], businesses: Collection[int], as_of: datetime, further: tuple[str, ...] = (), within: Q = ANY
) -> pl.DataFrame:
    """Rows of one kind with both times at or before `as_of` that no later version had replaced by then.

    `within` is the range of a consent; `further` names columns that frames for scoring do without.
    """
    rows = model._default_manager.filter(
        known_at(as_of), model.counted(), within, business_id__in=businesses, occurred_at__lte=as_of
    ).order_by()
    return read(rows, ("business", *model.COLUMNS, *further, "occurred_at", "received_at"))


def business_frame(everyone: Collection[int]) -> pl.DataFrame:
    """What a business is registered as; `registered_at` is midday IST of its day, as for every dated document."""
    rows = Business.register.filter(pk__in=everyone).order_by("pk")
    frame = read(rows, ("id", *BUSINESS_COLUMNS, "registered_on")).rename({"id": "business"})
    midday = pl.col("registered_on").str.to_date("%Y-%m-%d").dt.combine(time(12)).dt.replace_time_zone("Asia/Kolkata")
    return frame.with_columns(registered_at=midday.dt.epoch("us")).drop("registered_on")
