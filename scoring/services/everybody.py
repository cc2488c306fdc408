"""Everybody who may be read, measured in one vectorised pass, and what the policy makes of some of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl
import pyarrow as pa

from accounts.models import Business, Consent, Purpose
from accounts.selectors import platform
from scoring.engine.amnesty import Amnesty
from scoring.engine.appraisal import Appraisal, Subject, appraise
from scoring.engine.measure import NOTES
from scoring.engine.permitted import Floats, withhold
from scoring.engine.policy import ScoringPolicy
from scoring.services.amnesties import Changed, relief_of
from scoring.services.dossiers import Standing, policy_at, policy_of, subject_of
from scoring.services.measuring import STREAMS, measure_many
from scoring.services.screenings import Block, blocks_of_all
from scoring.services.shadows import InService, Serving, in_service
from wallets import selectors as wallet_selectors


@dataclass(frozen=True)
class Everybody:
    """Standings and subjects in the order of the matrix (n, m), whose columns are `names`; NaN for missing."""

    standings: tuple[Standing, ...]
    subjects: tuple[Subject, ...]
    names: tuple[str, ...]
    matrix: Floats
    tables: Mapping[str, pa.Table]
    network: pa.Table
    as_of: datetime

    @cached_property
    def policy(self) -> ScoringPolicy:
        """The policy in force for them all."""
        return policy_of(self.standings[0].policy_version)

    def relief(self, amnesty: Amnesty | None) -> Floats | None:
        """The matrix under an amnesty; None without one."""
        if amnesty is None:
            return None
        changed = Changed(self.tables["gst_returns"], self.as_of, self._measured_again)
        return np.ascontiguousarray(relief_of(self.names, self.matrix, amnesty, changed))

    def _measured_again(self, returns: pa.Table) -> Floats:
        measured = measure_many({**self.tables, "gst_returns": returns}, self.network, self.as_of).features
        matrix = measured.select(pl.col(self.names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
        return withhold(self.names, matrix, [standing.kinds for standing in self.standings])

    def appraised(
        self, places: Sequence[int], policy: ScoringPolicy, relief: Floats | None
    ) -> Iterator[tuple[Standing, Appraisal]]:
        """The answers at `places` under a policy and the `relief` of its amnesty, one version after the other."""
        for chosen in self._by_version(places):
            bench = replace(self.standings[chosen[0]].bench, policy=policy)
            found = appraise(
                bench,
                [self.subjects[place] for place in chosen],
                self.names,
                self.matrix[chosen],
                None if relief is None else relief[chosen],
            )
            yield from zip([self.standings[place] for place in chosen], found, strict=True)

    def _by_version(self, places: Sequence[int]) -> list[list[int]]:
        groups: dict[Serving, list[int]] = {}
        for place in places:
            groups.setdefault(self.standings[place].serving, []).append(place)
        return list(groups.values())


def everybody(as_of: datetime) -> Everybody:
    """Businesses with a live consent to the platform, measured at `as_of`. Raises NoChampion."""
    serving = in_service()
    tables = wallet_selectors.population_evidence(as_of=as_of, organisation_id=platform().pk)
    block = blocks_of_all(as_of)
    measured = measure_many(tables, block.table, as_of)
    businesses = measured.features["business"].to_list()
    standings = tuple(_standings(businesses, serving, block, as_of))
    names = tuple(name for name in measured.features.columns if name != "business")
    matrix = measured.features.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()
    return Everybody(
        standings=standings,
        subjects=tuple(_subjects(standings, _rows_per_stream(tables), measured.notes)),
        names=names,
        matrix=np.ascontiguousarray(withhold(names, matrix, [standing.kinds for standing in standings])),
        tables=tables,
        network=block.table,
        as_of=as_of,
    )


def _standings(businesses: list[int], serving: InService, block: Block, as_of: datetime) -> Iterator[Standing]:
    found = Business.register.in_bulk(businesses)
    live = Consent.objects.live_at(as_of).filter(organisation=platform(), purpose=Purpose.CREDIT_ASSESSMENT)
    consents = {consent.business_id: consent for consent in live.order_by("granted_at", "pk")}
    policy = policy_at(as_of)
    for key in businesses:
        chosen, screening = serving.serving_for(found[key]), block.screenings.get(key)
        yield Standing(found[key], chosen, as_of, consents[key], policy, screening, {}, None)


def _subjects(
    standings: Sequence[Standing], rows: Mapping[int, Mapping[str, int]], notes: pl.DataFrame
) -> Iterator[Subject]:
    held = {row[0]: tuple(name for name, value in zip(NOTES, row[1:], strict=True) if value) for row in notes.rows()}
    for standing in standings:
        key = standing.business.pk
        yield subject_of(standing, {stream: rows[key][stream] for stream in STREAMS}, held[key])


def _rows_per_stream(tables: Mapping[str, pa.Table]) -> dict[int, dict[str, int]]:
    rows = {key: dict.fromkeys(STREAMS, 0) for key in tables["businesses"].column("business").to_pylist()}
    for stream in STREAMS:
        frame = pl.DataFrame(pl.from_arrow(tables[stream].select(["business"])))
        for key, count in frame.group_by("business").len().iter_rows():
            rows[key][stream] = count
    return rows
