"""The queue, the case, the approvals."""

import pytest
from django.conf import settings
from django.test import Client, override_settings

from lending.services import decide
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import AdminFactory, AnalystFactory, BusinessFactory, OfficerFactory, OwnerFactory
from tests.factories.lending import AT, ApplicationFactory, ScoreRunFactory

QUEUE_QUERIES = 11


@pytest.fixture
def officer(desk, client: Client) -> Client:
    client.force_login(desk.officer)
    return client


@pytest.fixture
def risk(desk) -> Client:
    client = Client()
    client.force_login(desk.risk)
    return client


def recommended(desk):
    """The officer's recommendation."""
    return decide(
        application_id=desk.application.uuid, outcome="recommend", reason_codes=["score.meets"], note="",
        by=desk.officer, at=AT,
    )  # fmt: skip


def url(desk, tail=""):
    return f"/officer/applications/{desk.application.uuid}{tail}"


def test_the_queue_shows_what_is_asked_and_what_stands_out(desk, officer):
    page = officer.get("/officer").content.decode()

    assert "1 application" in page
    assert desk.business.trade_name in page
    assert "₹ 10,00,000" in page
    assert "714" in page
    assert "Returns filed on time 92 %; Cash buffer 12 days" in page


def test_the_queue_asks_the_same_number_of_queries_for_one_row_and_for_many(desk, officer, django_assert_num_queries):
    officer.get("/officer")
    with django_assert_num_queries(QUEUE_QUERIES):
        officer.get("/officer")
    for _ in range(12):
        business = BusinessFactory()
        ScoreRunFactory(business=business)
        ApplicationFactory(business=business, organisation=desk.bank, opened_by=desk.owner)

    with django_assert_num_queries(QUEUE_QUERIES):
        page = officer.get("/officer").content.decode()

    assert "13 applications" in page


@pytest.mark.parametrize(("tab", "shown"), [("all", True), ("to_decide", True), ("recommended", False), ("no", True)])
def test_a_tab_shows_its_share_with_its_count(desk, officer, tab, shown):
    page = officer.get("/officer", {"tab": tab}).content.decode()

    assert (desk.business.trade_name in page) == shown
    assert "To decide <span>1</span>" in page


def test_the_search_finds_by_gstin_and_number_only_what_may_be_seen(desk, officer):
    other = ApplicationFactory()

    found = officer.get("/officer", {"q": desk.business.gstin}).content.decode()
    hidden = officer.get("/officer", {"q": other.number}).content.decode()

    assert desk.business.trade_name in found
    assert "Nothing found" in hidden


def test_the_case_shows_every_bound_and_names_the_one_that_binds(desk, officer):
    page = officer.get(url(desk)).content.decode()

    assert "asks for ₹ 10,00,000" in page
    assert "20 % of yearly turnover" in page
    assert "Repayment capacity" in page
    assert "The policy says: recommend" in page
    assert "Recommend</button>" in page
    assert "Sanction</button>" not in page


def test_a_recommendation_by_the_form_is_stored_and_said(desk, officer):
    form = {"outcome": "recommend", "reasons": ["score.meets"], "note": ""}

    page = officer.post(url(desk, "/decisions"), form, follow=True).content.decode()

    assert desk.application.decisions.get().outcome == "recommend"
    assert "Recommended</b> by Asha Rao" in page
    assert "Somebody else has to check it" in page


def test_a_refused_step_keeps_what_was_typed(desk, officer):
    form = {"outcome": "sanction", "reasons": ["score.meets"], "note": "My careful note"}

    answer = officer.post(url(desk, "/decisions"), form)

    assert answer.status_code == 409
    assert "My careful note" in answer.content.decode()
    assert 'value="score.meets" checked' in answer.content.decode()


def test_a_step_without_reasons_is_asked_for_them(desk, officer):
    answer = officer.post(url(desk, "/decisions"), {"outcome": "recommend"})

    assert answer.status_code == 422
    assert "Choose at least one reason." in answer.content.decode()


def test_a_sanction_asks_who_has_not_confirmed_lately_to_do_so(desk, risk):
    with switched(ENABLE_STEP_UP=True):
        answer = risk.post(url(desk, "/decisions"), {"outcome": "sanction", "reasons": ["capacity.sufficient"]})

    assert answer.headers["Location"].startswith("/account/confirm")
    assert not desk.application.decisions.exists()


def test_the_risk_manager_finds_the_recommendation_and_sanctions_it(desk, risk):
    recommended(desk)

    assert "1 recommendation to check" in risk.get("/risk/approvals").content.decode()
    page = risk.post(
        url(desk, "/decisions"), {"outcome": "sanction", "reasons": ["capacity.sufficient"]}, follow=True
    ).content.decode()
    assert "checks the recommendation of Asha Rao" in page
    assert "Nothing waits for your check" in risk.get("/risk/approvals").content.decode()


@pytest.mark.parametrize("tail", ["", "/panel"])
def test_another_banks_case_and_a_missing_one_answer_404(desk, tail):
    client = Client()
    client.force_login(OfficerFactory())

    assert client.get(url(desk, tail)).status_code == 404
    assert client.get(f"/officer/applications/{desk.business.uuid}{tail}").status_code == 404


@pytest.mark.parametrize("path", ["/officer", "/officer/panel", "/risk/approvals", "/risk/approvals/panel"])
@pytest.mark.parametrize("person", [OwnerFactory, AnalystFactory, AdminFactory])
def test_a_role_without_the_capability_gets_403(db, path, person):
    client = Client()
    client.force_login(person())

    assert client.get(path).status_code == 403


def test_an_officer_has_no_approvals(officer):
    assert officer.get("/risk/approvals").status_code == 403


def test_nobody_signed_in_is_sent_to_the_sign_in(db, client):
    assert client.get("/officer").headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("path", ["/officer/panel", "/risk/approvals/panel"])
def test_the_live_panels_are_fragments(desk, risk, path):
    answer = risk.get(path)

    assert answer.status_code == 200
    assert "<html" not in answer.content.decode()


def test_a_search_with_a_nul_finds_what_it_would_without(desk, officer):
    page = officer.get("/officer", {"q": f"\0{desk.application.number}"})

    assert page.status_code == 200
    assert desk.business.trade_name in page.content.decode()


def test_a_case_is_shown_while_the_cache_is_away(desk, officer):
    away = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/1"}}
    with override_settings(CACHES=away):
        page = officer.get(url(desk)).content.decode()

    assert "₹ 10,00,000" in page
