"""The score doors: one answer with its amounts, and the stream of its states."""

import asyncio
import json
from decimal import Decimal

import pytest
from asgiref.sync import async_to_sync
from rest_framework.test import APIClient

from lending.api.stream import score_events
from scoring.models import RequestState, ScoreRequest
from tests.factories.accounts import AdminFactory, MembershipFactory, OfficerFactory
from tests.factories.lending import AT

FIELDS = {
    "task_id", "gstin", "status", "credit_score", "score_low", "score_high", "interval_coverage", "pd", "risk_band",
    "top_reasons",
    "reasons", "recommended_wc_amount", "recommended_term_amount", "binding_constraint", "msme_category",
    "cgtmse_eligible", "mudra_eligible", "fraud_flag", "fraud_details", "shap_waterfall", "base_points",
    "score_freshness", "estimated_wait_seconds", "data_maturity_months", "coverage", "model_version",
    "model", "missing", "scorecard", "error",
}  # fmt: skip


@pytest.fixture
def api(desk) -> APIClient:
    client = APIClient()
    client.force_authenticate(desk.owner)
    return client


@pytest.fixture
def request_of(desk):
    """A score request of the desk's business in some state."""

    def make(state=RequestState.COMPLETE, run=True, **changes):
        parts = {"gstin": desk.business.gstin, "business": desk.business, "by": desk.owner, "requested_at": AT}
        return ScoreRequest.objects.create(
            **parts | {"queued_at": AT, "state": state, "run": desk.run if run else None} | changes
        )

    return make


def test_a_complete_score_carries_every_field_with_its_amounts(api, request_of):
    request = request_of()

    body = api.get(f"/api/v1/score/{request.uuid}").json()

    assert set(body) == FIELDS
    assert (body["status"], body["credit_score"], body["risk_band"]) == ("complete", 714, "low_risk")
    assert body["recommended_wc_amount"] == "1650000.00"
    assert Decimal(body["recommended_term_amount"]) > 0
    assert body["binding_constraint"] == "turnover"
    assert (body["msme_category"], body["mudra_eligible"]) == ("micro", True)
    assert set(body["shap_waterfall"][0]) == {"feature", "label", "value", "points", "direction"}


def test_the_parts_add_up_to_the_score(api, request_of):
    body = api.get(f"/api/v1/score/{request_of().uuid}").json()

    total = body["base_points"] + sum(part["points"] for part in body["shap_waterfall"])
    assert abs(total - body["credit_score"]) <= 0.5


def test_a_waiting_request_names_the_wait(api, request_of):
    body = api.get(f"/api/v1/score/{request_of(RequestState.PENDING, run=False).uuid}").json()

    assert (body["status"], body["credit_score"]) == ("pending", None)
    assert body["estimated_wait_seconds"] > 0


def test_an_unknown_gstin_says_what_is_missing(api, request_of):
    request = request_of(RequestState.INSUFFICIENT, run=False, business=None)

    body = api.get(f"/api/v1/score/{request.uuid}").json()

    assert body["status"] == "insufficient_evidence"
    assert body["missing"]


@pytest.mark.parametrize("tail", ["", "/stream"])
def test_another_tenants_request_and_a_missing_one_answer_404(desk, request_of, tail):
    stranger = APIClient()
    request = request_of()

    for person in (MembershipFactory().user, OfficerFactory()):
        stranger.force_authenticate(person)
        assert stranger.get(f"/api/v1/score/{request.uuid}{tail}").status_code == 404
        assert stranger.get(f"/api/v1/score/{desk.business.uuid}{tail}").status_code == 404


def test_nobody_signed_in_gets_401_and_an_admin_403(db, request_of):
    client = APIClient()
    path = f"/api/v1/score/{request_of().uuid}"

    assert client.get(path).status_code == 401
    client.force_authenticate(AdminFactory())
    assert client.get(path).status_code == 403


def test_the_stream_answers_as_events(api, request_of):
    answer = api.get(f"/api/v1/score/{request_of().uuid}/stream", headers={"Accept": "text/event-stream"})

    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/event-stream"


def told(person, request, **options):
    """The events of a stream, read to its end."""

    async def read():
        return [event async for event in score_events(user=person, task_id=request.uuid, **options)]

    return async_to_sync(read)()


@pytest.mark.django_db(transaction=True)
def test_a_late_client_gets_the_end_at_once(desk, request_of):
    (event,) = told(desk.owner, request_of())

    name, data = event.decode().strip().split("\n")
    assert name == "event: end"
    assert json.loads(data.removeprefix("data: "))["credit_score"] == 714


@pytest.mark.django_db(transaction=True)
def test_the_stream_tells_each_state_once_and_ends_with_the_answer(desk, request_of):
    request = request_of(RequestState.PENDING, run=False)

    async def read():
        names = []
        async for event in score_events(user=desk.owner, task_id=request.uuid):
            names.append(event.decode().split("\n")[0])
            await asyncio.sleep(0.25)
            await ScoreRequest.objects.filter(pk=request.pk).aupdate(state=RequestState.COMPLETE, run=desk.run)
        return names

    assert async_to_sync(read)() == ["event: state", "event: end"]


@pytest.mark.django_db(transaction=True)
def test_a_stream_of_a_score_that_does_not_come_is_bounded(desk, request_of):
    (event,) = told(desk.owner, request_of(RequestState.PENDING, run=False), longest=0.2)

    assert event.startswith(b"event: state")


def test_staff_read_how_sure_the_ring_is_and_its_owner_reads_only_that_it_is_held(desk, alert, api, request_of):
    path = f"/api/v1/score/{request_of().uuid}"
    officer = APIClient()
    officer.force_authenticate(desk.officer)

    told, owner = officer.get(path).json(), api.get(path).json()

    assert set(told["fraud_details"]) == {"confidence", "ring"}
    assert (told["fraud_flag"], owner["fraud_flag"], owner["fraud_details"]) == (True, True, None)
