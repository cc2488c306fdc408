"""What is past its time goes after a dry run, a notice and two people; what a law holds stays, the trail verifies."""

from datetime import date, timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.test import Client, override_settings

from accounts import audit, services
from accounts.engine.retention import in_force, schedule
from accounts.models import (
    ApprovalRequest,
    AuditEntry,
    Business,
    Claim,
    KycDocument,
    Mail,
    Membership,
    Notification,
    OwnershipDeclaration,
    OwnershipParty,
    RetentionRun,
    User,
)
from accounts.services.retained import ENDINGS
from creditiq.kernel.errors import Forbidden
from tests.accounts.conftest import signed_in
from tests.factories.accounts import (
    AT,
    AdminFactory,
    BusinessFactory,
    ConsentFactory,
    MembershipFactory,
    OwnerFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
OLD = AT - timedelta(days=400)
AFTER_NOTICE = AT + timedelta(hours=48)


@pytest.fixture(autouse=True)
def _uploads(tmp_path: object) -> object:
    with override_settings(MEDIA_ROOT=tmp_path):
        yield


def letter(sent_at: object) -> Mail:
    return Mail.objects.create(to="a@people.example", subject="s", text="t", written_at=OLD, sent_at=sent_at)


def read_news(user: User, business: Business) -> Notification:
    words = {"topic": "t", "title": "t", "text": "t", "source": f"s{business.pk}"}
    return Notification.objects.create(user=user, business=business, happened_at=OLD, read_at=OLD, **words)


def released(run: RetentionRun) -> RetentionRun:
    services.propose_release(run_id=run.uuid, by=AdminFactory(), at=AFTER_NOTICE)
    asked = ApprovalRequest.objects.get(action="retention.release")
    services.approve_request(approval_id=asked.uuid, by=AdminFactory(), at=AFTER_NOTICE)
    run.refresh_from_db()
    return run


def test_a_dry_run_counts_and_changes_nothing() -> None:
    letter(OLD)
    letter(AT)
    letter(None)
    run = services.plan_retention(at=AT)
    counts = {row["kind"]: (row["due"], row["held"]) for row in run.rows}
    assert (counts["letters"], run.due, Mail.objects.count()) == ((1, 0), 1, 3)


def test_two_people_release_it_after_the_notice_and_the_chain_verifies() -> None:
    letter(OLD)
    young = letter(AT)
    run, admin = services.plan_retention(at=AT), AdminFactory()
    with pytest.raises(services.UnableToRelease, match="Notice runs until"):
        services.propose_release(run_id=run.uuid, by=admin, at=AT)
    services.propose_release(run_id=run.uuid, by=admin, at=AFTER_NOTICE)
    asked = ApprovalRequest.objects.get()
    with pytest.raises(Forbidden):
        services.approve_request(approval_id=asked.uuid, by=admin, at=AFTER_NOTICE)
    services.approve_request(approval_id=asked.uuid, by=AdminFactory(), at=AFTER_NOTICE)
    run.refresh_from_db()
    assert (run.forgotten["letters"], list(Mail.objects.all())) == (1, [young])
    assert AuditEntry.objects.filter(action="retention.released").count() == 1
    assert audit.verify_chain().ok
    with pytest.raises(services.UnableToRelease, match="released already"):
        services.propose_release(run_id=run.uuid, by=admin, at=AFTER_NOTICE)


def test_what_came_due_after_the_dry_run_waits_for_the_next() -> None:
    letter(OLD)
    edge = letter(AT - timedelta(days=364))
    assert released(services.plan_retention(at=AT)).forgotten["letters"] == 1
    assert Mail.objects.get() == edge


def test_a_law_that_holds_a_business_keeps_its_records_even_when_it_came_later() -> None:
    held, free, user = BusinessFactory(), BusinessFactory(), UserFactory()
    kept = read_news(user, held)
    read_news(user, free)
    run = services.plan_retention(at=AT)
    with transaction.atomic():
        terms = {"source": "pmla", "reason": "PMLA", "until": date(2030, 1, 1)}
        services.hold_for_law(business_id=held.pk, at=AT, **terms)
    assert released(run).forgotten["notifications"] == 1
    assert Notification.objects.get() == kept
    again = services.plan_retention(at=AFTER_NOTICE)
    assert next(row for row in again.rows if row["kind"] == "notifications")["held"] == 1


def paper(business: Business, state: str) -> KycDocument:
    sender, judge = OwnerFactory(), UserFactory()
    made = KycDocument(business=business, kind="address", sha256="0" * 64, made_at=OLD, made_by=sender, state=state)
    made.judged_at, made.judged_by = OLD, judge
    made.file.save("paper.pdf", ContentFile(b"%PDF-"), save=False)
    made.save()
    return made


def test_files_go_with_their_records(django_capture_on_commit_callbacks: object) -> None:
    refused, business = paper(BusinessFactory(), "refused"), BusinessFactory()
    claim = Claim(claimant=UserFactory(), business=business, proof="certificate", status="refused", made_at=OLD)
    claim.decided_at = OLD
    claim.certificate.save("c.pdf", ContentFile(b"%PDF-"), save=False)
    claim.save()
    storage, names = refused.file.storage, (refused.file.name, claim.certificate.name)
    with django_capture_on_commit_callbacks(execute=True):
        run = released(services.plan_retention(at=AT))
    assert (run.forgotten["refused_papers"], run.forgotten["certificates"]) == (1, 1)
    assert [storage.exists(name) for name in names] == [False, False]
    claim.refresh_from_db()
    assert not claim.certificate


def test_a_replaced_paper_that_was_accepted_is_no_refused_one() -> None:
    accepted, refused = paper(BusinessFactory(), "replaced"), paper(BusinessFactory(), "refused")
    never_judged = paper(BusinessFactory(), "replaced")
    KycDocument.objects.filter(pk=never_judged.pk).update(judged_at=None, judged_by=None)
    due = set(ENDINGS["refused_papers"].due(AT))
    assert due == {refused, never_judged}
    assert accepted not in due


def declared(business: Business, at: object) -> OwnershipParty:
    made = OwnershipDeclaration.objects.create(business=business, owner_above=10, made_at=at, made_by=OwnerFactory())
    return OwnershipParty.objects.create(declaration=made, number=1, kind="person", name="Meena", pan="ABCPE1234F")


def test_owners_are_shredded_five_years_after_the_relationship_and_not_before() -> None:
    long_ago = AT - timedelta(days=2000)
    over, running = declared(BusinessFactory(), long_ago), declared(BusinessFactory(), long_ago)
    ConsentFactory(business=running.declaration.business)
    assert released(services.plan_retention(at=AT)).forgotten["kyc"] == 1
    gone, there = OwnershipParty.objects.get(pk=over.pk), OwnershipParty.objects.get(pk=running.pk)
    assert (gone.name, gone.pan, gone.pan_index) == ("", "", "")
    assert there.name == "Meena"
    assert list(OwnershipParty.objects.with_pan("ABCPE1234F")) == [there]


def test_owners_stay_while_somebody_left_only_lately_or_a_law_holds_them() -> None:
    long_ago = AT - timedelta(days=2000)
    left, gone_long, held = (declared(BusinessFactory(), long_ago) for _ in range(3))
    for party, at in ((left, AT), (gone_long, long_ago)):
        heir, leaver = (MembershipFactory(business=party.declaration.business).user for _ in range(2))
        services.leave_business(business=party.declaration.business, by=leaver, at=at)
        Membership.objects.filter(user=heir).delete()
    with transaction.atomic():
        terms = {"source": "loan:1", "reason": "PMLA s.12", "until": date(2030, 1, 1)}
        services.hold_for_law(business_id=held.declaration.business_id, at=AT, **terms)
    due = ENDINGS["kyc"].due(AT - timedelta(days=1826))
    assert set(due) == {gone_long, held}
    assert set(ENDINGS["kyc"].held(due, AT.date())) == {held}


def test_a_release_before_the_notice_is_refused_by_the_database_too() -> None:
    run = services.plan_retention(at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        RetentionRun.objects.filter(pk=run.pk).update(released_at=AT, forgotten={})


def test_every_kind_of_the_schedule_ends_or_says_that_it_is_kept() -> None:
    kinds = {row.kind: row.kept for row in schedule()}
    assert {kind for kind, kept in kinds.items() if not kept} == set(ENDINGS)
    assert any(not row.confirmed for row in in_force(date(2026, 11, 1)))


def test_the_page_and_the_api_say_the_same(django_assert_max_num_queries: object) -> None:
    letter(OLD)
    admin, client = AdminFactory(), Client()
    client.force_login(admin)
    assert client.post("/admin/retention", {"step": "plan"}).status_code == 302
    with django_assert_max_num_queries(14):
        page = client.get("/admin/retention").content.decode()
    assert "1 record" in page
    answer = signed_in(admin).get("/api/v1/retention").json()
    assert (answer["runs"][0]["due"], len(answer["schedule"])) == (1, len(schedule()))
    run = answer["runs"][0]["id"]
    early = client.post("/admin/retention", {"step": "release", "run": run})
    assert (early.status_code, "Notice runs until" in early.content.decode()) == (422, True)
    assert signed_in(admin).post(f"/api/v1/retention/runs/{run}/release").status_code == 409
    assert signed_in(admin).post("/api/v1/retention/runs").status_code == 201
