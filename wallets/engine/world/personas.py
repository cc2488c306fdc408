"""Three businesses of the demo whose stories are written in advance: only their hidden traits are set, not their
records. Business 0 is a healthy young manufacturer, 1 honest but struggling, 2 works a circular ring."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from wallets.engine.world.almanac import Almanac
from wallets.engine.world.spec import HEALTHY, SHELL, STRUGGLING, Floats, Ints, WorldSpec

if TYPE_CHECKING:
    from wallets.engine.world.population import Population

GOOD, STRAINED, CIRCULAR = 0, 1, 2
PROFILES = (HEALTHY, STRUGGLING, SHELL)
NAMES = ("Priya Engineering Private Limited", "Rahul Textiles Works", "Imran Steel Traders")
_LAKH = 10**5 * 100


def cast_profiles(spec: WorldSpec, profile: Ints) -> Ints:
    """Swap businesses so that the three personas have their profiles and the mixture keeps its counts."""
    if spec.mix != "demo":
        return profile
    cast = profile.copy()
    for persona, wanted in enumerate(PROFILES):
        donor = persona + int(np.argmax(cast[persona:] == wanted))
        cast[persona], cast[donor] = cast[donor], cast[persona]
    return cast


def cast_names(spec: WorldSpec, names: list[str]) -> list[str]:
    """The personas' own names in front."""
    return [*NAMES, *names[len(NAMES) :]] if spec.mix == "demo" else names


def cast_traits(spec: WorldSpec, almanac: Almanac, people: "Population") -> "Population":
    """Set the standing traits of the personas; everybody else is left as drawn."""
    if spec.mix != "demo":
        return people

    def told(values: Ints, story: tuple[int, int, int]) -> Ints:
        changed = values.copy()
        changed[:3] = np.asarray(story, dtype=values.dtype)
        return changed

    def felt(values: Floats, story: tuple[float, float, float]) -> Floats:
        changed = values.copy()
        changed[:3] = story
        return changed

    registered = told(people.registered, (almanac.days - 608, almanac.days - 2350, almanac.days - 900))
    return replace(
        people,
        sector=told(people.sector, (4, 1, 0)),
        hsn=told(people.hsn, (8408, 5208, 7208)),
        state=told(people.state, (7, 6, 1)),
        pincode=told(people.pincode, (411001, 380015, 110041)),
        constitution=told(people.constitution, (2, 0, 0)),
        turnover=felt(people.turnover, (22.0 * _LAKH, 14.0 * _LAKH, 16.0 * _LAKH)),
        growth=felt(people.growth, (0.15, -0.03, 0.05)),
        retail=felt(people.retail, (0.12, 0.35, 0.0)),
        input_cost=felt(people.input_cost, (0.68, 0.765, 0.75)),
        fixed_cost=felt(people.fixed_cost, (0.14, 0.176, 0.15)),
        buffer=felt(people.buffer, (2.8, 0.22, 0.3)),
        overdraft=felt(people.overdraft, (0.5, 0.0, 0.0)),
        set_aside=felt(people.set_aside, (0.0, 0.0, 0.0)),
        support=felt(people.support, (0.3, 0.8, 0.0)),
        registered=registered,
        opened=np.clip(registered, 0, almanac.days - 1),
        quarterly=told(people.quarterly.astype(np.int64), (0, 0, 0)).astype(np.bool_),
        goods=told(people.goods.astype(np.int64), (1, 1, 1)).astype(np.bool_),
        employer=told(people.employer.astype(np.int64), (1, 1, 0)).astype(np.bool_),
    )
