"""Pages and API of cases, disputes and reports: what is shown to whom, and what is never shown to an owner."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from rest_framework.test import APIClient

from accounts.models import Business, Membership, User
from creditiq.kernel.clock import IST
from fraud import selectors, services
from fraud.models import (
    Alert,
    Case,
    CaseState,
    Dispute,
    DisputeState,
    DisputeSubject,
    Finding,
    MonitoringReport,
    Ring,
    StrReport,
)
from tests.accounts.test_second_factor import switched
from tests.factories.accounts import OwnerFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration
PINNED = {"/risk/cases": 6, "/risk/disputes": 5, "/risk/monitoring": 5}
SECRETS = ("ring", "alert", "suspici", "str-0", "c-0", "case")


@pytest.fixture
def ring(town: Town) -> Ring:
    services.screen_population(as_of=town.end)
    return Ring.objects.get(members__business_id=town.keys[2], suspect=True)


@pytest.fixture
def second(principal_officer: User) -> User:
    return principal_officer


@pytest.fixture
def owner(ring: Ring, town: Town) -> User:
    person = OwnerFactory()
    Membership.objects.create(user=person, business=Business.objects.get(pk=town.keys[2]))
    return person


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def api_of(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_a_case_goes_from_ring_to_closed_on_the_pages(ring: Ring, risk_manager: User, second: User) -> None:
    mine, hers = client_of(risk_manager), client_of(second)
    assert "Open a case" in text_of(mine, f"/risk/rings/{ring.uuid}")
    opened = mine.post("/risk/cases", {"ring": str(ring.uuid)})
    case = Case.objects.get()
    assert opened.headers["Location"] == f"/risk/cases/{case.uuid}"
    acts = f"/risk/cases/{case.uuid}/acts"
    for form in (
        {"act": "assign", "to": str(risk_manager.uuid)},
        {"act": "note", "text": "Called the <b>transporter</b>."},
        {"act": "link", "target": str(ring.uuid), "why": "The ring itself"},
        {"act": "propose", "outcome": "confirmed", "finding": "No goods moved."},
    ):
        assert mine.post(acts, form).status_code == 302, form
    page = text_of(mine, f"/risk/cases/{case.uuid}")
    assert "A second person has to confirm it" in page
    assert "Called the &lt;b&gt;transporter" in page
    assert mine.post(acts, {"act": "agree"}).status_code == 403
    assert hers.post(acts, {"act": "agree"}).status_code == 302
    case.refresh_from_db()
    assert case.state == CaseState.CLOSED
    assert case.title in text_of(hers, "/risk/cases?share=closed")


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "note", "text": " "},
        {"act": "link", "target": "C-999999", "why": "x"},
        {"act": "snooze", "reason": "Waiting."},
        {"act": "propose", "finding": "Something was found here."},
        {"act": "assign", "to": "nobody"},
    ],
)
def test_an_incomplete_act_is_refused_and_keeps_what_was_typed(
    ring: Ring, risk_manager: User, form: dict[str, str]
) -> None:
    client = client_of(risk_manager)
    client.post("/risk/cases", {"ring": str(ring.uuid)})
    answer = client.post(f"/risk/cases/{Case.objects.get().uuid}/acts", form)
    assert answer.status_code == 422
    assert form.get("finding", "") in answer.content.decode()


def test_take_next_opens_a_case_and_says_when_nothing_waits(ring: Ring, risk_manager: User) -> None:
    Alert.objects.filter(ring=None).delete()
    client = client_of(risk_manager)
    assert client.post("/risk/cases/next").headers["Location"] == f"/risk/cases/{Case.objects.get().uuid}"
    again = client.post("/risk/cases/next", follow=True)
    assert "Nothing waits" in again.content.decode()
    assert "Nothing in this tab" in text_of(client, "/risk/cases?share=late")


def test_a_report_is_drafted_edited_and_filed_on_the_pages(ring: Ring, risk_manager: User, second: User) -> None:
    mine, hers = client_of(risk_manager), client_of(second)
    mine.post("/risk/cases", {"ring": str(ring.uuid)})
    drafted = mine.post(f"/risk/cases/{Case.objects.get().uuid}/acts", {"act": "draft"})
    report = StrReport.objects.get()
    assert drafted.headers["Location"] == f"/risk/reports/{report.uuid}"
    address = f"/risk/reports/{report.uuid}"
    assert "a second person has to file it" in text_of(mine, address)
    refused = mine.post(f"{address}/acts", {"act": "edit", "grounds": "An invented sentence 424242. [F1]"})
    assert refused.status_code == 422
    assert "424242" in refused.content.decode()
    assert mine.post(f"{address}/acts", {"act": "file"}).status_code == 403
    assert hers.get(f"{address}.xml").status_code == 409
    with switched(ENABLE_STEP_UP=True):
        assert hers.post(f"{address}/acts", {"act": "file"}).headers["Location"].startswith("/account/confirm")
    assert hers.get(f"{address}.xml").status_code == 409
    assert hers.post(f"{address}/acts", {"act": "file"}).status_code == 302
    assert hers.get(f"{address}.xml").headers["Content-Type"] == "application/xml"
    assert hers.get(f"{address}.pdf").content.startswith(b"%PDF-")
    assert "goAML XML" in text_of(hers, address)


def test_an_owner_opens_a_dispute_and_hears_the_outcome(owner: User, ring: Ring, risk_manager: User) -> None:
    own, staff = client_of(owner), client_of(risk_manager)
    assert "You dispute nothing" in text_of(own, "/owner/disputes")
    assert "Contracts" in own.post("/owner/disputes/new", {"text": "Contracts."}).content.decode()
    paper = SimpleUploadedFile("contract.pdf", b"%PDF-1.7 a contract")
    form = {"subject": "flag", "text": "These are real sales.", "documents": paper}
    made = own.post("/owner/disputes/new", form)
    dispute = Dispute.objects.get()
    assert made.headers["Location"] == f"/owner/disputes/{dispute.uuid}"
    page = text_of(staff, f"/risk/disputes/{dispute.uuid}")
    assert "These are real sales." in page
    file = re.search(r"/risk/disputes/files/[0-9a-f-]+", page)
    assert file
    sent = staff.get(file[0])
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 a contract"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    acts = f"/risk/disputes/{dispute.uuid}/acts"
    assert staff.post(acts, {"act": "ask", "question": "Whose lorry?"}).status_code == 302
    assert "Whose lorry?" in text_of(own, f"/owner/disputes/{dispute.uuid}")
    replies = f"/owner/disputes/{dispute.uuid}/replies"
    assert own.post(replies, {"act": "reply", "text": "Ours."}).status_code == 302
    assert staff.post(acts, {"act": "uphold", "outcome": " "}).status_code == 422
    assert staff.post(acts, {"act": "uphold", "outcome": "Goods seen."}).status_code == 302
    dispute.refresh_from_db()
    assert dispute.state == DisputeState.UPHELD
    assert "Goods seen." in text_of(own, f"/owner/disputes/{dispute.uuid}")
    assert own.post(replies, {"act": "reply", "text": "Thanks."}).status_code == 409


def test_nobody_is_tipped_off(owner: User, ring: Ring, town: Town, risk_manager: User) -> None:
    """Page and API of the owner carry no word of ring, alert, case or report, and no name of who looks."""
    statement = services.Statement(DisputeSubject.FLAG, "", "These are real sales.")
    business = Business.objects.get(pk=town.keys[2])
    dispute = services.open_dispute(business=business, statement=statement, by=owner, at=town.end)
    case = services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    services.draft_report(case_id=case.uuid, by=risk_manager, at=town.end)
    services.assign_dispute(dispute_id=dispute.uuid, to=risk_manager.uuid, by=risk_manager, at=town.end)
    services.ask_owner(dispute_id=dispute.uuid, question="Whose lorry?", by=risk_manager, at=town.end)
    own = client_of(owner)
    main = re.search(r"<main.*?</main>", text_of(own, f"/owner/disputes/{dispute.uuid}"), re.DOTALL)
    assert main
    visible = re.sub(r"<[^>]+>", " ", main[0]).lower()
    told = api_of(owner).get(f"/api/v1/fraud/disputes/{dispute.uuid}").content.decode().lower()
    for text in (visible, told):
        assert not [word for word in SECRETS if re.search(rf"\b{word}", text)]
        assert risk_manager.get_full_name().lower() not in text.replace(owner.get_full_name().lower(), "")
    for address in (f"/risk/cases/{case.uuid}", "/risk/cases", f"/risk/reports/{StrReport.objects.get().uuid}"):
        assert own.get(address).status_code == 403


def test_monitoring_is_page_csv_and_pdf(ring: Ring, town: Town, risk_manager: User) -> None:
    client = client_of(risk_manager)
    assert "No monitoring report yet" in text_of(client, "/risk/monitoring")
    assert client.post("/risk/monitoring", {"since": "2026-12-01", "until": "2026-01-01"}).status_code == 422
    last = town.end.astimezone(IST).date()
    client.post("/risk/monitoring", {"since": last - timedelta(days=30), "until": last})
    report = MonitoringReport.objects.get()
    address = f"/risk/monitoring/{report.uuid}"
    assert str(report.uuid) in text_of(client, address)
    assert str(report.uuid) in text_of(client, f"{address}.csv")
    assert client.get(f"{address}.pdf").content.startswith(b"%PDF-")
    assert report.organisation.name in text_of(client, "/risk/monitoring")


def test_the_papers_of_a_business_show_both_pictures(ring: Ring, town: Town, risk_manager: User) -> None:
    business = Business.objects.get(pk=town.keys[2])
    page = text_of(client_of(risk_manager), f"/risk/businesses/{business.uuid}/papers")
    assert "z-score" in page
    assert 'id="gap"' in page


def test_the_api_works_a_case_and_a_dispute(
    ring: Ring, owner: User, town: Town, risk_manager: User, second: User
) -> None:
    api, other, own = api_of(risk_manager), api_of(second), api_of(owner)
    made = api.post("/api/v1/fraud/cases", {"ring": str(ring.uuid)}, format="json")
    assert made.status_code == 201
    acts = f"/api/v1/fraud/cases/{made.json()['id']}/acts"
    until = (town.end + timedelta(days=900)).isoformat()
    for act in (
        {"act": "take"}, {"act": "note", "text": "Seen."}, {"act": "snooze", "until": until, "text": "Wait."},
        {"act": "link", "target": str(ring.uuid), "text": "Same"},
        {"act": "propose", "outcome": "unfounded", "text": "Goods seen."},
    ):  # fmt: skip
        assert api.post(acts, act, format="json").status_code == 200, act
    assert api.post(acts, {"act": "snooze"}, format="json").status_code == 422
    assert api.post(acts, {"act": "agree"}, format="json").status_code == 403
    assert other.post(acts, {"act": "return", "text": "Look again."}, format="json").json()["state"] == "open"
    detail = api.get(f"/api/v1/fraud/cases/{made.json()['id']}").json()
    assert detail["events"][0]["act"] == "returned"
    assert api.get("/api/v1/fraud/cases").json()["results"][0]["id"] == made.json()["id"]
    opened = own.post("/api/v1/fraud/disputes", {"subject": "flag", "text": "Real sales."}, format="json")
    assert opened.status_code == 201
    address = f"/api/v1/fraud/disputes/{opened.json()['id']}"
    assert api.post(f"{address}/acts", {"act": "ask", "text": "Why?"}, format="json").json()["state"] == "asked"
    assert own.post(f"{address}/replies", {"act": "reply", "text": "So."}, format="json").json()["state"] == "open"
    assert [turn["text"] for turn in own.get(address).json()["thread"]] == ["Real sales.", "Why?", "So."]
    assert api.post(f"{address}/acts", {"act": "take"}, format="json").status_code == 200
    assert api.post(f"{address}/acts", {"act": "reject", "text": "No goods."}, format="json").status_code == 200
    assert own.get("/api/v1/fraud/disputes").json()["results"][0]["state"] == "rejected"


def test_the_api_tells_reports_and_papers(ring: Ring, town: Town, risk_manager: User, second: User) -> None:
    api, other = api_of(risk_manager), api_of(second)
    case = services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)
    made = api.post("/api/v1/fraud/str", {"case": str(case.uuid)}, format="json")
    assert made.status_code == 201
    address = f"/api/v1/fraud/str/{made.json()['id']}"
    detail = api.get(address).json()
    assert all(sentence["evidence"] for sentence in detail["grounds"])
    assert api.post(f"{address}/acts", {"act": "edit", "grounds": "x"}, format="json").status_code == 422
    assert api.post(f"{address}/acts", {"act": "file"}, format="json").status_code == 403
    assert other.post(f"{address}/acts", {"act": "file"}, format="json").json()["state"] == "filed"
    assert api.get("/api/v1/fraud/str").json()["results"][0]["xml_sha256"]
    business = Business.objects.get(pk=town.keys[2])
    bills = api.get("/api/v1/fraud/ewb-distribution", {"business": str(business.uuid)}).json()
    assert bills["bins"][0]["value_from"] == 20_000
    gap = api.get("/api/v1/fraud/receivables-gap", {"business": str(business.uuid)}).json()
    assert len(gap["months"]) == 12
    last = town.end.astimezone(IST).date()
    period = {"since": str(last - timedelta(days=9)), "until": str(last)}
    frozen = api.post("/api/v1/fraud/monitoring", period, format="json")
    assert frozen.status_code == 201
    same = api.get(f"/api/v1/fraud/monitoring/{frozen.json()['id']}").json()
    assert same["figures"] == frozen.json()["figures"]
    assert api.get("/api/v1/fraud/monitoring").json()["results"][0]["id"] == frozen.json()["id"]


def test_an_alert_about_a_business_shows_its_numbers_and_rows(ring: Ring, town: Town, risk_manager: User) -> None:
    business = Business.objects.get(pk=town.keys[0])
    rows = [{"kind": "eway_bills", "key": "181000000001"}]
    Finding.objects.create(
        business=business, typology="structuring", severity="high", score=0.8, figures={"share": 0.41}, rows=rows,
        digest="d", found_at=town.end,
    )  # fmt: skip
    alert = Alert.objects.create(business=business, topic="structuring", severity="high", opened_at=town.end)
    client = client_of(risk_manager)
    assert business.trade_name in text_of(client, "/risk/alerts").replace("&amp;", "&").replace("&#x27;", "'")
    page = text_of(client, f"/risk/alerts/{alert.uuid}")
    assert "181000000001" in page
    assert "0.41" in page
    text_of(client, f"/risk/alerts/{Alert.objects.get(ring=ring).uuid}", 404)
    client.post("/risk/cases", {"business": str(business.uuid)})
    assert Case.objects.get(business=business).alert == alert
    listed = api_of(risk_manager).get("/api/v1/fraud/alerts").json()["results"]
    assert {row["topic"] for row in listed} >= {"", "structuring"}


@pytest.mark.parametrize("address", sorted(PINNED))
def test_a_list_asks_the_database_a_fixed_number_of_times(
    address: str, ring: Ring, town: Town, risk_manager: User, django_assert_num_queries
) -> None:
    for key in (0, 1, 3):
        business = Business.objects.get(pk=town.keys[key])
        services.open_case(about=services.About(business_id=business.uuid), by=risk_manager, at=town.end)
    client = client_of(risk_manager)
    client.get(address)
    with django_assert_num_queries(PINNED[address]):
        client.get(address)
    assert selectors.case_queue(user=risk_manager, at=town.end).open == 3
