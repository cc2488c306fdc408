"""Looking at a case is on record, and what pages keep of it goes when the business shuts the platform out."""

from django.core.cache import cache
from django.test import Client

from accounts.models import ConsentAct, ConsentUse
from accounts.selectors import live_consent
from lending.selectors.dossiers import flows_key, flows_of
from lending.services import forget, open_case
from tests.factories.lending import AT


def test_an_officer_who_opens_a_case_is_on_record_under_the_banks_consent(desk) -> None:
    open_case(application_id=desk.application.uuid, by=desk.officer, at=AT)
    open_case(application_id=desk.application.uuid, by=desk.owner, at=AT)
    use = ConsentUse.objects.get(act=ConsentAct.CASE)
    assert use.by == desk.officer
    assert use.consent == live_consent(business_id=desk.business.pk, organisation_id=desk.bank.pk, at=AT)


def test_the_case_says_what_the_bank_may_read_and_how_to_ask_for_more(desk) -> None:
    officer, risk = Client(), Client()
    officer.force_login(desk.officer)
    risk.force_login(desk.risk)
    address = f"/officer/applications/{desk.application.uuid}"
    page = officer.get(address).content.decode()
    assert "What your bank may read" in page
    assert f"/officer/access?business={desk.business.uuid}" in page
    assert "Request data access" not in risk.get(address).content.decode()


def test_flows_kept_for_pages_are_dropped_when_the_platform_is_shut_out(desk) -> None:
    flows_of(desk.run)
    assert cache.get(flows_key(desk.run.uuid)) is not None
    assert forget(business_id=desk.business.pk, consent_id=desk.run.consent_id, at=AT) == 1
    assert cache.get(flows_key(desk.run.uuid)) is None
