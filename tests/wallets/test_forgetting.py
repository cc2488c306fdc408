"""A consent that ended is respected everywhere money and files are read."""

from datetime import timedelta

import pytest

from accounts.models import Consent, ConsentAct, ConsentUse, EvidenceKind
from accounts.services import withdraw_consent
from creditiq.kernel.errors import Forbidden, NotVisible
from creditiq.kernel.events import capture_events
from tests.factories.accounts import AnalystFactory, ConsentFactory
from tests.wallets.conftest import AT, Shop
from tests.wallets.test_selectors import WINDOW, leg, load
from tests.wallets.test_uploads import take_in
from wallets import selectors
from wallets.events import UploadRefused
from wallets.models import UpiPayment, UploadState
from wallets.services import forget, open_refusals, open_upload, parse_upload

pytestmark = pytest.mark.django_db


def pay(shop: Shop, neighbour: Shop, *sides: bool) -> None:
    load(*(leg(shop, neighbour, reference="612345678901", paid=paid) for paid in sides))


def test_a_transfer_is_known_by_the_leg_of_the_side_that_still_agrees(shop: Shop, neighbour: Shop) -> None:
    pay(shop, neighbour, True, False)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT - timedelta(hours=1))
    assert selectors.transfers(**WINDOW).num_rows == 1
    withdraw_consent(consent_id=neighbour.consent.uuid, by=neighbour.owner, at=AT - timedelta(hours=1))
    assert selectors.transfers(**WINDOW).num_rows == 0


def test_a_leg_whose_owner_does_not_agree_is_not_read(shop: Shop, neighbour: Shop) -> None:
    pay(shop, neighbour, True)
    Consent.objects.filter(pk=shop.consent.pk).update(kinds=["bank_entries"])
    assert selectors.transfers(**WINDOW).num_rows == 0


def test_the_past_is_read_as_it_was_allowed_then(shop: Shop, neighbour: Shop) -> None:
    pay(shop, neighbour, True)
    later = AT + timedelta(days=1)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=later)
    assert selectors.transfers(**WINDOW).num_rows == 1
    assert selectors.transfers(**{**WINDOW, "as_of": later, "until": later}).num_rows == 0


def test_a_file_that_waits_when_the_consent_ends_is_never_read(shop: Shop) -> None:
    upload = take_in(shop)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    with capture_events() as events:
        assert forget(business_id=shop.business.pk, at=AT) == 1
        assert forget(business_id=shop.business.pk, at=AT) == 0
    upload.refresh_from_db()
    assert upload.state == UploadState.REFUSED
    assert [refusal.rule for refusal in selectors.refusals(upload)] == ["upload.consent"]
    assert events == [UploadRefused(upload_id=upload.pk, business_id=shop.business.pk)]


def test_a_file_taken_up_after_the_consent_ended_stores_nothing(shop: Shop) -> None:
    upload = take_in(shop)
    withdraw_consent(consent_id=shop.consent.uuid, by=shop.owner, at=AT)
    assert parse_upload(upload_id=upload.pk, at=AT).state == UploadState.REFUSED
    assert not UpiPayment.objects.exists()


def test_forgetting_leaves_files_of_kinds_still_agreed_to(shop: Shop) -> None:
    take_in(shop)
    assert forget(business_id=shop.business.pk, at=AT) == 0


def test_an_analyst_who_opens_a_file_is_on_record_and_its_owner_is_not(shop: Shop) -> None:
    upload, analyst = take_in(shop), AnalystFactory()
    for person in (analyst, shop.owner):
        open_upload(upload_id=upload.uuid, by=person, at=AT)
    use = ConsentUse.objects.get(act=ConsentAct.UPLOAD)
    assert (use.by, use.consent) == (analyst, shop.consent)


def test_a_bank_opens_files_of_the_kinds_it_was_shared_and_refused_lines_without_a_range(shop: Shop) -> None:
    upload = take_in(shop)
    consent = ConsentFactory(business=shop.business, kinds=[upload.kind])
    mine, bank = Consent.objects.filter(pk=consent.pk), AnalystFactory(organisation=consent.organisation)
    assert list(open_refusals(upload_id=upload.uuid, by=bank, at=AT)) == []
    assert ConsentUse.objects.get(consent=consent).act == ConsentAct.UPLOAD
    mine.update(data_from=AT - timedelta(days=90))
    assert open_upload(upload_id=upload.uuid, by=bank, at=AT) == upload
    with pytest.raises(Forbidden, match="certain days"):
        open_refusals(upload_id=upload.uuid, by=bank, at=AT)
    mine.update(kinds=[kind for kind in EvidenceKind.values if kind != upload.kind])
    with pytest.raises(NotVisible):
        open_upload(upload_id=upload.uuid, by=bank, at=AT)
