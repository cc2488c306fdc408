"""Who lives in the world: the businesses, and the outside parties they trade with.

A *party* is an index: 0 … N-1 are the businesses of the population, N … N+X-1 registered outsiders, and -1 stands
for private persons and the unregistered.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from wallets.engine.world import geography, identities, personas, sectors
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.spec import (
    HEALTHY,
    MIXTURES,
    NEW,
    PAPER,
    SHELL,
    STRUGGLING,
    Flags,
    Floats,
    Ints,
    WorldSpec,
)

CRORE = 10**7 * 100
_SIZES = ("micro", "small", "medium")
_OUTSIDERS_PER_BUSINESS = 2
_SPARE_OUTSIDERS = 60
_PEOPLE_PER_BUSINESS = 8
_SPARE_PEOPLE = 400
_MOST_VPAS = 3
_ORDINARY = 1.6 * CRORE / 12
_DOCUMENTS_PER_MONTH = 3.3


@dataclass(frozen=True)
class Population:
    """The N businesses; every array has one entry per business.

    `turnover` is the ordinary monthly sale value in paise; costs and buffers are shares or months of it;
    `set_aside` is the share kept back from trade payments for wages, instalments and mandates.
    """

    profile: Ints
    sector: Ints
    state: Ints
    pincode: Ints
    hsn: Ints
    constitution: Ints
    turnover: Floats
    growth: Floats
    retail: Floats
    input_cost: Floats
    fixed_cost: Floats
    buffer: Floats
    overdraft: Floats
    set_aside: Floats
    discipline: Floats
    support: Floats
    registered: Ints
    opened: Ints
    quarterly: Flags
    goods: Flags
    employer: Flags
    vpa_first: Ints
    vpa_count: Ints

    @property
    def count(self) -> int:
        """N."""
        return len(self.profile)

    @property
    def crooked(self) -> Flags:
        """Shells and paper traders."""
        return np.isin(self.profile, [SHELL, PAPER])

    @property
    def busyness(self) -> Floats:
        """Ordinary number of B2B invoices a month: grows slowly with size."""
        return np.clip(_DOCUMENTS_PER_MONTH * (self.turnover / _ORDINARY) ** 0.25, 1.5, 14)


@dataclass(frozen=True)
class Registry:
    """What is written on documents about every party, and the table of payment addresses (own first, then people)."""

    gstins: pl.Series
    states: Ints
    pincodes: Ints
    addresses: pl.Series
    people_from: int
    businesses: pl.DataFrame


def settle(spec: WorldSpec, almanac: Almanac) -> tuple[Population, Registry]:
    """Draw the population, then its papers."""
    people = _draw_population(spec, almanac)
    return people, _register(spec, almanac, people)


def _draw_profiles(spec: WorldSpec, chance: np.random.Generator) -> Ints:
    shares = np.array(MIXTURES[spec.mix])
    edges = np.rint(np.cumsum(shares) * spec.businesses).astype(np.int64)
    profile = np.searchsorted(edges, np.arange(spec.businesses), side="right").astype(np.int64)
    return chance.permutation(np.minimum(profile, NEW))


def _draw_registration(spec: WorldSpec, almanac: Almanac, profile: Ints, chance: np.random.Generator) -> Ints:
    """Day index of registration; the new are 6 to 14 months old in the demo, of any age inside a longer history."""
    age = np.exp(chance.normal(np.log(5 * 365), 0.6, spec.businesses)) + 200
    oldest = 430.0 if spec.mix == "demo" else max(430.0, almanac.days - 120.0)
    age = np.where(profile == SHELL, age + almanac.days, age)
    age = np.where(profile == NEW, chance.uniform(190, oldest, spec.businesses), age)
    return almanac.days - age.astype(np.int64)


def _draw_population(spec: WorldSpec, almanac: Almanac) -> Population:
    chance = spec.chance("population")
    n = spec.businesses
    profile = personas.cast_profiles(spec, _draw_profiles(spec, chance))
    sector = chance.choice(8, size=n, p=sectors.SHARES)
    state = chance.choice(len(geography.CODES), size=n, p=geography.SHARES)
    turnover = np.clip(np.exp(chance.normal(np.log(1.6 * CRORE), 1.35, n)), 0.12 * CRORE, 300 * CRORE) / 12
    turnover = np.where(profile == SHELL, np.minimum(turnover, 2 * CRORE / 12), turnover)
    registered = _draw_registration(spec, almanac, profile, chance)
    troubled = np.isin(profile, [STRUGGLING, SHELL, PAPER])
    vpas = chance.integers(1, _MOST_VPAS + 1, n)
    retail = np.clip(sectors.RETAIL[sector] * chance.gamma(4, 0.25, n), 0, 0.85)
    drawn = Population(
        profile=profile,
        sector=sector,
        state=state,
        pincode=geography.draw_pincodes(state, chance),
        hsn=sectors.HSN[sector, chance.integers(8, size=n)],
        constitution=chance.choice(3, size=n, p=[0.70, 0.19, 0.11]),
        turnover=turnover,
        growth=chance.normal(np.where(troubled, -0.02, 0.08), 0.10),
        retail=np.where(profile >= SHELL, np.where(profile == NEW, retail, 0.0), retail),
        input_cost=np.clip(chance.normal(np.where(profile == HEALTHY, 0.697, 0.715), 0.008, n), 0.64, 0.77),
        fixed_cost=np.clip(chance.normal(0.201, 0.010, n), 0.14, 0.25),
        buffer=np.exp(chance.normal(np.where(profile == HEALTHY, 1.45, -0.75), 0.38)),
        overdraft=np.where(chance.random(n) < 0.35, chance.uniform(0.05, 0.25, n), 0.0),
        set_aside=chance.uniform(0.0, np.where(profile == HEALTHY, 0.24, 0.05)),
        discipline=chance.normal(0, 0.5, n),
        support=chance.beta(0.6, 1.5, n) + (profile == HEALTHY),
        registered=registered,
        opened=np.clip(registered, 0, almanac.days - 1),
        quarterly=(turnover * 12 < 5 * CRORE) & (chance.random(n) < 0.45),
        goods=chance.random(n) < 0.92,
        employer=chance.random(n) < np.clip(0.25 + turnover * 12 / (8 * CRORE), 0, 0.95),
        vpa_first=np.cumsum(vpas) - vpas,
        vpa_count=vpas,
    )
    return personas.cast_traits(spec, almanac, drawn)


def _register(spec: WorldSpec, almanac: Almanac, people: Population) -> Registry:
    chance = spec.chance("registry")
    n, outsiders = people.count, _OUTSIDERS_PER_BUSINESS * people.count + _SPARE_OUTSIDERS
    sector = np.concatenate([people.sector, chance.choice(8, size=outsiders, p=sectors.SHARES)])
    constitution = np.concatenate([people.constitution, chance.choice(3, size=outsiders, p=[0.45, 0.25, 0.30])])
    out_state = chance.choice(len(geography.CODES), size=outsiders, p=geography.SHARES)
    states = np.concatenate([people.state, out_state])
    names = personas.cast_names(spec, identities.draw_names(sector, constitution, chance))
    initials = np.array([ord(name[0].upper()) - 65 for name in names], dtype=np.int64)
    parties = 1 + _OUTSIDERS_PER_BUSINESS
    walked = spec.seed * 1_009 + spec.first_serial(parties, _SPARE_OUTSIDERS)
    pans = identities.draw_pans(constitution, initials, walked, chance)
    gstins = identities.draw_gstins(states, pans)
    owner = np.concatenate([np.repeat(np.arange(n), people.vpa_count), np.arange(n, n + outsiders)])
    numbered = spec.first_serial(_MOST_VPAS + _OUTSIDERS_PER_BUSINESS, _SPARE_OUTSIDERS)
    own = identities.business_addresses(names, owner, numbered, chance)
    persons = identities.people_addresses(
        _PEOPLE_PER_BUSINESS * n + _SPARE_PEOPLE, spec.first_serial(_PEOPLE_PER_BUSINESS, _SPARE_PEOPLE), chance
    )
    udyams = identities.draw_udyams(people.state, spec.seed * 1_009 + spec.first_serial(1), chance)
    return Registry(
        gstins=pl.Series(gstins),
        states=states,
        pincodes=np.concatenate([people.pincode, geography.draw_pincodes(out_state, chance)]),
        addresses=pl.concat([pl.Series("vpa", own), persons.alias("vpa")]),
        people_from=len(own),
        businesses=_businesses_frame(people, almanac, (names[:n], pans[:n], gstins[:n], udyams)),
    )


def _businesses_frame(
    people: Population, almanac: Almanac, papers: tuple[list[str], list[str], list[str], list[str]]
) -> pl.DataFrame:
    names, pans, gstins, udyams = papers
    yearly = people.turnover * 12
    size = (yearly > 10 * CRORE).astype(np.int64) + (yearly > 100 * CRORE)
    return pl.DataFrame(
        {
            "business": np.arange(people.count, dtype=np.int64),
            "gstin": gstins,
            "pan": pans,
            "legal_name": names,
            "trade_name": [" ".join(name.split()[:2]) for name in names],
            "sector": pl.Series(sectors.NAMES).gather(people.sector),
            "hsn": pl.Series(people.hsn).cast(pl.String),
            "state_code": geography.CODES[people.state].astype(np.int32),
            "pincode": pl.Series(people.pincode).cast(pl.String),
            "size": pl.Series(_SIZES).gather(size),
            "constitution": pl.Series(identities.CONSTITUTIONS).gather(people.constitution),
            "udyam": udyams,
            "registered_at": almanac.instant(people.registered),
            "deals_in_goods": people.goods,
            "quarterly_filer": people.quarterly,
        }
    )


def vpas_frame(people: Population, registry: Registry) -> pl.DataFrame:
    """business, vpa: one to three verified addresses per business."""
    owner = np.repeat(np.arange(people.count, dtype=np.int64), people.vpa_count)
    return pl.DataFrame({"business": owner, "vpa": registry.addresses.gather(np.arange(len(owner)))})
