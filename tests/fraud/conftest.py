"""A small town whose frauds are known, in the database and as frames."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from accounts.models import Business, User
from accounts.selectors import platform
from accounts.services import ConsentTerms, grant_consents, register_businesses
from creditiq.kernel.clock import moment
from tests.factories.accounts import UserFactory
from wallets.engine.world.simulation import Simulation, simulate
from wallets.engine.world.spec import WorldSpec
from wallets.services import load_records, verify_vpas

RECORDS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")


@dataclass(frozen=True)
class Town:
    """The simulation, the key of each of its businesses, and the moment after its last record."""

    world: Simulation
    keys: dict[int, int]
    end: datetime

    @property
    def guilty(self) -> set[int]:
        """Keys of the true ring members."""
        rings = self.world.truth.rings["members"].to_list()
        return {self.keys[member] for members in rings for member in members}

    def stored(self, name: str) -> pl.DataFrame:
        """A frame with database keys."""
        frame = self.world.records.frames()[name]
        columns = [column for column in ("business", "counterparty") if column in frame.columns]
        return frame.with_columns(pl.col(columns).replace_strict(self.keys, return_dtype=pl.Int64))

    def frames(self) -> dict[str, pl.DataFrame]:
        """All frames with database keys."""
        return {name: self.stored(name) for name in ("businesses", *RECORDS)}


@pytest.fixture(scope="session")
def world() -> Simulation:
    return simulate(WorldSpec(businesses=40, months=6, seed=11, end=date(2026, 10, 31), mix="demo"))


@pytest.fixture
def empty_town(db: None, world: Simulation) -> Town:
    """Registered and consenting, but without evidence."""
    frames = world.records.frames()
    end = moment(int(str(frames["bank_entries"]["received_at"].max()))) + timedelta(hours=1)
    opened = end - timedelta(days=600)
    businesses = register_businesses(rows=frames["businesses"].to_dicts(), at=opened)
    terms = ConsentTerms(organisation=platform(), expires_at=end + timedelta(days=365))
    grant_consents(business_ids=[business.pk for business in businesses], terms=terms, at=opened)
    registered = dict(Business.objects.values_list("gstin", "pk"))
    return Town(world, {n: registered[g] for n, g in frames["businesses"].select("business", "gstin").iter_rows()}, end)


@pytest.fixture
def town(empty_town: Town) -> Town:
    """With all its evidence."""
    verify_vpas(addresses=dict(empty_town.stored("vpas").select("vpa", "business").iter_rows()))
    load_records(frames={name: empty_town.stored(name) for name in RECORDS})
    return empty_town


@pytest.fixture
def risk_manager(db: None) -> User:
    return UserFactory(role="risk_manager")


@pytest.fixture
def principal_officer(db: None) -> User:
    return UserFactory(role="risk_manager", first_name="Farida", duties=["principal_officer"])
