"""The letter of a refusal: in six languages, written once, delivered within its days, acknowledged."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.models import AuditEntry, User
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from lending import tasks
from lending.engine.letters.words import FRAME, LANGUAGES, sentences, words_of
from lending.engine.reasons import REASONS, Effect
from lending.models import AdverseLetter
from lending.selectors import letter_view
from lending.services import (
    acknowledge_letter,
    decide,
    deliver_letter,
    letter_pdf,
    open_letter,
    write_letter,
)
from tests.factories.accounts import OwnerFactory
from tests.factories.lending import AT
from tests.lending.api.test_applications import client_of

DAY = timedelta(days=1)
AGAINST = [code for code, reason in REASONS.items() if reason.effect is Effect.AGAINST]


@pytest.fixture
def refused(desk):
    """The desk's application, declined for two reasons beside one that speaks for it."""
    User.objects.filter(pk=desk.owner.pk).update(language="hi")
    desk.owner.refresh_from_db()
    codes = ["debt.existing", "score.meets", "purpose.not_financed"]
    decide(application_id=desk.application.uuid, outcome="decline", reason_codes=codes, note="", by=desk.officer, at=AT)
    return desk


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_frame_and_every_reason(language):
    words = words_of(language)
    assert set(FRAME) <= set(words)
    assert all(words[name].strip() for name in FRAME)
    if language != "en":
        assert set(AGAINST) <= set(words)
        assert len({words[code] for code in AGAINST}) == len(AGAINST)
    assert [name for name in ("{bank}", "{date}", "{amount}") if name not in words["decided"]] == []


def test_a_language_that_is_none_is_english_and_kept_no_second_time():
    assert words_of("xx") is words_of("en")
    assert words_of("../en") is words_of("en")


def test_at_most_four_reasons_are_stated_and_none_for_the_loan():
    assert len(sentences([*AGAINST, "score.meets"], "ta")) == 4
    assert sentences(["score.meets"], "en") == ()
    assert sentences(["score.band"], "xx") == (REASONS["score.band"].statement,)


def test_a_refusal_is_written_once_in_the_applicants_language_with_its_clock(refused):
    tasks.write_letter(decision_id=refused.application.decisions.get().pk)
    letter = write_letter(application_id=refused.application.pk, at=AT + DAY)

    assert AdverseLetter.objects.get() == letter
    assert (letter.language, letter.codes) == ("hi", ["debt.existing", "purpose.not_financed"])
    assert (letter.deliver_by - letter.issued_at.astimezone(IST).date()).days == 30
    view = letter_view(application=refused.application, language=letter.language, at=AT)
    assert view.words.reasons[0] == "मौजूदा ऋण का भार एक और ऋण के लिए बहुत अधिक है।"
    assert AuditEntry.objects.filter(action="letter.written").count() == 1


def test_an_open_application_has_no_letter(desk):
    assert write_letter(application_id=desk.application.pk, at=AT) is None
    with pytest.raises(NotVisible):
        acknowledge_letter(application_id=desk.application.uuid, by=desk.owner, at=AT)


def test_the_clock_runs_until_its_owner_looks_or_staff_deliver(refused):
    application = refused.application
    letter = open_letter(application_id=application.uuid, by=refused.officer, at=AT)
    assert letter.delivered_at is None

    def standing(at):
        return letter_view(application=application, language="en", at=at).standing

    assert (standing(AT), standing(AT + 31 * DAY)) == ("waits", "late")
    with pytest.raises(InvalidInput):
        deliver_letter(application_id=application.uuid, channel="portal", by=refused.officer, at=AT)
    sent = deliver_letter(application_id=application.uuid, channel="post", by=refused.officer, at=AT + DAY)
    assert (sent.channel, standing(AT + 31 * DAY)) == ("post", "delivered")


def test_only_its_owner_acknowledges(refused):
    part = {"application_id": refused.application.uuid, "at": AT}
    with pytest.raises(Forbidden):
        acknowledge_letter(by=refused.officer, **part)
    with pytest.raises(NotVisible):
        acknowledge_letter(by=OwnerFactory(), **part)
    read = acknowledge_letter(by=refused.owner, **part)
    again = acknowledge_letter(by=refused.owner, **part)
    assert (read.channel, read.acknowledged_at, again.acknowledged_by) == ("portal", AT, refused.owner)
    assert AuditEntry.objects.filter(action="letter.acknowledged").count() == 1


def test_what_a_letter_says_never_changes(refused):
    letter = write_letter(application_id=refused.application.pk, at=AT)
    with pytest.raises(IntegrityError, match="as it was written"), transaction.atomic():
        AdverseLetter.objects.filter(pk=letter.pk).update(codes=[])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_paper_is_set_in_every_language_and_always_the_same(refused, language):
    letter = write_letter(application_id=refused.application.pk, at=AT)
    paper = letter_pdf(letter, language)
    assert paper.startswith(b"%PDF")
    assert paper == letter_pdf(letter, language)


def test_the_page_shows_the_letter_in_the_owners_language_and_takes_the_yes(refused, client):
    client.force_login(refused.owner)
    path = f"/owner/applications/{refused.application.uuid}"

    page = client.get(path).content.decode()

    assert 'lang="hi"' in page
    assert "बताए गए उद्देश्य के लिए ऋण नहीं दिया जाता।" in page
    assert client.get(f"{path}/letter.pdf?language=kn").content.startswith(b"%PDF")
    assert client.post(f"{path}/letter/read").status_code == 302
    assert AdverseLetter.objects.get().acknowledged_by == refused.owner


def test_staff_see_the_clock_and_record_a_delivery(refused, client):
    write_letter(application_id=refused.application.pk, at=AT)
    client.force_login(refused.officer)
    path = f"/officer/applications/{refused.application.uuid}"

    assert "To be delivered by" in client.get(path).content.decode()
    assert client.post(f"{path}/letter/delivered").status_code == 422
    assert client.post(f"{path}/letter/delivered", {"channel": "hand"}).status_code == 302
    assert AdverseLetter.objects.get().channel == "hand"


def test_the_officer_reads_what_the_applicant_will_read(desk, client):
    User.objects.filter(pk=desk.owner.pk).update(language="mr")
    client.force_login(desk.officer)

    page = client.get(f"/officer/applications/{desk.application.uuid}").content.decode()

    assert "सांगितलेल्या उद्देशासाठी कर्ज दिले जात नाही." in page


def test_the_letter_over_the_api(refused):
    path = f"/api/v1/applications/{refused.application.uuid}/letter"
    owner, officer = client_of(refused.owner), client_of(refused.officer)

    assert officer.get(path).json()["standing"] in {"waits", "late"}
    assert officer.post(f"{path}/deliver", {"channel": "fax"}, format="json").status_code == 422
    assert officer.post(f"{path}/deliver", {"channel": "post"}, format="json").json()["channel"] == "post"
    assert owner.get(f"{path}?language=te").json()["language"] == "te"
    assert owner.get(f"{path}/pdf?language=te").content.startswith(b"%PDF")
    assert owner.post(f"{path}/acknowledge").json()["standing"] == "acknowledged"
    assert client_of(OwnerFactory()).get(path).status_code == 404
