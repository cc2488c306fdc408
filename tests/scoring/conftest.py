"""A small demo economy in the database, and a small scorecard in service."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import polars as pl
import pytest
from django.conf import LazySettings

from accounts.models import Business, Consent, Role, User
from accounts.selectors import platform
from accounts.services import register_businesses
from fraud.services import screen_population
from scoring.models import ModelVersion
from scoring.services import Developed, Development, develop, register
from tests.factories.accounts import ConsentFactory, MembershipFactory, UserFactory
from wallets.services import demo_world, load_records

RECORDS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")
END = date(2026, 10, 31)
NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Town:
    """Businesses of the demo economy in the order of the world; the first three are its cast."""

    businesses: list[Business]
    owner: User
    analyst: User

    @property
    def priya(self) -> Business:
        return self.businesses[0]


@lru_cache(maxsize=1)
def small_card() -> Developed:
    """Trained once, whoever's tests ask for it."""
    return develop(world=Development(businesses=800, months=36, seed=5), tell=lambda _line: None)


@pytest.fixture(scope="session")
def developed() -> Developed:
    """A scorecard of a few hundred firms: enough to serve, not enough to be proud of."""
    return small_card()


@pytest.fixture
def champion(db: None, developed: Developed, settings: LazySettings, tmp_path: Path) -> ModelVersion:
    settings.ARTEFACTS_DIR = tmp_path
    return register(developed=developed, at=NOW).version


@pytest.fixture(scope="session")
def world() -> dict[str, pl.DataFrame]:
    return demo_world(businesses=24, months=14, seed=3, end=END)


@pytest.fixture
def town(db: None, world: dict[str, pl.DataFrame]) -> Town:
    businesses = register_businesses(rows=world["businesses"].to_dicts(), at=NOW)
    keys = pl.DataFrame({"business": range(len(businesses)), "key": [business.pk for business in businesses]})
    load_records(frames={name: _stored(world[name], keys) for name in RECORDS})
    for business in businesses:
        ConsentFactory(business=business, organisation=platform())
    owner = MembershipFactory(business=businesses[0]).user
    screen_population(as_of=NOW - timedelta(hours=1))
    return Town(businesses, owner, UserFactory(role=Role.CREDIT_ANALYST))


def _stored(frame: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    """Keys of the world as keys of the database."""
    known = dict(keys.iter_rows())
    swapped = {"business": pl.col("business").replace_strict(known)}
    if "counterparty" in frame.columns:
        swapped["counterparty"] = pl.col("counterparty").replace_strict(known, default=None, return_dtype=pl.Int64)
    return frame.with_columns(**swapped)


def consent_of(business: Business) -> Consent:
    return Consent.objects.get(business=business, organisation=platform())
