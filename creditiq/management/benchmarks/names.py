"""Names screened per second against 20,000 listed names, beside rapidfuzz's WRatio over the same list.

With them the bars on made-up names (listed_names): which share of listed names written otherwise is found, by kind of
change, and which share of strangers is flagged.
"""

from collections import Counter
from itertools import islice

import numpy as np
from rapidfuzz import fuzz, process

from creditiq.management.benchmarks.comparison import Contest, Timing, held, report
from creditiq.management.benchmarks.listed_names import changed, drawn
from fraud.engine.names.entities import ListedEntity, ListedName, Subject
from fraud.engine.names.screening import Screener
from fraud.engine.names.vocabulary import COMMON

PEER_SHARE = 20
"""The peer is given one question in so many: it reads the whole list for each."""
SEED = 11
QUESTIONS = 2_000
STRANGERS = 5_000
ONSETS = ("b", "d", "f", "g", "h", "j", "k", "kh", "l", "m", "n", "r", "s", "sh", "t", "v", "y", "z")
CORES, CODAS = ("a", "e", "i", "o", "u", "aa", "ou"), ("n", "r", "l", "m", "sh", "d", "k")
GIVEN = sorted(COMMON)


def run(*, sizes: list[int], rounds: int) -> dict[str, object]:
    """Ours and the peer on lists of growing size; the questions are strangers and a tenth of listed names."""
    timings = [_contest(size, rounds) for size in sizes or [2_000, 20_000]]
    rates = {str(timing.size): round(QUESTIONS / timing.ours) for timing in timings}
    told = {"peer_is": "rapidfuzz.process.extract with WRatio", "names_per_second": rates, **bars(timings[-1].size)}
    return report("names", timings, rounds, told)


def bars(size: int, asked: int = STRANGERS) -> dict[str, object]:
    """Recall on `asked` changed names of a list of `size`, and the share of `asked` strangers flagged."""
    chance = np.random.default_rng(SEED)
    listed = list(islice(drawn(SEED), size))
    screener = Screener(
        ListedEntity(str(at), "person" if name.person else "organisation", (ListedName(name.text),))
        for at, name in enumerate(listed)
    )
    tried, missed = Counter[str](), Counter[str]()
    for at in chance.choice(size, size=min(asked, size), replace=False).tolist():
        kind, text = changed(listed[at], chance)
        tried[kind] += 1
        missed[kind] += listed[at].text not in {hit.name for hit in screener.screen(Subject("q", text))}
    known = {frozenset(name.words) for name in listed}
    strangers = islice((one for one in drawn(SEED + 1) if frozenset(one.words) not in known), asked)
    flagged = sum(bool(screener.screen(Subject("q", one.text))) for one in strangers)
    return {
        "recall": 1 - missed.total() / tried.total(),
        "recall_by_change": {kind: 1 - missed[kind] / count for kind, count in sorted(tried.items())},
        "strangers_flagged": flagged / asked,
        "strangers": asked,
    }


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
