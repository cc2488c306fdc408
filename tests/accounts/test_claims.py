"""A business is claimed with proof, shared with colleagues, disputed and handed over."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from accounts.models import Business, Claim, ClaimStatus, Invitation, Mail, Membership, Role, User
from creditiq.kernel.models import Delivery
from tests.accounts.conftest import signed_in
from tests.factories.accounts import AdminFactory, BusinessFactory, MembershipFactory, OfficerFactory, UserFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 a certificate"


@pytest.fixture(autouse=True)
def _uploads(tmp_path: object) -> object:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def entered(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def code_of(business: Business) -> str:
    text = Mail.objects.filter(to__startswith=business.gstin.lower()).latest("pk").text
    return re.search(r": (\d{6})", text)[1]


def test_the_code_of_the_registered_contact_links_the_business_and_nothing_shows_before() -> None:
    user, business = UserFactory(), BusinessFactory()
    client = entered(user)
    claimed = client.post("/owner/claim", {"identifier": business.pan.lower()})
    address = claimed.headers["Location"]
    assert client.get("/owner").status_code == 403
    assert not Business.objects.visible_to(user).exists()
    wrong = "000000" if code_of(business) != "000000" else "111111"
    assert client.post(address, {"code": wrong}).status_code == 422
    assert client.post(address, {"code": code_of(business)}).status_code == 302
    user.refresh_from_db()
    assert user.role == Role.MSME_OWNER
    assert list(Business.objects.visible_to(user)) == [business]
    assert not Claim.objects.filter(code_digest__contains=code_of(business)).exists()


def test_five_wrong_codes_end_the_claim_and_a_new_one_gets_a_new_code() -> None:
    user, business = UserFactory(), BusinessFactory()
    api = signed_in(user)
    claim = api.post("/api/v1/claims", {"identifier": business.gstin}).json()
    right = code_of(business)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        assert api.post(f"/api/v1/claims/{claim['id']}/prove", {"code": wrong}).status_code == 422
    assert api.post(f"/api/v1/claims/{claim['id']}/prove", {"code": right}).status_code == 409
    again = api.post("/api/v1/claims", {"identifier": business.gstin})
    assert again.status_code == 201
    assert api.post(f"/api/v1/claims/{again.json()['id']}/prove", {"code": code_of(business)}).status_code == 200


def test_a_claim_is_proved_by_its_claimant_only() -> None:
    business = BusinessFactory()
    claim = signed_in(UserFactory()).post("/api/v1/claims", {"identifier": business.gstin}).json()
    other = signed_in(UserFactory())
    assert other.post(f"/api/v1/claims/{claim['id']}/prove", {"code": code_of(business)}).status_code == 404


def test_staff_claim_nothing_and_an_unknown_number_is_named() -> None:
    assert signed_in(OfficerFactory()).post("/api/v1/claims", {"identifier": "X"}).status_code == 403
    unknown = signed_in(UserFactory()).post("/api/v1/claims", {"identifier": "29AAACZ9999K1ZZ"})
    assert unknown.json()["errors"][0] == {
        "field": "identifier",
        "message": "We know no business by this number. Check it letter by letter; a GSTIN has 15, a PAN 10.",
        "rule": "business.unknown",
    }


def test_five_claims_a_day_are_enough() -> None:
    api = signed_in(UserFactory())
    statuses = [api.post("/api/v1/claims", {"identifier": BusinessFactory().gstin}).status_code for _ in range(6)]
    assert statuses == [201, 201, 201, 201, 201, 409]


def test_a_certificate_waits_for_a_second_person() -> None:
    user, admin, business = UserFactory(), AdminFactory(), BusinessFactory()
    client = entered(user)
    bad = SimpleUploadedFile("certificate.pdf", b"<html>not a certificate")
    assert client.post("/owner/claim", {"identifier": business.gstin, "certificate": bad}).status_code == 422
    good = SimpleUploadedFile("certificate.pdf", PDF)
    assert client.post("/owner/claim", {"identifier": business.gstin, "certificate": good}).status_code == 302
    claim = Claim.objects.get()
    assert not Membership.objects.exists()
    desk = entered(admin)
    assert business.gstin in desk.get("/admin/claims").content.decode()
    assert b"".join(desk.get(f"/admin/claims/{claim.uuid}/certificate").streaming_content) == PDF
    assert desk.post(f"/admin/claims/{claim.uuid}", {"verdict": "grant"}).status_code == 422
    assert desk.post(f"/admin/claims/{claim.uuid}", {"verdict": "grant", "note": "Matches"}).status_code == 302
    assert Membership.objects.filter(user=user, business=business).exists()
    assert desk.get(f"/admin/claims/{claim.uuid}").status_code == 404


def test_a_disputed_claim_shuts_the_newcomer_out_until_somebody_decides() -> None:
    owner, newcomer = MembershipFactory(), UserFactory()
    business = owner.business
    claim = signed_in(newcomer).post("/api/v1/claims", {"identifier": business.gstin}).json()
    proved = signed_in(newcomer).post(f"/api/v1/claims/{claim['id']}/prove", {"code": code_of(business)})
    assert proved.status_code == 200
    client = entered(owner.user)
    assert newcomer.get_full_name() in client.get("/owner/people").content.decode()
    stranger = entered(MembershipFactory().user)
    assert stranger.post(f"/owner/claims/{claim['id']}/dispute", {"note": "Not mine"}).status_code == 404
    assert client.post(f"/owner/claims/{claim['id']}/dispute", {"note": "Unknown to us"}).status_code == 302
    newcomer.refresh_from_db()
    assert not Business.objects.visible_to(newcomer).exists()
    waiting = Delivery.objects.filter(task="fraud.tasks.open_case_of_claim")
    assert waiting.count() == 1
    desk = entered(AdminFactory())
    assert desk.post(f"/admin/claims/{claim['id']}", {"verdict": "refuse", "note": "No proof"}).status_code == 302
    assert Claim.objects.get().status == ClaimStatus.REFUSED


def test_a_colleague_joins_by_letter_with_that_address_only_and_takes_over() -> None:
    owner, colleague = MembershipFactory(), UserFactory(email="asha@shop.example")
    client = entered(owner.user)
    assert client.post("/owner/people/leave", {"heir": colleague.uuid}).status_code == 409
    assert client.post("/owner/people/invite", {"email": "Asha@Shop.example"}).status_code == 302
    address = "/" + re.search(r"https?://[^/]+/(account/invitations/\S+)", Mail.objects.latest("pk").text)[1]
    assert entered(UserFactory()).post(address).status_code == 409
    assert entered(colleague).post(address).status_code == 302
    assert entered(colleague).post(address).status_code == 409
    assert client.post("/owner/people/leave", {"heir": UserFactory().uuid}).status_code == 404
    assert client.post("/owner/people/leave", {"heir": colleague.uuid}).status_code == 302
    owner.user.refresh_from_db()
    assert owner.user.role == Role.INDIVIDUAL
    assert [member.user for member in Membership.objects.filter(business=owner.business)] == [colleague]


def test_an_invitation_can_be_taken_back_by_its_business_only() -> None:
    owner = MembershipFactory()
    client = entered(owner.user)
    client.post("/owner/people/invite", {"email": "asha@shop.example"})
    invitation = Invitation.objects.get()
    address = f"/owner/people/invitations/{invitation.uuid}/withdraw"
    assert entered(MembershipFactory().user).post(address).status_code == 404
    assert client.post(address).status_code == 302
    assert client.post(address).status_code == 404


def test_programs_invite_withdraw_hand_over_and_dispute(django_assert_max_num_queries: object) -> None:
    owner, colleague = MembershipFactory(), UserFactory(email="asha@shop.example")
    api = signed_in(owner.user)
    made = api.post("/api/v1/members/invitations", {"email": "asha@shop.example"})
    assert made.status_code == 201
    with django_assert_max_num_queries(9):
        page = api.get("/api/v1/members").json()
    assert ([one["email"] for one in page["members"]], len(page["invitations"])) == ([owner.user.email], 1)
    assert api.delete(f"/api/v1/members/invitations/{made.json()['id']}").status_code == 204
    assert api.delete(f"/api/v1/members/invitations/{made.json()['id']}").status_code == 404
    newcomer = signed_in(colleague)
    assert newcomer.get("/api/v1/members").json()["business"] is None
    claim = newcomer.post("/api/v1/claims", {"identifier": owner.business.gstin}).json()["id"]
    assert api.post(f"/api/v1/claims/{claim}/dispute", {"note": "Unknown to us"}).json()["status"] == "disputed"
    assert api.post("/api/v1/members/leave", {"heir": str(colleague.uuid)}).status_code == 409
    MembershipFactory(user=colleague, business=owner.business)
    assert api.post("/api/v1/members/leave", {"heir": str(colleague.uuid)}).status_code == 204
