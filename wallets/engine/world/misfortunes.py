"""What nobody can foresee: a fire, a lost customer, a wedding or an illness in the family.

These strike at the same rate whatever the health of a business, and no evidence tells of them beforehand: they bound
how well anybody, even who knows the hidden state of today, can say who will default tomorrow.
"""

import numpy as np

from wallets.engine.world import personas
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.population import Population
from wallets.engine.world.spec import Flags, Floats, Ints, WorldSpec

_CALAMITIES_PER_MONTH = 0.0028
_SALES_LEFT = (0.05, 0.30)
_LEAST_MONTHS, _MOST_MONTHS = 4, 9
_RECOVERY = 0.6  # of the sales that were lost, from the end of a calamity on
_NEEDS_PER_MONTH = 0.0035
_TYPICAL_NEED, _SPREAD_OF_NEED = 0.9, 0.6  # months of turnover

Needs = dict[int, tuple[Ints, Ints]]


def sales_left(spec: WorldSpec, almanac: Almanac, people: Population) -> Floats:
    """(N, months) share of ordinary sales that calamities leave: 1 but for the months struck and those after."""
    chance = spec.chance("calamities")
    shape = (people.count, almanac.months)
    struck = (chance.random(shape) < _CALAMITIES_PER_MONTH) & ~_spared(spec, people)[:, None]
    length = chance.integers(_LEAST_MONTHS, _MOST_MONTHS + 1, shape)
    depth = chance.uniform(*_SALES_LEFT, shape)
    left = np.ones(shape)
    for business, month in np.argwhere(struck).tolist():
        over = month + int(length[business, month])
        left[business, month:over] = np.minimum(left[business, month:over], depth[business, month])
        left[business, over:] *= 1 - (1 - _RECOVERY) * (1 - depth[business, month])
    return left


def household_needs(spec: WorldSpec, almanac: Almanac, people: Population) -> Needs:
    """Day → businesses and paise their owners' families suddenly need from the till."""
    chance = spec.chance("household")
    struck = (chance.random((people.count, almanac.months)) < _NEEDS_PER_MONTH) & ~_spared(spec, people)[:, None]
    business, month = np.nonzero(struck)
    wanted = _TYPICAL_NEED * np.exp(chance.normal(0, _SPREAD_OF_NEED, len(business))) * people.turnover[business]
    day = almanac.month_starts[month] + chance.integers(0, 28, len(business))
    known = (day < almanac.days) & (day > people.opened[business])
    return {
        when: (business[known & (day == when)], np.rint(wanted[known & (day == when)]).astype(np.int64))
        for when in np.unique(day[known]).tolist()
    }


def _spared(spec: WorldSpec, people: Population) -> Flags:
    """The personas of the demo have their stories already."""
    written: Flags = np.arange(people.count) <= personas.CIRCULAR
    return written & (spec.mix == "demo")
