"""What another fraud policy would say of everybody; nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from accounts.selectors import platform
from creditiq.kernel.clock import micros
from fraud.engine import population as engine
from fraud.engine.policy import FraudPolicy
from fraud.engine.population import flagged_members
from fraud.engine.wider_rings import wider_rings
from fraud.selectors.policy import checked_policy, policy_at
from wallets.selectors import population_evidence


@dataclass(frozen=True)
class TriedPolicy:
    """How many businesses were screened twice, and who is suspected of a ring under one policy and not the other."""

    businesses: int
    newly: frozenset[int]
    cleared: frozenset[int]


def try_policy(*, document: Mapping[str, object], as_of: datetime) -> TriedPolicy:
    """Screen the population as known at `as_of` under the policy in force and under `document`.

    Raises InvalidInput naming the entry.
    """
    other = checked_policy(document)
    tables = population_evidence(as_of=as_of, organisation_id=platform().pk)
    frames = {name: pl.DataFrame(pl.from_arrow(table)) for name, table in tables.items()}
    before = _suspects(frames, micros(as_of), policy_at(as_of).policy)
    after = _suspects(frames, micros(as_of), other)
    return TriedPolicy(frames["businesses"].height, after - before, before - after)


def _suspects(frames: Mapping[str, pl.DataFrame], as_of: int, policy: FraudPolicy) -> frozenset[int]:
    """Businesses of the population in a ring whose confidence passes; outsiders have negative numbers."""
    found = engine.screen_population(frames, as_of, policy)
    members = flagged_members((*found.rings, *wider_rings(frames, as_of, policy).rings), policy)
    return frozenset(member for member in members if member >= 0)
