"""The feature matrix as a table, for people who work outside."""

from datetime import datetime

import polars as pl

from accounts.models import Business
from accounts.selectors import platform
from creditiq.kernel.errors import ApplicationError
from scoring.services.measuring import measure_many
from scoring.services.screenings import blocks_of_all
from wallets import selectors as wallet_selectors


class UnableToMeasure(ApplicationError):
    """There is no such business among those whose evidence may be read."""

    code = "unable_to_measure"


def feature_matrix(*, as_of: datetime, gstin: str | None = None) -> pl.DataFrame:
    """gstin and the measured features of every business with a live consent to the platform, or of one.

    Raises UnableToMeasure for a GSTIN that is not among them.
    """
    tables = wallet_selectors.population_evidence(as_of=as_of, organisation_id=platform().pk)
    measured = measure_many(tables, blocks_of_all(as_of).table, as_of).features
    found = dict(Business.register.filter(pk__in=measured["business"].to_list()).values_list("pk", "gstin"))
    if gstin is not None and gstin not in found.values():
        raise UnableToMeasure(f"No evidence of {gstin} may be read.")
    numbers = pl.Series("gstin", [found[key] for key in measured["business"].to_list()], dtype=pl.String)
    matrix = measured.with_columns(numbers).select("gstin", pl.exclude("gstin", "business"))
    return matrix if gstin is None else matrix.filter(pl.col("gstin") == gstin)
