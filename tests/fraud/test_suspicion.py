"""Suspicious-transaction reports: facts only, two people, frozen once filed."""

import io

import pypdf
import pytest
from django.db import IntegrityError, InternalError, transaction

from accounts.models import AuditEntry, Business, User
from creditiq.kernel.errors import Forbidden, InvalidInput, NotVisible
from fraud import selectors, services
from fraud.engine.goaml import check
from fraud.models import Case, Cycle, Ring, StrReport, StrState
from tests.factories.accounts import BankFactory, UserFactory
from tests.fraud.conftest import Town

pytestmark = pytest.mark.integration


@pytest.fixture
def second(principal_officer: User) -> User:
    return principal_officer


@pytest.fixture
def case(town: Town, risk_manager: User) -> Case:
    services.screen_population(as_of=town.end)
    ring = Ring.objects.get(members__business_id=town.keys[2], suspect=True)
    return services.open_case(about=services.About(ring_id=ring.uuid), by=risk_manager, at=town.end)


@pytest.fixture
def draft(case: Case, town: Town, risk_manager: User) -> StrReport:
    return services.draft_report(case_id=case.uuid, by=risk_manager, at=town.end)


def test_every_sentence_carries_ids_of_stored_rows(draft: StrReport, case: Case) -> None:
    ids = {row["id"] for row in (*draft.annex["facts"], *draft.annex["transactions"])}
    assert draft.grounds
    assert all(sentence["evidence"] and set(sentence["evidence"]) <= ids for sentence in draft.grounds)
    assert case.ring is not None
    stored = {
        edge["reference"]
        for edges in Cycle.objects.filter(pk__in=case.ring.evidence).values_list("edges", flat=True)
        for edge in edges
    }
    assert {row["reference"] for row in draft.annex["transactions"]} <= stored


def test_the_text_of_a_draft_passes_its_own_check(draft: StrReport, town: Town, risk_manager: User) -> None:
    view = selectors.str_view(user=risk_manager, report_id=draft.uuid)
    same = services.edit_grounds(report_id=draft.uuid, text=view.text, by=risk_manager, at=town.end)
    assert same.grounds == draft.grounds
    assert not same.edits.exists()


@pytest.mark.parametrize(
    "text", ["", "Money went round.", "Money went round. [T9999]", "Money went round 987654 times. [F1]"]
)
def test_a_sentence_without_evidence_is_refused_by_its_line(
    draft: StrReport, town: Town, risk_manager: User, text: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        services.edit_grounds(report_id=draft.uuid, text=text, by=risk_manager, at=town.end)
    assert refused.value.field == "grounds"


def test_what_stood_before_an_edit_is_kept(draft: StrReport, town: Town, risk_manager: User) -> None:
    services.edit_grounds(report_id=draft.uuid, text="Money went round. [F1, T1]", by=risk_manager, at=town.end)
    edit = draft.edits.get()
    assert edit.before == draft.grounds
    assert edit.after == [{"text": "Money went round.", "evidence": ["F1", "T1"]}]
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        draft.edits.update(after=[])


def test_the_drafter_and_whoever_edited_may_not_file(
    draft: StrReport, town: Town, risk_manager: User, second: User
) -> None:
    with pytest.raises(Forbidden):
        services.file_report(report_id=draft.uuid, by=risk_manager, at=town.end)
    services.edit_grounds(report_id=draft.uuid, text="Money went round. [F1]", by=second, at=town.end)
    services.edit_grounds(report_id=draft.uuid, text="It went round. [F1]", by=risk_manager, at=town.end)
    with pytest.raises(Forbidden):
        services.file_report(report_id=draft.uuid, by=second, at=town.end)
    alone = {"state": StrState.FILED, "filed_by": risk_manager, "filed_at": town.end, "xml": "<report/>"}
    with pytest.raises(IntegrityError, match="str_drafter_is_not_filer"), transaction.atomic():
        StrReport.objects.filter(pk=draft.pk).update(**alone)


def test_a_filed_report_is_valid_goaml_and_never_changes(
    draft: StrReport, town: Town, risk_manager: User, second: User
) -> None:
    with pytest.raises(services.UnableToReport):
        services.export_xml(report_id=draft.uuid, by=second, at=town.end)
    filed = services.file_report(report_id=draft.uuid, by=second, at=town.end)
    text = services.export_xml(report_id=draft.uuid, by=second, at=town.end)
    check(text)
    assert text.count("<transaction>") == len(draft.annex["transactions"])
    with pytest.raises(services.UnableToReport):
        services.edit_grounds(report_id=draft.uuid, text="x [F1]", by=risk_manager, at=town.end)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        StrReport.objects.filter(pk=filed.pk).update(grounds=[])
    assert AuditEntry.objects.filter(action="str.filed", actor=second).count() == 1
    assert AuditEntry.objects.filter(action="str.exported", actor=second).count() == 1


def test_only_the_principal_officer_files_and_codes_are_explained(draft: StrReport, town: Town, second: User) -> None:
    colleague = UserFactory(role="risk_manager")
    with pytest.raises(Forbidden, match="principal officer"):
        services.file_report(report_id=draft.uuid, by=colleague, at=town.end)
    assert not selectors.str_view(user=colleague, report_id=draft.uuid).may_file
    view = selectors.str_view(user=second, report_id=draft.uuid)
    assert view.may_file
    assert all(len(one.meaning) > 20 for one in view.indicators)


def test_the_paper_shows_the_grounds_and_is_the_same_every_time(
    draft: StrReport, town: Town, risk_manager: User
) -> None:
    paper = services.export_pdf(report_id=draft.uuid, by=risk_manager, at=town.end)
    words = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(paper)).pages)
    assert draft.number in words
    assert draft.annex["transactions"][0]["reference"] in words.replace("\n", "")
    assert services.export_pdf(report_id=draft.uuid, by=risk_manager, at=town.end) == paper


def test_a_case_without_a_stored_transaction_has_nothing_to_report(town: Town, risk_manager: User) -> None:
    quiet = Business.objects.get(pk=town.keys[0])
    case = services.open_case(about=services.About(business_id=quiet.uuid), by=risk_manager, at=town.end)
    with pytest.raises(services.UnableToReport):
        services.draft_report(case_id=case.uuid, by=risk_manager, at=town.end)


def test_reports_of_the_platform_do_not_exist_for_others(draft: StrReport, town: Town) -> None:
    banker = UserFactory(role="risk_manager", organisation=BankFactory())
    with pytest.raises(NotVisible):
        services.export_pdf(report_id=draft.uuid, by=banker, at=town.end)
    with pytest.raises(Forbidden):
        services.export_pdf(report_id=draft.uuid, by=UserFactory(role="credit_analyst"), at=town.end)
