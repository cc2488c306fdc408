"""Rings through somebody outside: a member without a name, on the page, in the topology, over the API."""

from datetime import timedelta
from decimal import Decimal

import pytest

from accounts.models import Consent, User
from fraud import selectors, services
from fraud.engine.outsiders import outsider
from fraud.models import Alert, Ring
from fraud.services.cases import About
from tests.fraud.conftest import Town
from tests.fraud.test_pages import api_for, banker, data_of, page_of
from wallets.models import UpiPayment

pytestmark = pytest.mark.integration
ADDRESS = "stranger@ybl"


def paid(business: int, reference: str, *, to: str = "", by: int | None = None, rupees: int, at: object) -> UpiPayment:
    """A leg of a business: out to an address, or in from a business or the address."""
    return UpiPayment(
        business_id=business, reference=reference, direction="out" if to else "in", amount_paise=rupees * 100,
        kind="P2P", status="success", counterparty=by, counterparty_vpa=to or ("" if by else ADDRESS),
        occurred_at=at, received_at=at,
    )  # fmt: skip


@pytest.fixture
def circle(town: Town) -> tuple[int, int]:
    """Two honest shops: one pays the stranger, the stranger the other, the other the first; eight times."""
    one, two = sorted(set(town.keys.values()) - town.guilty)[:2]
    rows = []
    for lap in range(8):
        start = town.end - timedelta(hours=100 * lap + 60)
        rows += [
            paid(one, f"s{lap:03}a", to=ADDRESS, rupees=300_000, at=start),
            paid(two, f"s{lap:03}b", rupees=296_000, at=start + timedelta(hours=5)),
            paid(one, f"s{lap:03}c", by=two, rupees=292_000, at=start + timedelta(hours=11)),
        ]
    UpiPayment.objects.bulk_create(rows)
    services.screen_population(as_of=town.end)
    return one, two


@pytest.fixture
def ring(circle: tuple[int, int]) -> Ring:
    return Ring.objects.exclude(outsiders=[]).get()


def test_the_ring_has_the_businesses_as_members_and_the_stranger_beside_them(
    ring: Ring, circle: tuple[int, int]
) -> None:
    assert set(ring.members.values_list("business_id", flat=True)) == set(circle)
    assert ring.outsiders == [{"node": outsider(ADDRESS), "address": "st•••@ybl"}]
    assert ring.suspect
    assert ring.p_value is not None
    assert Alert.objects.standing().filter(ring=ring).exists()
    assert all(selectors.standing(business_id=business).ring_id == ring.uuid for business in circle)


def test_the_page_and_the_api_show_the_stranger_masked(ring: Ring, risk_manager: User) -> None:
    page = page_of(risk_manager, f"/risk/rings/{ring.uuid}")
    assert "Outside party st•••@ybl" in page
    assert ADDRESS not in page
    network = data_of(page, "ring-network")
    assert len(network["nodes"]) == 3
    assert {edge["source"] for edge in network["edges"]} >= {str(outsider(ADDRESS))}
    told = api_for(risk_manager).get(f"/api/v1/fraud/rings/{ring.uuid}").json()
    assert [party["name"] for party in told["outsiders"]] == ["Outside party st•••@ybl"]


def test_the_topology_draws_the_stranger_with_what_went_through_it(
    ring: Ring, circle: tuple[int, int], town: Town, risk_manager: User
) -> None:
    picture = selectors.topology(user=risk_manager, shown=selectors.Shown(), at=town.end)
    [stranger] = [node for node in picture.nodes if node.outside]
    assert (stranger.ring, stranger.flagged) == (ring.uuid, False)
    assert {node.party.business_id for node in picture.known if node.ring == ring.uuid and node.flagged} == set(circle)
    lines = {link.payer.business_id: link for link in picture.links if stranger.party in (link.payer, link.payee)}
    assert lines[circle[0]].amount == Decimal(8 * 300_000)
    assert lines[stranger.party.business_id].payee.business_id == circle[1]
    assert len(lines[circle[0]].steps) == len(set(lines[circle[0]].steps)) > 1
    page = page_of(risk_manager, "/risk/topology")
    assert "outside party" in {trace["name"] for trace in data_of(page, "overview")["data"]}
    assert "Outside party st•••@ybl" in page
    assert not [node for node in selectors.topology(
        user=risk_manager, shown=selectors.Shown(kind="bank"), at=town.end
    ).nodes if node.outside]  # fmt: skip


@pytest.mark.parametrize("whose", ["the platform", "a bank"])
def test_lines_to_the_stranger_are_drawn_while_the_consent_of_the_reader_covers_them(
    ring: Ring, circle: tuple[int, int], town: Town, risk_manager: User, whose: str
) -> None:
    numbers = [number for number, business in town.keys.items() if business in circle]
    user = risk_manager if whose == "the platform" else banker(town, *numbers)
    own = Consent.objects.filter(organisation=user.organisation, business__in=circle)
    later = town.end + timedelta(minutes=1)

    def drawn() -> int:
        links = selectors.topology(user=user, shown=selectors.Shown(), at=later).links
        return sum(link.payments for link in links if min(link.payer.business_id, link.payee.business_id) < 0)

    assert drawn() == 16
    own.update(data_from=town.end - timedelta(hours=200))
    assert drawn() == 4
    own.update(kinds=["bank_entries"])
    assert drawn() == 0


def test_a_live_screening_leaves_the_ring_to_the_next_full_scan(
    ring: Ring, circle: tuple[int, int], town: Town
) -> None:
    before = ring.members.count()
    services.screen_business(business_id=circle[0], as_of=town.end + timedelta(hours=1))
    ring.refresh_from_db()
    assert (ring.members.filter(current=True).count(), ring.outsiders != []) == (before, True)


def test_a_report_names_the_stranger_by_its_pseudonym_only(ring: Ring, town: Town, risk_manager: User) -> None:
    case = services.open_case(about=About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    report = services.draft_report(case_id=case.uuid, by=risk_manager, at=town.end)
    assert ADDRESS not in f"{report.grounds}{report.annex}{report.parties}"
    assert [party["ours"] for party in report.parties].count(False) == 1
