"""What the fraud app announces."""

from dataclasses import dataclass

from creditiq.kernel.events import Event


@dataclass(frozen=True)
class BusinessScreened(Event):
    """One business was screened anew because its evidence changed."""

    screening_id: int
    business_id: int


@dataclass(frozen=True)
class SlabPlanned(Event):
    """A slab of a full scan waits to be searched."""

    slab_id: int


@dataclass(frozen=True)
class SweepSearched(Event):
    """The last slab of a full scan is done: everybody can be screened."""

    sweep_id: int


@dataclass(frozen=True)
class PopulationScreened(Event):
    """Everybody was screened; PageRank, counterparties and the null model are as of this screening."""

    population_id: int


@dataclass(frozen=True)
class AlertRaised(Event):
    """Something waits for a look: a ring, a typology or a rule."""

    alert_id: int


@dataclass(frozen=True)
class AlertDecided(Event):
    """A person confirmed, dismissed or snoozed the alert of a ring, or its snooze ended."""

    alert_id: int
    ring_id: int


@dataclass(frozen=True)
class DisputeAnswered(Event):
    """A dispute was opened, or one side said something in it or resolved it."""

    dispute_id: int
    business_id: int


@dataclass(frozen=True)
class DisputeUpheld(Event):
    """An owner was right: the business is screened anew, and its score follows."""

    dispute_id: int
    business_id: int


@dataclass(frozen=True)
class WatchlistChanged(Event):
    """A list was loaded whose entities are not those of before; customers are held against what is new."""

    delta_id: int


@dataclass(frozen=True)
class MatchDecided(Event):
    """Two people decided whether a customer is whom a list names."""

    match_id: int
    business_id: int
