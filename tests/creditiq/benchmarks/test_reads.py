"""The benchmark of reads measures what it says, and leaves nothing behind."""

import pytest

from accounts.models import Business
from creditiq.management.benchmarks import reads
from wallets.models import BankEntry, UpiPayment

pytestmark = pytest.mark.django_db


def test_each_size_has_its_percentiles_and_nothing_stays() -> None:
    report = reads.run(sizes=[1_000, 2_000], rounds=1)

    assert report["sizes"] == [1_000, 2_000]
    assert len(report["p95_ms"]) == 2
    assert all(0 < middle <= high for middle, high in zip(report["p50_ms"], report["p95_ms"], strict=True))
    assert not any(model.objects.exists() for model in (Business, UpiPayment, BankEntry))


def test_every_read_finds_the_whole_history() -> None:
    (key,) = reads._fill(500)

    assert UpiPayment.objects.filter(business=key).count() == reads.HISTORY // 2
    assert BankEntry.objects.filter(business=key, occurred_at__lte=reads.AS_OF).count() == reads.HISTORY // 2
