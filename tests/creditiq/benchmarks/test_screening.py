"""The benchmark of screenings measures what it says, and leaves nothing behind."""

import pytest

from accounts.models import Business
from creditiq.management.benchmarks import screening
from fraud.models import Screening

pytestmark = pytest.mark.django_db


def test_each_size_has_its_percentiles_and_nothing_stays() -> None:
    report = screening.run(sizes=[50, 100], rounds=1)

    assert report["sizes"] == [50, 100]
    assert len(report["p95_ms"]) == 2
    assert report["ratio_median"] > 1
    assert not any(model.objects.exists() for model in (Business, Screening))
