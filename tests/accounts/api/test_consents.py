"""Consents over the API: ask, answer, take back, see who looked."""

from datetime import timedelta

import pytest

from accounts import services
from accounts.models import ConsentAct
from creditiq.kernel.clock import now
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AnalystFactory, ConsentFactory, MembershipFactory, OfficerFactory, OwnerFactory

pytestmark = pytest.mark.django_db


def body(gstin: str, **fields: object) -> dict[str, object]:
    until = (now() + timedelta(days=90)).isoformat()
    return {"gstin": gstin, "kinds": ["gst_returns"], "expires_at": until, **fields}


def test_a_bank_asks_and_the_owner_grants_and_takes_back() -> None:
    membership = MembershipFactory()
    officer, owner = signed_in(OfficerFactory()), signed_in(membership.user)
    asked = officer.post("/api/v1/consents", body(membership.business.gstin))
    assert (asked.status_code, asked.json()["status"]) == (201, "requested")
    address = f"/api/v1/consents/{asked.json()['id']}"
    assert owner.post(f"{address}/grant").json()["status"] == "granted"
    assert owner.post(f"{address}/withdraw").json()["status"] == "withdrawn"
    assert owner.post(f"{address}/withdraw").status_code == 409
    assert officer.get("/api/v1/consents").json()["results"][0]["status"] == "withdrawn"


def test_an_owner_says_no() -> None:
    membership = MembershipFactory()
    asked = signed_in(OfficerFactory()).post("/api/v1/consents", body(membership.business.gstin)).json()
    assert signed_in(membership.user).post(f"/api/v1/consents/{asked['id']}/deny").json()["status"] == "denied"


def test_what_is_wrong_with_a_request_is_named() -> None:
    officer, business = signed_in(OfficerFactory()), MembershipFactory().business
    for wrong in ({"kinds": []}, {"kinds": ["diaries"]}, {"purpose": "curiosity"}, {"expires_at": "2001-01-01T00:00Z"}):
        assert officer.post("/api/v1/consents", body(business.gstin, **wrong)).status_code == 422
    assert signed_in(OwnerFactory()).post("/api/v1/consents", body(business.gstin)).status_code == 403


def test_another_tenants_consent_and_none_at_all_answer_the_same() -> None:
    consent = ConsentFactory()
    owner, officer = signed_in(OwnerFactory()), signed_in(OfficerFactory())
    for public_id in (consent.uuid, "00000000-0000-4000-8000-000000000000"):
        for act in ("grant", "deny", "withdraw"):
            assert owner.post(f"/api/v1/consents/{public_id}/{act}").status_code == 404
        assert owner.get(f"/api/v1/consents/{public_id}/uses").status_code == 404
        assert officer.get(f"/api/v1/consents/{public_id}/uses").status_code == 404


def test_who_looked_comes_in_pages_newest_first_with_the_same_queries(django_assert_num_queries) -> None:
    consent = ConsentFactory()
    owner = signed_in(MembershipFactory(business=consent.business).user)
    officer = OfficerFactory(organisation=consent.organisation)
    for number in range(55):
        look = {"business": consent.business, "act": ConsentAct.CASE, "target": f"application:{number}"}
        services.record_look(**look, by=officer, at=now())
    with django_assert_num_queries(3):
        page = owner.get(f"/api/v1/consents/{consent.uuid}/uses").json()
    assert len(page["results"]) == 50
    first = page["results"][0]
    assert (first["target"], first["role"], first["act"]) == ("application:54", "loan_officer", "case")
    assert owner.get(page["next"]).json()["results"][-1]["target"] == "application:0"
    assert owner.get(f"/api/v1/consents/{consent.uuid}/uses?cursor=cD1ub25zZW5zZQ==").status_code == 404


@pytest.mark.parametrize(
    "moment", ["0001-01-01", "0001-01-01T00:00:00+05:30", "2017-06-30T00:00:00Z", "9999-12-31T23:59:59"]
)
def test_a_first_day_that_no_clock_shows_or_before_gst_names_its_field(moment: str) -> None:
    asked = body(MembershipFactory().business.gstin, data_from=moment)
    refused = signed_in(OfficerFactory()).post("/api/v1/consents", asked)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "data_from")


def test_bounds_are_asked_narrowed_and_told() -> None:
    membership = MembershipFactory()
    officer, owner = signed_in(OfficerFactory()), signed_in(membership.user)
    bounds = {
        "data_from": "2026-04-01T00:00:00Z",
        "frequency": {"unit": "DAY", "value": 1},
        "data_life": {"unit": "INF"},
    }
    asked = officer.post("/api/v1/consents", body(membership.business.gstin, **bounds)).json()
    assert asked["frequency"] == {"unit": "DAY", "value": 1}
    assert (asked["data_from"], asked["data_to"], asked["data_life"]) == ("2026-04-01T05:30:00+05:30", None, None)
    address = f"/api/v1/consents/{asked['id']}"
    refused = owner.post(f"{address}/grant", {"data_from": "2020-01-01T00:00:00Z"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "data_from")
    granted = owner.post(f"{address}/grant", {"data_life": {"unit": "DAY", "value": 3}}).json()
    assert (granted["data_life"], granted["data_from"]) == ({"unit": "DAY", "value": 3}, "2026-04-01T05:30:00+05:30")
    assert granted["expires_at"] < (now() + timedelta(days=4)).isoformat()
    artefact = officer.get(f"{address}/artefact").json()
    assert artefact["FIDataRange"]["from"] == "2026-04-01T00:00:00Z"
    assert artefact["DataLife"] == {"unit": "DAY", "value": 3}


@pytest.mark.parametrize("wrong", [{"unit": "WEEK", "value": 1}, {"unit": "DAY"}, {"unit": "DAY", "value": 0}, "daily"])
def test_a_frequency_that_is_none_is_refused(wrong: object) -> None:
    officer, business = signed_in(OfficerFactory()), MembershipFactory().business
    assert officer.post("/api/v1/consents", body(business.gstin, frequency=wrong)).status_code == 422


def test_looks_beyond_the_frequency_are_refused_in_plain_words() -> None:
    consent = ConsentFactory(frequency_unit="DAY", frequency_value=1)
    officer = signed_in(AnalystFactory(organisation=consent.organisation))
    address = f"/api/v1/records?gstin={consent.business.gstin}&kind="
    assert officer.get(f"{address}upi_payments").status_code == 200
    assert officer.get(f"{address}upi_payments").status_code == 200  # the same look within the hour
    refused = officer.get(f"{address}gst_invoices")
    assert (refused.status_code, refused.json()["type"].endswith("looked_too_often")) == (409, True)
    assert "once a day" in refused.json()["detail"]
