"""Names screened per second against 20,000 listed names, beside rapidfuzz's WRatio over the same list."""

import numpy as np
from rapidfuzz import fuzz, process

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from fraud.engine.names.entities import ListedEntity, ListedName, Subject
from fraud.engine.names.screening import Screener
from fraud.engine.names.vocabulary import COMMON

PEER_SHARE = 20
"""The peer is given one question in so many: it reads the whole list for each."""
SEED = 11
QUESTIONS = 2_000
ONSETS = ("b", "d", "f", "g", "h", "j", "k", "kh", "l", "m", "n", "r", "s", "sh", "t", "v", "y", "z")
CORES, CODAS = ("a", "e", "i", "o", "u", "aa", "ou"), ("n", "r", "l", "m", "sh", "d", "k")
GIVEN = sorted(COMMON)


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Ours and the peer on lists of growing size; the questions are strangers and a tenth of listed names."""
    timings = [_contest(size, rounds) for size in sizes or [2_000, 20_000]]
    rates = {str(timing.size): round(QUESTIONS / timing.ours) for timing in timings}
    return report(
        "names", timings, rounds, {"peer_is": "rapidfuzz.process.extract with WRatio", "names_per_second": rates}
    )


def _contest(size: int, rounds: int) -> Timing:
    chance = np.random.default_rng(SEED)
    names = [_name(chance) for _ in range(size)]
    screener = Screener(ListedEntity(str(at), "person", (ListedName(name),)) for at, name in enumerate(names))
    asked = [names[at % size] if at % 10 == 0 else _name(chance) for at in range(QUESTIONS)]
    subjects = [Subject(str(at), name, "person") for at, name in enumerate(asked)]

    def ours() -> int:
        return sum(len(screener.screen(subject)) for subject in subjects)

    def peer() -> int:
        few = asked[::PEER_SHARE]
        return sum(len(process.extract(name, names, scorer=fuzz.WRatio, score_cutoff=88)) for name in few)

    return held(Contest(size, ours, peer, 1 / PEER_SHARE), rounds)


def _name(chance: np.random.Generator) -> str:
    given = [str(word) for word in chance.choice(GIVEN, size=1 + int(chance.integers(3)) // 2, replace=False)]
    syllables = [str(chance.choice(ONSETS)) + str(chance.choice(CORES)) for _ in range(2 + int(chance.integers(2)))]
    return " ".join([*given, "".join(syllables) + str(chance.choice(CODAS))]).title()
