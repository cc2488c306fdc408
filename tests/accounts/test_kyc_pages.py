"""Owners send papers and say who owns the business; a bank looks, reveals with a reason, and verifies."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings
from django.urls import reverse

from accounts import selectors, services
from accounts.models import (
    ApprovalRequest,
    AuditEntry,
    Business,
    KycDocument,
    KycProfile,
    Notification,
    OwnershipDeclaration,
    OwnershipParty,
    Reminder,
    User,
)
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OfficerFactory,
    RiskManagerFactory,
)
from tests.factories.kyc import KycProfileFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a paper"
ASHA, RAVI, HOLDING = "ABCPE1234F", "BCDPE2345G", "AAACH1234K"


@pytest.fixture(autouse=True)
def _uploads(tmp_path: object) -> object:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


@pytest.fixture
def owner() -> User:
    return MembershipFactory().user


@pytest.fixture
def business(owner: User) -> Business:
    return selectors.own_business(owner)


@pytest.fixture
def officer(business: Business) -> User:
    person = OfficerFactory()
    ConsentFactory(business=business, organisation=person.organisation)
    return person


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("paper.pdf", PDF)


def line(name: str, pan: str, percent: str | None, **more: object) -> dict[str, object]:
    kind = "person" if pan[3] == "P" else "entity"
    born = {"born_on": "1980-02-03"} if kind == "person" else {}
    return {"name": name, "kind": kind, "pan": pan, "percent": percent, **born, **more}


STRUCTURE = [
    line("Mill Holding", HOLDING, "60"),
    line("Meena Kulkarni", ASHA, "80", of=HOLDING),
    line("Ravi Iyer", RAVI, "12", of=HOLDING),
    line("Meena Kulkarni", ASHA, "35"),
]


def declared(owner: User, business: Business) -> OwnershipDeclaration:
    answer = signed_in(owner).post("/api/v1/kyc/owners", {"gstin": business.gstin, "holders": STRUCTURE})
    assert answer.status_code == 201, answer.json()
    return OwnershipDeclaration.objects.get(uuid=answer.json()["id"])


def sent(owner: User, *kinds: str) -> None:
    for kind in kinds:
        assert entered(owner).post("/owner/kyc", {"kind": kind, "paper": paper()}).status_code == 302


BASIC = ("pan_card", "registration", "address")


def accepted(officer: User) -> None:
    for one in KycDocument.objects.filter(state="waiting"):
        done = entered(officer).post(f"/kyc/papers/{one.uuid}/verdict", {"verdict": "accept"})
        assert done.status_code == 302


def test_papers_are_sent_accepted_and_make_the_basic_tier(owner: User, business: Business, officer: User) -> None:
    sent(owner, *BASIC)
    page = entered(officer).get("/kyc").content.decode()
    assert business.gstin in page
    early = entered(officer).post(f"/kyc/{business.uuid}/verify", {"risk": "low"})
    assert (early.status_code, "missing for the first tier" in early.content.decode()) == (422, True)
    accepted(officer)
    assert entered(officer).post(f"/kyc/{business.uuid}/verify", {"risk": "medium", "note": "Seen"}).status_code == 302
    found = selectors.kyc_of(business_id=business.pk, at=KycProfile.objects.get().verified_at)
    assert (found.tier, found.risk, found.is_good) == ("basic", "medium", True)
    assert "is verified" in entered(owner).get("/owner/kyc").content.decode()
    acts = set(AuditEntry.objects.filter(action__startswith="kyc").values_list("action", flat=True))
    assert acts == {"kyc.paper_added", "kyc.accepted", "kyc.verified"}


def test_a_refusal_says_why_and_the_owner_is_told(owner: User, business: Business, officer: User) -> None:
    sent(owner, "address")
    one = KycDocument.objects.get()
    desk = entered(officer)
    assert desk.post(f"/kyc/papers/{one.uuid}/verdict", {"verdict": "refuse"}).status_code == 422
    assert desk.post(f"/kyc/papers/{one.uuid}/verdict", {"verdict": "refuse", "note": "Too old"}).status_code == 302
    assert desk.post(f"/kyc/papers/{one.uuid}/verdict", {"verdict": "accept"}).status_code == 422
    assert "Too old" in Notification.objects.get(user=owner).text
    assert "Too old" in entered(owner).get("/owner/kyc").content.decode()


def test_a_file_that_is_no_paper_is_refused(owner: User) -> None:
    bad = SimpleUploadedFile("paper.pdf", b"<html>")
    answer = entered(owner).post("/owner/kyc", {"kind": "address", "paper": bad})
    assert (answer.status_code, "PDF, PNG or JPEG" in answer.content.decode()) == (422, True)


def test_owners_are_found_along_every_path_and_rest_sealed(owner: User, business: Business, officer: User) -> None:
    made = declared(owner, business)
    found = {row.party.pan: row for row in services_owners(made)}
    assert {pan: str(row.effective_percent) for pan, row in found.items()} == {ASHA: "83.00"}
    assert [path["percent"] for path in found[ASHA].paths] == ["48.00", "35.00"]
    raw = OwnershipParty.objects.filter(declaration=made).values_list("name", "pan", "born_on", "pan_index")
    assert all(text.startswith("gcm1$") for row in raw for text in row[:3] if text)
    assert all(row[3].startswith("bi1$") for row in raw)


def services_owners(made: OwnershipDeclaration) -> list[object]:
    return [party.beneficial_owner for party in made.parties.beneficial()]


def test_the_bank_sees_owners_covered_reveals_with_a_reason_and_finds_them_by_pan(
    owner: User, business: Business, officer: User
) -> None:
    made, desk = declared(owner, business), entered(officer)
    page = desk.get(f"/kyc/{business.uuid}").content.decode()
    assert ASHA not in page
    assert "Meena" not in page
    address = f"/kyc/{business.uuid}/owners/{made.uuid}"
    assert desk.post(f"{address}/reveal", {"reason": "why"}).status_code == 422
    shown = desk.post(f"{address}/reveal", {"reason": "Comparing with the deed of case 12"}).content.decode()
    assert (ASHA in shown, "Meena Kulkarni" in shown) == (True, True)
    entry = AuditEntry.objects.get(action="kyc.owners_revealed")
    assert entry.content["reason"] == "Comparing with the deed of case 12"
    assert desk.post(address, {"verdict": "accept"}).status_code == 302
    api = signed_in(officer)
    assert [row["gstin"] for row in api.post("/api/v1/kyc/owners/search", {"pan": ASHA.lower()}).json()] == [
        business.gstin
    ]
    assert signed_in(OfficerFactory()).post("/api/v1/kyc/owners/search", {"pan": ASHA}).json() == []


@pytest.mark.parametrize(
    ("holders", "sentence"),
    [
        ([line("Meena Kulkarni", ASHA, "60")], "40.00 % of the business lead to nobody"),
        ([line("Meena Kulkarni", "ABCPE123", "100")], "Line 1: This is no PAN"),
        ([line("Meena Kulkarni", HOLDING, "100", kind="person")], "kind and PAN disagree"),
        (
            [line("Meena Kulkarni", ASHA, "60"), line("Some One", ASHA, "40", of=HOLDING)],
            "stands for another name",
        ),
        ([line("Meena Kulkarni", ASHA, "60", of=RAVI)], "named in another line"),
        ([line("Listed Ltd", HOLDING, "100", kind="listed")], "Name the person who runs the business"),
        ([line("Meena Kulkarni", ASHA, "60"), line("Ravi Iyer", RAVI, "50")], "add up to more than 100"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused_with_its_line(
    owner: User, business: Business, holders: list[dict[str, object]], sentence: str
) -> None:
    answer = signed_in(owner).post("/api/v1/kyc/owners", {"gstin": business.gstin, "holders": holders})
    assert (answer.status_code, sentence in answer.json()["errors"][0]["message"]) == (422, True), answer.json()


def test_where_nobody_holds_enough_whoever_runs_it_is_the_owner(owner: User, business: Business) -> None:
    runs = line("Ravi Iyer", RAVI, None, manages=True)
    body = {"gstin": business.gstin, "holders": [line("Listed Ltd", HOLDING, "100", kind="listed"), runs]}
    assert signed_in(owner).post("/api/v1/kyc/owners", body).status_code == 201
    (only,) = services_owners(OwnershipDeclaration.objects.get())
    assert (only.by_control, only.party.pan) == (True, RAVI)


def test_a_proprietorship_belongs_to_the_pan_in_its_gstin(owner: User, business: Business) -> None:
    Business.register.filter(pk=business.pk).update(constitution="proprietorship")
    body = {"gstin": business.gstin, "holders": [line("Meena Kulkarni", ASHA, "100")]}
    answer = signed_in(owner).post("/api/v1/kyc/owners", body)
    assert "belongs to one person" in answer.json()["errors"][0]["message"]


def test_the_form_declares_without_any_script(owner: User, business: Business) -> None:
    client = entered(owner)
    assert client.get("/owner/kyc/owners").status_code == 200
    lines = {
        "line1-name": "Meena Kulkarni", "line1-kind": "person", "line1-pan": ASHA, "line1-born_on": "1980-02-03",
        "line1-percent": "100", "line2-kind": "person",
    }  # fmt: skip
    bad = client.post("/owner/kyc/owners", {**lines, "line1-pan": ""})
    assert (bad.status_code, "Line 1, PAN" in bad.content.decode()) == (422, True)
    assert client.post("/owner/kyc/owners", lines).status_code == 302
    assert "100.00 % directly" in client.get("/owner/kyc").content.decode()


def test_a_high_risk_takes_two_people(owner: User, business: Business, officer: User) -> None:
    sent(owner, *BASIC)
    accepted(officer)
    answer = signed_in(officer).post(f"/api/v1/kyc/{business.uuid}/verify", {"risk": "high"})
    assert answer.status_code == 202
    assert not KycProfile.objects.exists()
    asked = ApprovalRequest.objects.get(uuid=answer.json()["approval"])
    checker = RiskManagerFactory()
    services.approve_request(approval_id=asked.uuid, by=checker, at=asked.made_at + timedelta(minutes=5))
    made = KycProfile.objects.get()
    assert (made.risk, made.verified_by, made.second_by) == ("high", officer, checker)
    assert made.next_due.year == made.verified_at.year + 2


def test_the_desk_and_the_api_list_in_a_fixed_number_of_queries(
    officer: User, django_assert_max_num_queries: object
) -> None:
    for _ in range(5):
        ConsentFactory(business=KycProfileFactory().business, organisation=officer.organisation)
    client, api = entered(officer), signed_in(officer)
    with django_assert_max_num_queries(16):
        assert client.get("/kyc?show=all").status_code == 200
    with django_assert_max_num_queries(8):
        assert len(api.get("/api/v1/kyc").json()["results"]) == 6
    assert len(api.get("/api/v1/kyc?show=waiting").json()["results"]) == 0
    assert client.get("/kyc?show=due").status_code == 200


def test_another_bank_sees_nothing_of_it(owner: User, business: Business) -> None:
    sent(owner, "address")
    stranger, one = entered(OfficerFactory()), KycDocument.objects.get()
    assert stranger.get(f"/kyc/{business.uuid}").status_code == 404
    assert stranger.get(f"/kyc/papers/{one.uuid}").status_code == 404
    assert stranger.post(f"/kyc/papers/{one.uuid}/verdict", {"verdict": "accept"}).status_code == 404


def test_opening_a_paper_is_on_record(owner: User, business: Business, officer: User) -> None:
    sent(owner, "address")
    one = KycDocument.objects.get()
    assert b"".join(entered(officer).get(f"/kyc/papers/{one.uuid}").streaming_content) == PDF
    assert AuditEntry.objects.filter(action="kyc.paper_opened").count() == 1


def test_owners_hear_of_a_renewal_once_and_find_it_among_their_reminders(owner: User, business: Business) -> None:
    KycProfileFactory(business=business, next_due=date(2026, 12, 1))
    KycProfileFactory(next_due=date(2027, 6, 1))
    assert services.check_kyc(at=AT) == 1
    assert services.check_kyc(at=AT) == 0
    assert Reminder.objects.get().title == "Renew the identity check"
    assert services.check_kyc(at=AT + timedelta(days=40)) == 1
    assert "cannot take a new loan" in Notification.objects.order_by("pk").last().text


def test_the_page_of_one_business_is_read_by_its_own_people_through_the_api(owner: User, business: Business) -> None:
    sent(owner, "address")
    answer = signed_in(owner).get(f"/api/v1/kyc/{business.uuid}").json()
    assert (answer["standing"], answer["papers"][0]["kind"]) == ("waiting", "address")
    assert reverse("accounts:kyc") == "/owner/kyc"
    assert signed_in(owner).get(f"/api/v1/kyc/{BusinessFactory().uuid}").status_code == 404
