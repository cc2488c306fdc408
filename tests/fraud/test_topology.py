"""The topology through time: days, kinds and rings asked for, the steps of the replay, the same over the API."""

from datetime import timedelta

import pytest

from accounts.models import Consent, User
from creditiq.kernel.clock import IST
from fraud import selectors, services
from fraud.models import Ring
from fraud.selectors import Shown, Topology
from tests.fraud.conftest import Town
from tests.fraud.test_pages import api_for, banker, data_of, page_of
from wallets.models import RECORD_MODELS

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


def test_an_earlier_last_day_brings_back_nothing_that_was_taken_back(screened: Town, risk_manager: User) -> None:
    later, day = screened.end + timedelta(days=1), screened.end.date() - timedelta(days=20)
    shown = [*(Shown(kind=kind, until=day) for kind in ("", "upi", "bank")), Shown(kind="invoice"), Shown(kind="eway")]

    def seen() -> list[int]:
        return [payments(selectors.topology(user=risk_manager, shown=one, at=later)) for one in shown]

    whole = seen()
    Consent.objects.update(data_from=screened.end - timedelta(days=60), granted_at=screened.end)
    narrowed = seen()
    assert all(0 < now < then for now, then in zip(narrowed, whole, strict=True)), (narrowed, whole)
    Consent.objects.update(status="withdrawn", withdrawn_at=screened.end + timedelta(hours=1))
    assert seen() == [0] * 5


def test_as_many_consents_of_others_are_not_mistaken_for_the_same(screened: Town, risk_manager: User) -> None:
    """The newest row is an old one: requests that were answered only now."""
    later = screened.end + timedelta(days=1)
    keys = list(Consent.objects.order_by("pk").values_list("pk", flat=True))
    these, those = Consent.objects.filter(pk__in=keys[:19]), Consent.objects.filter(pk__in=keys[19:38])
    these.update(status="requested", granted_at=None, requested_at=screened.end)
    before = selectors.topology(user=risk_manager, shown=Shown(), at=later)
    these.update(status="granted", granted_at=later)
    those.update(status="withdrawn", withdrawn_at=later)
    assert selectors.topology(user=risk_manager, shown=Shown(), at=later).links != before.links


def test_a_bank_sees_lines_of_the_kinds_and_the_time_that_its_own_customers_agreed_to(screened: Town) -> None:
    user, later = banker(screened, *range(1, 12)), screened.end + timedelta(days=1)
    own = Consent.objects.filter(organisation=user.organisation)

    def seen(kind: str) -> int:
        return payments(selectors.topology(user=user, shown=Shown(kind=kind), at=later))

    own.update(kinds=list(RECORD_MODELS))
    whole = {kind: seen(kind) for kind in ("", "upi", "bank")}
    assert all(whole.values())
    own.update(kinds=["upi_payments"])
    assert (seen(""), seen("bank"), seen("invoice")) == (whole["upi"], 0, 0)
    own.update(data_from=screened.end - timedelta(days=30))
    assert 0 < seen("upi") < whole["upi"]
    own.update(kinds=["gst_returns"])
    assert (seen(""), seen("upi"), seen("eway")) == (0, 0, 0)
