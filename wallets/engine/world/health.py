"""Hidden health h(t): the cause behind everything that can be observed. Only the truth file ever shows it.

Mean-reverting around each business's own level, with sector shocks, a slow macro cycle (the calendar drift that makes
out-of-time testing mean something) and rare lasting blows (fire, a lost customer). 0 is ordinary, -1.5 is distress.
"""

import numpy as np

from wallets.engine.world import personas
from wallets.engine.world.almanac import Almanac
from wallets.engine.world.population import Population
from wallets.engine.world.spec import Floats, WorldSpec

_LEVEL: Floats = np.array([0.80, -0.26, -0.75, -0.60, -0.05])
_SPREAD: Floats = np.array([0.26, 0.26, 0.30, 0.40, 0.60])
_PERSISTENCE = 0.88
_NOISE: Floats = np.array([0.18, 0.29, 0.27, 0.27, 0.27])
_BLOWS_PER_MONTH: Floats = np.array([0.0048, 0.090, 0.045, 0.045, 0.050])
_BLOW: Floats = np.array([-5.5, -1.9, -1.5, -1.5, -2.8])
_MACRO_SWING = 0.13
_MACRO_MONTHS = 31.0


def hidden_health(spec: WorldSpec, almanac: Almanac, people: Population) -> Floats:
    """(N, months) health of every business in every month."""
    chance = spec.chance("health")
    level = chance.normal(_LEVEL[people.profile], _SPREAD[people.profile])
    noise, blows = _NOISE[people.profile], _BLOWS_PER_MONTH[people.profile]
    deviation = chance.normal(0, noise / np.sqrt(1 - _PERSISTENCE**2), people.count)
    common = _common_weather(almanac, chance)[people.sector]
    own = np.empty((people.count, almanac.months))
    for month in range(almanac.months):
        blow = _BLOW[people.profile] * (chance.random(people.count) < blows)
        deviation = _PERSISTENCE * deviation + chance.normal(0, noise, people.count) + blow
        own[:, month] = level + deviation
    return _personas(spec, own + common)


def _common_weather(almanac: Almanac, chance: np.random.Generator) -> Floats:
    """(8, months) macro cycle plus sector shocks."""
    phase = chance.uniform(0, _MACRO_MONTHS)
    macro: Floats = _MACRO_SWING * np.sin(2 * np.pi * (np.arange(almanac.months) - phase) / _MACRO_MONTHS)
    shock = np.zeros((8, almanac.months))
    for month in range(1, almanac.months):
        shock[:, month] = 0.88 * shock[:, month - 1] + chance.normal(0, 0.09, 8)
    return macro + shock


def _personas(spec: WorldSpec, health: Floats) -> Floats:
    """The written stories: steady and good, steadily strained but alive, and outwardly ordinary."""
    if spec.mix == "demo":
        wobble = 0.15 * np.sin(np.arange(health.shape[1]))
        health[personas.GOOD] = 1.3 + wobble
        health[personas.STRAINED] = -0.75 + wobble
        health[personas.CIRCULAR] = -0.3 + wobble
    return health
