"""What is another tenant's and what does not exist: the same 404, as quickly (reliability.md §5)."""

import time
from statistics import median
from uuid import uuid4

import pytest

from tests.drills.conftest import Tell
from tests.drills.house import House
from tests.drills.test_faults import Rounds
from tests.journeys.callers import Caller

pytestmark = pytest.mark.integration
WITHIN_MS = 5.0
OTHERS = "SELECT thing.uuid FROM {} AS thing WHERE thing.{} NOT IN (%s) ORDER BY thing.id LIMIT 1"
THINGS = {
    "businesses/{}": ("accounts_business", "id"),
    "consents/{}/uses": ("accounts_consent", "business_id"),
    "evidence/uploads/{}": ("wallets_upload", "business_id"),
    "score/{}": ("scoring_scorerequest", "business_id"),
    "scores/{}/reasons": ("scoring_scorerun", "business_id"),
    "applications/{}": ("lending_loanapplication", "business_id"),
    "lending/loans/{}": ("lending_loan", "business_id"),
    "fraud/disputes/{}": ("fraud_dispute", "business_id"),
    "kyc/{}": ("accounts_business", "id"),
    "scorecard/{}": ("accounts_business", "id"),
    "features/{}": ("accounts_business", "id"),
}
"""What an owner may ask for, and where other owners' things of that kind are."""


def timed(caller: Caller, path: str) -> tuple[int, float]:
    started = time.perf_counter()
    status = caller.get(path).status_code
    return status, (time.perf_counter() - started) * 1000


@pytest.mark.goal("404 for both, medians within 5 ms of each other")
def test_another_tenants_thing_and_none_answer_alike(house: House, rounds: Rounds, tell: Tell) -> None:
    priya, asked, apart, statuses = Caller(house.product.address, "priya"), 0, {}, set()
    own = house.ask("SELECT id FROM accounts_business WHERE uuid = %s::uuid", priya.business()["id"])[0][0]
    for path, (table, column) in THINGS.items():
        found = house.ask(OTHERS.format(table, column), own)
        if not found:
            continue
        later = []
        for _ in range(max(rounds(60), 10)):  # in turn, so that whatever else the machine does meets both
            (other, others_ms), (none, nones_ms) = (timed(priya, path.format(name)) for name in (found[0][0], uuid4()))
            later.append(others_ms - nones_ms)
            statuses |= {other, none}
            asked += 2
        apart[path.format("")] = abs(median(later))
    worst = max(apart, key=apart.__getitem__)
    tell(
        operations=len(apart), requests=asked, answers=sorted(statuses),
        medians_apart_ms=f"{median(apart.values()):.2f}", at_most_ms=f"{apart[worst]:.2f} ({worst})",
    )  # fmt: skip
    assert statuses == {404}
    assert apart[worst] <= WITHIN_MS
