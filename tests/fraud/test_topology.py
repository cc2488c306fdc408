"""The topology through time: days, kinds and rings asked for, the steps of the replay, the same over the API."""

from datetime import timedelta

import pytest

from accounts.models import User
from creditiq.kernel.clock import IST
from fraud import selectors, services
from fraud.models import Ring
from fraud.selectors import Shown, Topology
from tests.fraud.conftest import Town
from tests.fraud.test_pages import api_for, banker, data_of, page_of

pytestmark = pytest.mark.integration


@pytest.fixture
def screened(town: Town) -> Town:
    services.screen_population(as_of=town.end)
    return town


def payments(picture: Topology) -> int:
    return sum(link.payments for link in picture.links)


def test_days_cut_into_steps_and_every_line_names_those_in_which_money_moved(
    screened: Town, risk_manager: User
) -> None:
    whole = selectors.topology(user=risk_manager, shown=Shown(days=90), at=screened.end)
    last = screened.end.astimezone(IST).date()
    part = selectors.topology(
        user=risk_manager, shown=Shown(since=last - timedelta(days=9), until=last - timedelta(days=3)), at=screened.end
    )
    assert len(whole.steps) == 45
    assert part.days == len(part.steps) == 7
    assert part.steps[0] == last - timedelta(days=9)
    assert all(link.steps and max(link.steps) < 7 and len(link.steps) <= link.payments for link in part.links)
    assert 0 < payments(part) < payments(whole)


def test_kinds_add_up_to_all_payments_and_documents_are_a_layer_of_their_own(
    screened: Town, risk_manager: User
) -> None:
    by_kind = {
        kind: payments(selectors.topology(user=risk_manager, shown=Shown(kind=kind), at=screened.end))
        for kind in ("", "upi", "bank", "invoice", "eway")
    }
    assert by_kind["upi"] + by_kind["bank"] == by_kind[""]
    assert all(by_kind.values())


def test_a_ring_is_shown_with_whom_it_deals_and_nobody_else(screened: Town, risk_manager: User) -> None:
    ring = Ring.objects.filter(suspect=True).earliest("pk")
    members = set(ring.members.filter(current=True).values_list("business_id", flat=True))
    picture = selectors.topology(user=risk_manager, shown=Shown(ring=ring.uuid), at=screened.end)
    shown = {node.party.business_id for node in picture.nodes}
    assert members < shown
    assert len(shown) < len(screened.keys)
    page = page_of(risk_manager, f"/risk/topology?near=on&ring={ring.uuid}")
    assert sum(len(trace["x"]) for trace in data_of(page, "overview")["data"] if trace["mode"] == "markers") == len(
        shown
    )


def test_communities_can_be_asked_for_before_there_are_too_many_businesses(screened: Town, risk_manager: User) -> None:
    assert "The network by community" in page_of(risk_manager, "/risk/topology?level=communities")
    assert "The network in three dimensions" in page_of(risk_manager, "/risk/topology?level=businesses")


@pytest.mark.parametrize("level", ["businesses", "communities"])
def test_two_dimensions_draw_what_three_do(screened: Town, risk_manager: User, level: str) -> None:
    flat = data_of(page_of(risk_manager, f"/risk/topology?view=2d&level={level}"), "overview")
    space = data_of(page_of(risk_manager, f"/risk/topology?level={level}"), "overview")
    assert len(flat["nodes"]) == sum(len(trace["x"]) for trace in space["data"] if trace["mode"] == "markers")
    assert len(flat["edges"]) == sum(map(len, space["replay"]["lines"]))
    assert flat["steps"] == space["replay"]["steps"]
    for trace, lines in zip(space["data"], space["replay"]["lines"], strict=False):
        assert (trace["mode"], len(trace["x"])) == ("lines", 3 * len(lines))


def test_a_last_day_before_the_first_is_said_and_filters_nothing(screened: Town, risk_manager: User) -> None:
    asked = "since=2026-10-20&until=2026-10-10"
    assert "The last day is before the first" in page_of(risk_manager, f"/risk/topology?{asked}")
    answer = api_for(risk_manager).get(f"/api/v1/fraud/graph?{asked}")
    assert answer.status_code == 422
    assert "until" in answer.content.decode()


def test_the_api_tells_the_steps_too(screened: Town, risk_manager: User) -> None:
    graph = api_for(risk_manager).get("/api/v1/fraud/graph?days=7&kind=bank").json()
    assert len(graph["steps"]) == 7
    assert all(0 <= step < 7 for link in graph["links"] for step in link["steps"])
    assert api_for(risk_manager).get("/api/v1/fraud/graph?kind=gold").status_code == 422


def test_a_bank_cannot_look_around_a_ring_it_may_not_see(screened: Town) -> None:
    ring = Ring.objects.get(members__business_id=screened.keys[2], suspect=True)
    assert api_for(banker(screened, 0)).get(f"/api/v1/fraud/graph?ring={ring.uuid}").status_code == 404
    assert api_for(banker(screened, 2)).get(f"/api/v1/fraud/graph?ring={ring.uuid}").status_code == 200
