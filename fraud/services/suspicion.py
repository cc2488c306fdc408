"""Suspicious-transaction reports: drafted from stored facts by one person, filed by another, frozen from then on."""

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput
from fraud.engine.goaml import InvalidReport, goaml
from fraud.engine.narrative import UnsupportedSentence, grounds_of, read_grounds
from fraud.models import CaseAct, StrEdit, StrReport, StrState
from fraud.selectors.suspicion import (
    StrView,
    annex_texts,
    is_principal_officer,
    material_of,
    sentences_of,
    stored_grounds,
    str_view,
    submission_of,
    visible_report,
)
from fraud.services.cases import locked, log


class UnableToReport(ApplicationError):
    """There is nothing to report, a draft exists already, or the report was filed."""

    code = "unable_to_report"


def draft_report(*, case_id: UUID, by: User, at: datetime) -> StrReport:
    """Draft the report of a case from what is stored: every sentence names the rows behind it.

    Raises UnableToReport for a case without a transaction or with a draft, NotVisible, Forbidden.
    """
    with transaction.atomic(durable=True):
        case = locked(case_id, by)
        if case.reports.filter(state=StrState.DRAFT).exists():
            raise UnableToReport("This case has a draft already.")
        material = material_of(case, by, at)
        if not material.transactions:
            raise UnableToReport("No transaction of this case is stored, so there is nothing to report.")
        report = StrReport.objects.create(
            case=case,
            grounds=stored_grounds(grounds_of(material.facts, material.laps)),
            indicators=list(material.indicators or ("OTHER",)),
            annex=material.annex,
            parties=list(material.parties),
            drafted_at=at,
            drafted_by=by,
            edited_by=by,
        )
        log(case, CaseAct.REPORTED, by=by, at=at, text=f"drafted {report.number}")
        audit.record("str.drafted", target=report, at=at, by=by, payload={"case": case.uuid})
    return report


def edit_grounds(*, report_id: UUID, text: str, by: User, at: datetime) -> StrReport:
    """Reword, drop or reorder sentences of a draft; what stood before is kept.

    Raises InvalidInput naming the line whose evidence is missing or does not carry its numbers, UnableToReport.
    """
    with transaction.atomic(durable=True):
        report = _locked(report_id, by)
        before = stored_grounds(sentences_of(report))
        try:
            after = stored_grounds(read_grounds(text, annex_texts(report)))
        except UnsupportedSentence as error:
            raise InvalidInput(error.message, field="grounds", rule="str.evidence") from error
        if after == before:
            return report
        StrEdit.objects.create(report=report, at=at, by=by, before=before, after=after)
        report.grounds, report.edited_by = after, by
        report.save(update_fields=["grounds", "edited_by"])
        audit.record("str.edited", target=report, at=at, by=by, payload={"sentences": len(after)})
    return report


def file_report(*, report_id: UUID, by: User, at: datetime) -> StrReport:
    """Freeze the report and its goAML document under the filer's name; it is sent by a person, never by us.

    Only a principal officer files, and not one who drafted or edited it (Forbidden). Raises UnableToReport when the
    document breaks the schema or the report was filed.
    """
    with transaction.atomic(durable=True):
        report = _locked(report_id, by)
        if by.pk in {report.drafted_by_id, *report.edits.values_list("by_id", flat=True)}:
            raise Forbidden("A second person has to file: you wrote part of this report.")
        if not is_principal_officer(by):
            raise Forbidden("The principal officer files reports.")
        try:
            report.xml = goaml(submission_of(report, by, at))
        except InvalidReport as error:
            raise UnableToReport(f"The document breaks the schema: {error}") from error
        report.xml_hash = hashlib.sha256(report.xml.encode()).hexdigest()
        report.state, report.filed_by, report.filed_at = StrState.FILED, by, at
        report.save(update_fields=["xml", "xml_hash", "state", "filed_by", "filed_at"])
        log(report.case, CaseAct.REPORTED, by=by, at=at, text=f"filed {report.number}")
        audit.record("str.filed", target=report, at=at, by=by, payload={"sha256": report.xml_hash})
    return report


def _locked(report_id: UUID, by: User) -> StrReport:
    require(by, Capability.WORK_FRAUD)
    found = visible_report(user=by, report_id=report_id)
    rows = StrReport.objects.select_for_update(of=("self",)).select_related("case", "case__organisation", "case__ring")
    report = rows.get(pk=found.pk)
    if report.state != StrState.DRAFT:
        raise UnableToReport("This report was filed; it is never changed.")
    return report


def export_xml(*, report_id: UUID, by: User, at: datetime) -> str:
    """The goAML document of a filed report; the look is in the audit. Raises UnableToReport for a draft."""
    require(by, Capability.WORK_FRAUD)
    report = visible_report(user=by, report_id=report_id)
    if report.state != StrState.FILED:
        raise UnableToReport("The document is made when a second person files the report.")
    with transaction.atomic(durable=True):
        audit.record("str.exported", target=report, at=at, by=by, payload={"as": "xml"})
    return report.xml


def export_pdf(*, report_id: UUID, by: User, at: datetime) -> bytes:
    """The report on paper; the same report gives the same bytes. The look is in the audit."""
    require(by, Capability.WORK_FRAUD)
    view = str_view(user=by, report_id=report_id)
    with transaction.atomic(durable=True):
        audit.record("str.exported", target=view.report, at=at, by=by, payload={"as": "pdf"})
    return pdf("documents/str.typ", _printed(view), at=view.report.filed_at or view.report.drafted_at)


def _printed(view: StrView) -> dict[str, object]:
    """What the paper shows, as plain values."""
    report = view.report
    columns = ("id", "at", "rail", "reference", "payer", "payee", "amount")
    return {
        "number": report.number,
        "state": report.get_state_display(),
        "filed_by": report.filed_by.get_full_name() if report.filed_by else "",
        "drafted_by": report.drafted_by.get_full_name(),
        "hash": report.xml_hash,
        "fields": [list(field) for field in view.fields],
        "grounds": [[one.text, ", ".join(one.evidence)] for one in view.sentences],
        "indicators": report.indicators,
        "facts": [[fact["id"], fact["what"], fact["value"], fact["row"]] for fact in report.annex["facts"]],
        "transactions": [[row[name] for name in columns] for row in report.annex["transactions"]],
        "parties": [[str(one[name]) for name in ("id", "name", "gstin", "pan")] for one in report.parties],
    }
