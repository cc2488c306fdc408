"""Who looked: one row per act, whoever it was, and nobody can take it away again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts import selectors, services
from accounts.models import Consent, ConsentAct, ConsentUse
from creditiq.kernel.errors import NotVisible
from tests.factories.accounts import (
    AT,
    AnalystFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    OwnerFactory,
    PlatformFactory,
)

pytestmark = pytest.mark.django_db


def look(consent: Consent, by, at=AT, target: str = "application:1") -> None:
    services.record_look(business=consent.business, act=ConsentAct.CASE, target=target, by=by, at=at)


def test_a_look_names_the_consent_of_the_bank_that_looks() -> None:
    consent = ConsentFactory()
    ConsentFactory(business=consent.business)
    officer = OfficerFactory(organisation=consent.organisation)
    look(consent, officer)
    use = ConsentUse.objects.get()
    assert (use.consent, use.by, use.act) == (consent, officer, "case")


def test_a_page_that_refreshes_itself_is_one_look_an_hour() -> None:
    consent = ConsentFactory()
    officer = OfficerFactory(organisation=consent.organisation)
    for minutes in (0, 1, 29, 30, 60):
        look(consent, officer, AT + timedelta(minutes=minutes))
    assert ConsentUse.objects.count() == 2


def test_owners_and_people_without_a_consent_leave_no_row() -> None:
    consent = ConsentFactory()
    look(consent, MembershipFactory(business=consent.business).user)
    look(consent, OfficerFactory())
    look(consent, AnalystFactory())
    assert not ConsentUse.objects.exists()


def test_the_platforms_people_look_under_the_consent_to_the_platform() -> None:
    consent = ConsentFactory(organisation=PlatformFactory())
    look(consent, AnalystFactory())
    assert ConsentUse.objects.get().consent == consent


def test_many_consents_of_one_act_are_one_statement(django_assert_num_queries) -> None:
    consents = [consent.pk for consent in ConsentFactory.create_batch(20)]
    with django_assert_num_queries(1):
        services.record_uses(consent_ids=consents, act=ConsentAct.SCREENING, target="population:1", at=AT)
    assert ConsentUse.objects.count() == 20


def test_a_look_cannot_be_taken_back() -> None:
    consent = ConsentFactory()
    services.record_uses(consent_ids=[consent.pk], act=ConsentAct.SCORE, target="score:1", at=AT)
    for change in (lambda rows: rows.update(target=""), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            change(ConsentUse.objects.all())


def test_the_owner_sees_everybody_who_looked_and_a_bank_its_own_looks() -> None:
    consent = ConsentFactory()
    owner = MembershipFactory(business=consent.business).user
    officer = OfficerFactory(organisation=consent.organisation)
    look(consent, officer)
    assert selectors.consent_uses(user=owner, consent_id=consent.uuid).count() == 1
    assert selectors.consent_uses(user=officer, consent_id=consent.uuid).count() == 1
    assert ConsentUse.objects.visible_to(OfficerFactory()).count() == 0
    for stranger in (OwnerFactory(), OfficerFactory()):
        with pytest.raises(NotVisible):
            selectors.consent_uses(user=stranger, consent_id=consent.uuid)
