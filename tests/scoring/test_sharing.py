"""Share links: signed, ending, revocable, counted and on record."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEntry
from creditiq.kernel.errors import InvalidInput, NotVisible
from scoring.models import ModelVersion, ScoreRun
from scoring.services import OpenedTooOften, open_share, revoke_share, score_business, share_score, token_of
from scoring.services.sharing import OPENINGS_AN_HOUR
from tests.scoring.conftest import NOW, Town


@pytest.fixture
def run(champion: ModelVersion, town: Town) -> ScoreRun:
    return score_business(business_id=town.priya.pk, as_of=NOW)


def test_a_link_opens_until_it_ends_or_is_revoked_and_all_is_on_record(run: ScoreRun, town: Town) -> None:
    link = share_score(run=run, days=7, by=town.owner, at=NOW)
    assert open_share(token=token_of(link), at=NOW).run == run
    for token in (token_of(link)[:-1] + "x", "nonsense", link.uuid.hex):
        with pytest.raises(NotVisible):
            open_share(token=token, at=NOW)
    with pytest.raises(NotVisible):
        open_share(token=token_of(link), at=NOW + timedelta(days=7))
    with pytest.raises(NotVisible):
        revoke_share(link_id=link.uuid, business_id=town.businesses[1].pk, by=town.owner, at=NOW)
    revoke_share(link_id=link.uuid, business_id=town.priya.pk, by=town.owner, at=NOW)
    with pytest.raises(NotVisible):
        open_share(token=token_of(link), at=NOW)
    acts = set(AuditEntry.objects.filter(action__startswith="score.share").values_list("action", flat=True))
    assert acts == {"score.shared", "score.share_opened", "score.share_revoked"}


def test_a_link_is_opened_so_often_an_hour_and_lives_only_some_days(run: ScoreRun, town: Town) -> None:
    link = share_score(run=run, days=1, by=town.owner, at=NOW)
    for _ in range(OPENINGS_AN_HOUR):
        open_share(token=token_of(link), at=NOW)
    with pytest.raises(OpenedTooOften):
        open_share(token=token_of(link), at=NOW)
    with pytest.raises(InvalidInput):
        share_score(run=run, days=365, by=town.owner, at=NOW)


def test_the_owner_makes_shows_and_revokes_a_link_and_a_stranger_reads_it(run: ScoreRun, town: Town) -> None:
    owner, stranger = Client(), Client()
    owner.force_login(town.owner, backend="accounts.adapters.VerifiedBackend")
    assert owner.post(reverse("scoring:shares"), {"days": "7"}).status_code == 302
    link = run.share_links.get()
    address = reverse("scoring:shared", args=[token_of(link)])
    assert address in owner.get(reverse("scoring:shares")).content.decode()
    answer = stranger.get(address, {"language": "te"})
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    assert str(run.score) in answer.content.decode()
    assert town.priya.gstin not in answer.content.decode()
    assert owner.post(reverse("scoring:share_revoke", args=[link.uuid])).status_code == 302
    assert stranger.get(address).status_code == 404
    assert owner.post(reverse("scoring:shares"), {"days": "many"}).status_code == 422
