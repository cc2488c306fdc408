"""Lists are loaded and change, customers are held against them, two people decide, and lending hears of it."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from rest_framework.test import APIClient

from accounts.models import Business, User
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, InvalidInput
from fraud import selectors, services
from fraud.models import Delta, Match, MatchState, ScreeningRun, Verdict, WatchlistEntity, Whitelist
from fraud.services import UnableToDecideMatch, load_watchlists, screen_against_changes, screen_customer
from fraud.tasks import load_watchlists as load_nightly
from lending.selectors.standings import standing_at
from tests.factories.accounts import BusinessFactory, UserFactory

pytestmark = pytest.mark.integration
HEADER = "id,schema,name,aliases,birth_date,countries\n"
LISTED = HEADER + "Q1,Company,Zarkaria Petrochem Trading,Zarkaria Group,,ir\nQ2,Person,Oleg Vyazemtsev,,1961-02-03,ru\n"


@pytest.fixture
def customer(db: None) -> Business:
    return BusinessFactory(legal_name="Zarkaria Petrochem Trading Private Limited", trade_name="Zarkaria")


@pytest.fixture
def second(risk_manager: User) -> User:
    return UserFactory(role="risk_manager", organisation=risk_manager.organisation)


def load(text: str, at: datetime | None = None) -> Delta:
    return load_watchlists(files=[("sanctions.csv", text.encode())], at=at or now())[0]


@pytest.fixture
def match(customer: Business) -> Match:
    delta = load(LISTED)
    screen_against_changes(delta_id=delta.pk, at=now())
    return Match.objects.get(business=customer, asked=customer.legal_name)


def verdict(match: Match, said: Verdict, by: User) -> Match:
    return services.decide_match(match_id=match.uuid, verdict=said, note="Compared the registers.", by=by, at=now())


def test_loading_twice_changes_nothing_and_a_new_version_is_a_delta(db: None) -> None:
    first, again = load(LISTED), load(LISTED)
    assert (first.added, again.added, again.changed, again.removed) == (["Q1", "Q2"], [], [], [])
    changed = load(HEADER + "Q1,Company,Zarkaria Petrochem,,,ir\nQ3,Vessel,Blue Kestrel,,,pa\n")
    assert (changed.added, changed.changed, changed.removed) == (["Q3"], ["Q1"], ["Q2"])
    assert set(WatchlistEntity.objects.listed().values_list("key", flat=True)) == {"Q1", "Q3"}


def test_a_customer_is_found_and_explained(match: Match) -> None:
    assert match.probability > 0.5
    assert match.state == MatchState.OPEN
    assert {"measured", "parts", "words"} == set(match.features)
    assert sum(match.features["parts"].values()) == pytest.approx(match.margin)


def test_screening_again_asks_nothing_twice(match: Match, customer: Business) -> None:
    before = Match.objects.count()
    run = screen_customer(business_id=customer.pk, at=now())
    assert (run.lists, Match.objects.count()) == ({"sanctions": run.lists["sanctions"]}, before)


def test_other_customers_are_left_alone(db: None) -> None:
    other = BusinessFactory(legal_name="Asha Textiles Private Limited", trade_name="Asha Textiles")
    load(LISTED)
    screen_customer(business_id=other.pk, at=now())
    assert not Match.objects.exists()


def test_two_different_people_confirm_and_lending_holds(match: Match, risk_manager: User, second: User) -> None:
    assert verdict(match, Verdict.TRUE, risk_manager).state == MatchState.SECOND
    with pytest.raises(UnableToDecideMatch, match="Somebody else"):
        verdict(match, Verdict.TRUE, risk_manager)
    before = now()
    assert not standing_at(business_id=match.business_id, at=before).held
    assert verdict(match, Verdict.TRUE, second).state == MatchState.CONFIRMED
    assert standing_at(business_id=match.business_id, at=now()).confirmed
    assert not standing_at(business_id=match.business_id, at=before).held
    assert selectors.standing(business_id=match.business_id).confirmed
    assert "sanctions" in selectors.held_businesses(business_ids=[match.business_id])[match.business_id]
    with pytest.raises(UnableToDecideMatch):
        verdict(match, Verdict.FALSE, risk_manager)


def test_who_disagrees_sends_it_back_to_a_second_person(match: Match, risk_manager: User, second: User) -> None:
    verdict(match, Verdict.TRUE, risk_manager)
    returned = verdict(match, Verdict.FALSE, second)
    assert (returned.state, returned.proposed, returned.reviewer) == (MatchState.SECOND, "false", second)
    assert verdict(match, Verdict.FALSE, risk_manager).state == MatchState.DISMISSED


def test_somebody_else_is_whitelisted_until_a_side_changes(match: Match, risk_manager: User, second: User) -> None:
    verdict(match, Verdict.FALSE, risk_manager)
    verdict(match, Verdict.FALSE, second)
    business = match.business
    asked = Match.objects.filter(business=business, asked=business.legal_name, state=MatchState.OPEN)
    screen_customer(business_id=business.pk, at=now())
    assert Whitelist.objects.count() == 1
    assert not asked.exists()
    screen_customer(business_id=business.pk, at=now() + timedelta(days=366))
    assert asked.count() == 1
    asked.delete()
    delta = load(LISTED.replace("Zarkaria Group", "Zarkaria Holding"))
    screen_against_changes(delta_id=delta.pk, at=now())
    assert asked.count() == 1


def test_what_a_list_takes_back_lapses_and_holds_no_longer(match: Match, risk_manager: User, second: User) -> None:
    verdict(match, Verdict.TRUE, risk_manager)
    verdict(match, Verdict.TRUE, second)
    load(HEADER + "Q2,Person,Oleg Vyazemtsev,,1961-02-03,ru\n")
    match.refresh_from_db()
    assert match.state == MatchState.LAPSED
    assert not standing_at(business_id=match.business_id, at=now()).held


def test_asking_keeps_the_match_open(match: Match, risk_manager: User) -> None:
    assert verdict(match, Verdict.ASK, risk_manager).state == MatchState.ASKED
    assert verdict(match, Verdict.FALSE, risk_manager).state == MatchState.SECOND


def test_a_verdict_needs_a_note_and_the_right(match: Match, risk_manager: User) -> None:
    analyst = UserFactory(role="credit_analyst", organisation=risk_manager.organisation)
    with pytest.raises(InvalidInput):
        services.decide_match(match_id=match.uuid, verdict=Verdict.TRUE, note=" ", by=risk_manager, at=now())
    with pytest.raises(Forbidden):
        verdict(match, Verdict.TRUE, analyst)


def test_the_database_refuses_one_person_twice(match: Match, risk_manager: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Match.objects.filter(pk=match.pk).update(reviewer=risk_manager, second_reviewer=risk_manager)


def test_a_bad_list_changes_nothing(db: None) -> None:
    with pytest.raises(InvalidInput, match=r"sanctions\.csv: line 1"):
        load("nummer,naam\n1,2\n")
    assert not Delta.objects.exists()


def test_the_desk_from_queue_to_verdict(match: Match, risk_manager: User, second: User, client: Client) -> None:
    client.force_login(risk_manager)
    queue = client.get("/risk/names").content.decode()
    assert match.asked in queue
    page = client.get(f"/risk/names/{match.uuid}").content.decode()
    assert "Word by word" in page
    assert client.post(f"/risk/names/{match.uuid}/verdicts", {"verdict": "true"}).status_code == 422
    said = {"verdict": "true", "note": "The same registration."}
    assert client.post(f"/risk/names/{match.uuid}/verdicts", said).status_code == 302
    assert "A second person has to agree" in client.get(f"/risk/names/{match.uuid}").content.decode()
    assert client.post(f"/risk/names/{match.uuid}/verdicts", said).status_code == 409
    client.force_login(second)
    assert client.post(f"/risk/names/{match.uuid}/verdicts", said).status_code == 302
    assert "True match" in client.get("/risk/names?tab=confirmed").content.decode()


def test_the_desk_without_lists_says_what_will_come(risk_manager: User, client: Client) -> None:
    client.force_login(risk_manager)
    assert "No watchlist is loaded" in client.get("/risk/names").content.decode()


def test_a_list_is_loaded_at_the_desk(risk_manager: User, client: Client) -> None:
    client.force_login(risk_manager)
    assert "Load a list" in client.get("/risk/names").content.decode()
    assert client.post("/risk/names/lists").status_code == 422
    bad = client.post("/risk/names/lists", {"lists": SimpleUploadedFile("un.csv", b"nummer,naam\n1,2\n")})
    assert (bad.status_code, "un.csv: line 1" in bad.content.decode()) == (422, True)
    good = {"lists": [SimpleUploadedFile("sanctions.csv", LISTED.encode())]}
    page = client.post("/risk/names/lists", good, follow=True).content.decode()
    assert "sanctions is in force: 2 added, 0 changed, 0 removed." in page
    assert Delta.objects.get().loaded_by == risk_manager


def test_an_analyst_sees_the_desk_and_loads_nothing(db: None, client: Client) -> None:
    analyst = UserFactory(role="credit_analyst")
    client.force_login(analyst)
    assert "Load a list" not in client.get("/risk/names").content.decode()
    assert client.post("/risk/names/lists").status_code == 403


def test_configured_lists_are_loaded_every_night(db: None, tmp_path: Path, settings: Settings) -> None:
    load_nightly()
    assert not Delta.objects.exists()
    path = tmp_path / "sanctions.csv"
    settings.WATCHLIST_FILES = [path]
    with pytest.raises(InvalidInput, match="WATCHLIST_FILES"):
        load_nightly()
    path.write_text(LISTED)
    load_nightly()
    assert Delta.objects.get().added == ["Q1", "Q2"]


def test_what_changed_is_screened_with_the_answers_of_a_full_screening(customer: Business) -> None:
    near = "Q4,Company,Zarkaria Petrochem Traders,,,\nQ5,Company,Zarkariya Petrochem Trading,,,\n"
    load(LISTED)
    delta = load(LISTED + near)
    screen_against_changes(delta_id=delta.pk, at=now())
    again = {(match.asked, match.entity.key): match.margin for match in Match.objects.select_related("entity")}
    Match.objects.all().delete()
    screen_customer(business_id=customer.pk, at=now())
    full = {(match.asked, match.entity.key): match.margin for match in Match.objects.select_related("entity")}
    assert again == {key: margin for key, margin in full.items() if key[1] in {"Q4", "Q5"}} != {}


def test_the_queue_is_strictly_ordered(match: Match, risk_manager: User) -> None:
    BusinessFactory(legal_name="Zarkarya Petrochem Trading Limited", trade_name="Oleg Vyazemtsev Exports")
    screen_against_changes(delta_id=Delta.objects.get().pk, at=now())
    margins = [row.match.margin for row in selectors.match_queue(user=risk_manager).rows]
    assert margins == sorted(margins, reverse=True)
    assert len(set(margins)) == len(margins) > 1


PINNED = {"/risk/names": 16, "/api/v1/fraud/matches": 5}


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_of_matches_takes_its_pinned_number_of_queries(
    address: str, match: Match, risk_manager: User, client: Client, django_assert_num_queries
) -> None:
    other = BusinessFactory(legal_name=match.asked, trade_name="Zarkaria")
    screen_customer(business_id=other.pk, at=now())
    assert Match.objects.filter(state=MatchState.OPEN).count() > 1
    client.force_login(risk_manager)
    client.get(address)
    with django_assert_num_queries(PINNED[address]):
        assert client.get(address).status_code == 200


def test_the_api_loads_lists_and_takes_verdicts(customer: Business, risk_manager: User) -> None:
    api = APIClient()
    api.force_authenticate(risk_manager)
    path = Path(__file__).parent / "targets.csv"
    with path.open("rb") as file:
        answer = api.post("/api/v1/fraud/watchlists", {"files": [file]}, format="multipart")
    assert answer.status_code == 201, answer.content
    assert answer.json()[0]["added"] == ["Q1", "Q2"]
    screen_customer(business_id=customer.pk, at=now())
    assert [one["name"] for one in api.get("/api/v1/fraud/watchlists").json()] == ["targets"]
    assert api.get("/api/v1/fraud/watchlists/runs").json()["results"][0]["subjects"] == 2
    found = api.get("/api/v1/fraud/matches").json()["results"][0]
    said = {"verdict": "false", "note": "Another register."}
    decided = api.post(f"/api/v1/fraud/matches/{found['id']}/verdicts", said, format="json")
    assert (decided.status_code, decided.json()["state"]) == (200, "second")
    assert api.get(f"/api/v1/fraud/matches/{found['id']}").json()["note"] == said["note"]


def test_the_commands_read_load_and_score(
    customer: Business, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "list.csv").write_text(LISTED)
    (tmp_path / "asked.csv").write_text(
        "full_name,date_of_birth,nationality\nVyazemtsev Oleg,1961-02-03,RU\nAsha Rao,,\n"
    )
    call_command(
        "screen_names", "--list", str(tmp_path / "list.csv"), "--queries", str(tmp_path / "asked.csv"), "--json"
    )
    assert '"entity": "Q2"' in capsys.readouterr().out
    (tmp_path / "pairs.csv").write_text("schema,name1,name2,is_match\nPerson,Asha Rao,Asha Rao,true\n")
    call_command("score_name_pairs", str(tmp_path / "pairs.csv"), "--json")
    assert '"f1": 1.0' in capsys.readouterr().out
    call_command("load_watchlist", str(tmp_path / "list.csv"), "--json")
    assert '"added": 2' in capsys.readouterr().out
    assert ScreeningRun.objects.count() == 0
