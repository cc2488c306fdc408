"""The version that ships with the code serves a new house at once."""

from datetime import UTC, datetime

import pytest

from scoring.engine import artefacts
from scoring.engine.features import catalogue
from scoring.models import ModelVersion
from scoring.services import register_shipped
from scoring.services.shipping import SHIPPED, lock_of

AT = datetime(2026, 11, 20, 6, tzinfo=UTC)


def test_the_shipped_version_reads_the_features_of_today() -> None:
    """When this fails the features changed: `manage.py train_scorecard --ship` trains anew."""
    folders = [path.parent for path in SHIPPED.glob(f"*/{artefacts.MANIFEST}")]
    assert [lock_of(artefacts.read(folder)) for folder in folders] == [catalogue.lock_digest()]


@pytest.mark.django_db
def test_a_new_house_takes_the_shipped_version_as_its_champion() -> None:
    ModelVersion.objects.all().delete()
    report = register_shipped(at=AT)
    assert report is not None
    champion = ModelVersion.objects.serving().get()
    assert (champion, champion.metrics["rows"]) == (report.version, report.figures["rows"])
    assert register_shipped(at=AT) is not None
    assert ModelVersion.objects.count() == 1
