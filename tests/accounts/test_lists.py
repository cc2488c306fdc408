"""Every list: columns one chooses, views one keeps for oneself, and a file; all of it without JavaScript."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts.models import ApprovalRequest, AuditEntry, Duty, Job, Role, SavedView, User
from accounts.selectors import Listing
from accounts.services import data_requests
from accounts.services.lists import MOST_VIEWS, TooManyViews, delete_view, list_at, save_view
from accounts.views.house_lists import PEOPLE
from accounts.views.people import people
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from tests.factories.accounts import (
    AdminFactory,
    AnalystFactory,
    ConsentFactory,
    OfficerFactory,
    PlatformFactory,
    RiskManagerFactory,
)
from tests.factories.lending import ApplicationFactory

pytestmark = pytest.mark.django_db
TEMPLATES = Path("templates")


def lists_in(patterns: list[URLPattern | URLResolver]) -> dict[str, Listing[object]]:
    found: dict[str, Listing[object]] = {}
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found |= lists_in(pattern.url_patterns)
        elif isinstance(listing := getattr(pattern.callback, "listing", None), Listing):
            found[listing.page] = listing
    return found


LISTS = lists_in(get_resolver().url_patterns)


def cells_of(template: Path) -> tuple[str, ...]:
    return tuple(re.findall(r'\{% cell "(\w+)"', template.read_text(encoding="utf-8")))


@pytest.fixture
def admin(client: Client) -> User:
    person = AdminFactory()
    client.force_login(person)
    return person


def test_every_list_of_the_portals_is_declared() -> None:
    assert len(LISTS) >= 30
    assert {
        "fraud:queue", "fraud:alerts", "fraud:cases", "fraud:disputes", "fraud:names", "lending:queue", "lending:loans",
        "lending:my_decisions", "wallets:directory", "accounts:people", "accounts:jobs", "accounts:audit",
        "scoring:models",
    } <= set(LISTS)  # fmt: skip


@pytest.mark.parametrize("page", sorted(LISTS))
def test_a_list_is_at_its_address_and_its_columns_are_named_once(page: str) -> None:
    listing = LISTS[page]
    headings = [heading for column in listing.columns for heading in (column.key, *column.also)]
    assert reverse(page).startswith("/")
    assert len(headings) == len(set(headings))
    assert not listing.columns or listing.columns[0].usual


def test_headings_and_cells_of_every_list_stand_in_the_same_order() -> None:
    drawn = {path.name: cells for path in TEMPLATES.rglob("*.html") if (cells := cells_of(path))}
    declared = {tuple(column.key for column in listing.columns) for listing in LISTS.values() if listing.columns}
    assert {name for name, cells in drawn.items() if cells not in declared} == set()
    assert declared - set(drawn.values()) == {tuple(column.key for column in LISTS["lending:portfolio"].columns)}


def test_columns_are_chosen_in_the_address_and_nonsense_is_ignored(admin: User, client: Client) -> None:
    usual = client.get("/admin/people").content.decode()
    few = client.get("/admin/people?columns=role,nonsense").content.decode()
    more = client.get("/admin/people?columns=who&columns=joined").content.decode()

    assert ">Second factor</th>" in usual
    assert ">Joined</th>" not in usual
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', few) == ["Who", "Role"]
    assert re.findall(r'data-label="(.*?)"', few) == ["Role"]
    assert re.findall(r'<th scope="col"[^>]*>(.*?)</th>', more) == ["Who", "Joined"]
    assert client.get("/admin/people?columns=nonsense").content.decode().count("<th ") == usual.count("<th ")


def test_the_chooser_keeps_the_filters_and_the_filters_keep_the_columns(admin: User, client: Client) -> None:
    page = client.get("/admin/people?q=a&role=admin&columns=who,role&page=1&other=1").content.decode()

    search, chooser = re.findall(r'<form[^>]*method="get".*?</form>', page, re.DOTALL)
    ticked = client.get("/admin/people?columns=who&columns=role").content.decode()
    assert '<input type="hidden" name="columns" value="who,role">' in ticked
    assert '<input type="hidden" name="columns" value="who,role">' in search
    assert 'name="q" value="a"' in chooser
    assert 'name="role" value="admin"' in chooser
    assert "other" not in chooser


def test_a_view_is_kept_opened_and_let_go(admin: User, client: Client) -> None:
    kept = {"page": "accounts:people", "query": "q=x&role=admin&evil=1&columns=who,role", "name": "  Our  admins "}

    answer = client.post("/account/views", kept, follow=True)

    view = SavedView.objects.get(person=admin)
    assert (view.name, view.query) == ("Our admins", "q=x&role=admin&columns=who,role")
    page = answer.content.decode()
    assert answer.redirect_chain[0][0] == f"/admin/people?{view.query}"
    assert "The view is kept." in page
    assert f'href="/admin/people?{view.query.replace("&", "&amp;")}"' in page
    assert client.post(f"/account/views/{view.uuid}/delete", follow=True).status_code == 200
    assert not SavedView.objects.exists()
    acts = AuditEntry.objects.filter(actor=admin, action__startswith="view.").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["view.saved", "view.deleted"]


def test_the_same_name_again_replaces_and_a_refusal_is_said_on_the_list(admin: User, client: Client) -> None:
    for query in ("q=a", "q=b"):
        client.post("/account/views", {"page": "accounts:people", "name": "Mine", "query": query})
    refused = client.post("/account/views", {"page": "accounts:people", "name": " ", "query": "q=c"}, follow=True)

    assert list(SavedView.objects.values_list("query", flat=True)) == ["q=b"]
    assert "Give the view a name" in refused.content.decode()
    assert refused.redirect_chain[0][0] == "/admin/people?q=c"


@pytest.mark.usefixtures("db")
def test_nobody_keeps_a_view_of_what_they_may_not_open_or_sees_somebody_elses() -> None:
    officer, risk = OfficerFactory(), RiskManagerFactory()
    view = save_view(page="fraud:queue", name="Mine", query="tab=all", by=risk, at=now())

    with pytest.raises(Forbidden):
        save_view(page="fraud:queue", name="Mine", query="", by=officer, at=now())
    with pytest.raises(NotVisible):
        delete_view(view_id=view.uuid, by=officer, at=now())
    for page in ("fraud:ring", "no:such", "accounts:guide", "", "sign_in"):
        with pytest.raises(NotVisible):
            list_at(page=page, user=risk)
    other = Client()
    other.force_login(RiskManagerFactory())
    assert "Mine" not in other.get("/risk").content.decode()


def test_a_view_of_a_part_that_refreshes_is_a_view_of_the_page(client: Client) -> None:
    risk = RiskManagerFactory()
    client.force_login(risk)
    for name in ("First", "Second"):
        kept = {"page": "fraud:queue_panel", "name": name, "query": "tab=all"}
        answer = client.post("/account/views", kept)
        assert answer["Location"] == f"{reverse('fraud:queue')}?tab=all"
    assert set(SavedView.objects.values_list("page", flat=True)) == {"fraud:queue"}
    assert "Second" in client.get(reverse("fraud:queue")).content.decode()
    for number in range(2, MOST_VIEWS):
        save_view(page="fraud:queue", name=f"View {number}", query="", by=risk, at=now())
    with pytest.raises(TooManyViews):
        save_view(page="fraud:queue_panel", name="One more", query="", by=risk, at=now())
    recorded = AuditEntry.objects.filter(action="view.saved").latest("pk")
    assert json.loads(recorded.payload)["page"] == "fraud:queue"


def test_there_are_at_most_so_many_views_of_a_list(admin: User) -> None:
    for number in range(MOST_VIEWS):
        save_view(page="accounts:people", name=f"View {number}", query="", by=admin, at=now())
    with pytest.raises(TooManyViews):
        save_view(page="accounts:people", name="One more", query="", by=admin, at=now())
    save_view(page="accounts:people", name="View 0", query="q=b", by=admin, at=now())
    save_view(page="accounts:jobs", name="One more", query="", by=admin, at=now())
    with pytest.raises(InvalidInput):
        save_view(page="accounts:jobs", name="x" * 61, query="", by=admin, at=now())


def test_the_file_has_the_filters_and_the_columns_of_the_page(admin: User, client: Client) -> None:
    OfficerFactory(first_name="=cmd()", last_name="X")
    page = client.get("/admin/people?role=loan_officer&columns=who,standing").content.decode()
    address = re.search(r'href="(/account/lists/[^"]+)"', page)
    assert address

    answer = client.get(address[1].replace("&amp;", "&"))

    assert answer["Content-Disposition"] == 'attachment; filename="people.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[0] == ["who", "email", "standing"]
    assert [row[0] for row in rows[1:]] == ["'=cmd() X"]
    payload = json.loads(AuditEntry.objects.get(action="list.exported").payload)
    assert (payload["list"], payload["lines"], payload["truncated"]) == ("accounts:people", 1, False)


def test_a_file_that_leaves_rows_out_says_so_and_reads_no_more_than_it_needs(
    admin: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    OfficerFactory.create_batch(3)
    monkeypatch.setattr(people, "listing", replace(PEOPLE, most=2))
    address = reverse("accounts:list_csv", args=["accounts:people"])

    with CaptureQueriesContext(connection) as asked:
        cut = list(csv.reader(io.StringIO(client.get(address).content.decode())))
    assert any("LIMIT 3" in query["sql"] for query in asked)
    monkeypatch.setattr(people, "listing", replace(PEOPLE, most=4))
    whole = list(csv.reader(io.StringIO(client.get(address).content.decode())))

    assert cut[-1] == ["The list has more than these 2 rows. Narrow its filters to see the others."]
    assert cut[:-1] == whole[:3]
    assert len(whole) == 1 + 4
    payloads = [json.loads(entry.payload) for entry in AuditEntry.objects.filter(action="list.exported").order_by("pk")]
    assert [(told["lines"], told["truncated"]) for told in payloads] == [(2, True), (4, False)]


SEEDED = {
    "accounts:audit",
    "accounts:jobs",
    "accounts:people",
    "lending:approvals",
    "lending:queue",
    "lending:reviews",
    "wallets:directory",
}
"""Lists that have a row in the next test; others may be empty in it."""


@pytest.fixture
def readers() -> list[User]:
    """Somebody for every list, and rows for some: a case that waits for a second person, and a job."""
    case = ApplicationFactory(state="recommended")
    ConsentFactory(business=case.business, organisation=PlatformFactory())
    Job.objects.create(work="audit.verify", title="Verify", asked_at=now())
    return [
        AdminFactory(),
        RiskManagerFactory(),
        RiskManagerFactory(organisation=case.organisation),
        AnalystFactory(organisation=case.organisation),
        OfficerFactory(organisation=case.organisation, duties=[Duty.COLLECTIONS]),
    ]


@pytest.mark.parametrize("page", sorted(LISTS))
def test_every_list_has_a_file_for_whoever_may_open_it(page: str, client: Client, readers: list[User]) -> None:
    answers = []
    for person in readers:
        client.force_login(person)
        answers.append(client.get(reverse("accounts:list_csv", args=[page])))
    assert {answer.status_code for answer in answers} <= ({200, 403} if LISTS[page].columns else {404, 403})
    files = [answer.content.decode() for answer in answers if answer.status_code == 200]
    assert bool(files) is bool(LISTS[page].columns)
    usual = [heading for one in LISTS[page].columns if one.usual for heading in (one.key, *one.also)]
    sheets = [list(csv.reader(io.StringIO(file))) for file in files]
    assert all(sheet[0] == usual and {len(row) for row in sheet} == {len(usual)} for sheet in sheets)
    assert page not in SEEDED or max(len(sheet) for sheet in sheets) > 1


def test_the_page_and_its_file_read_the_filters_in_one_way(admin: User, client: Client) -> None:
    asked = {
        "organisation": PlatformFactory(),
        "action": "bell.ring",
        "payload": "{}",
        "payload_digest": "0" * 64,
        "checked_with": "configure",
        "maker": admin,
        "made_at": now(),
        "expires_at": now() + timedelta(days=1),
    }
    ApprovalRequest.objects.create(**asked, summary="Still waits")
    ApprovalRequest.objects.create(**asked, summary="Taken back", state="cancelled", decided_at=now())
    for query, shown in (
        ("", ["Still waits"]),
        ("?state=", ["Still waits"]),
        ("?state=cancelled", ["Taken back"]),
        ("?state=nonsense", ["Taken back", "Still waits"]),
    ):
        page = client.get(reverse("accounts:approvals") + query).content.decode()
        file = client.get(reverse("accounts:list_csv", args=["accounts:approvals"]) + query).content.decode()
        assert re.findall("Still waits|Taken back", page) == shown
        assert re.findall("Still waits|Taken back", file) == shown


@pytest.mark.parametrize("page", ["accounts:people", "lending:loans", "lending:queue"])
def test_long_and_broken_words_are_searched_alike_on_the_page_and_in_its_file(page: str, client: Client) -> None:
    client.force_login(AdminFactory() if page.startswith("accounts") else OfficerFactory())
    words = "x" * 150 + "\0" + "x" * 150
    told = client.get(reverse(page), {"q": words}).content.decode()
    assert re.findall(r'name="q"[^>]*value="(x+)"', told)[0] == LISTS[page].kept(QueryDict(f"q={words}"))["q"]
    assert client.get(reverse("accounts:list_csv", args=[page]), {"q": words}).status_code == 200


def test_an_address_is_written_in_one_way_and_only_with_what_the_list_knows() -> None:
    assert PEOPLE.query(QueryDict("page=3&role=admin&q=%00&columns=joined")) == "role=admin&columns=who,joined"
    assert PEOPLE.query(QueryDict("columns=who,role,factor,sessions,standing")) == ""
    assert parse_qs(PEOPLE.query(QueryDict("q=" + "x" * 500)))["q"] == ["x" * 200]


def test_programs_of_a_person_keep_views_too(admin: User, client: Client) -> None:
    sent = {"page": "accounts:people", "name": "Officers", "query": f"role={Role.LOAN_OFFICER}&columns=role"}
    made = client.post("/api/v1/account/views", sent, content_type="application/json")

    assert made.status_code == 201
    assert made.json()["columns"] == ["who", "role"]
    assert made.json()["address"] == "/admin/people?role=loan_officer&columns=who,role"
    assert (
        client.post("/api/v1/account/views", {**sent, "page": "x"}, content_type="application/json").status_code == 404
    )
    listed = client.get("/api/v1/account/views?page=accounts:people").json()["results"]
    assert [view["name"] for view in listed] == ["Officers"]
    assert client.delete(f"/api/v1/account/views/{listed[0]['id']}").status_code == 204
    assert client.get("/api/v1/account/views").json()["results"] == []


def test_views_are_in_the_copy_of_ones_own_data_and_go_with_the_person(admin: User) -> None:
    save_view(page="accounts:people", name="Mine", query="q=a", by=admin, at=now())
    copied = data_requests.copy_of_own_data(by=admin, at=now())
    assert copied["views"] == [{"page": "accounts:people", "name": "Mine", "query": "q=a"}]
