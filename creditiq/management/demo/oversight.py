"""The risk desk at work: rules in shadow, cases, a draft report, disputes, a list of names, last month's reports."""

import csv
import io
from datetime import datetime

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Business, KycDocument, KycPaper, Membership, User
from accounts.selectors.reports import month_before
from accounts.services import freeze_monthly_reports
from accounts.services.kyc import add_paper
from accounts.services.personas import DEMO_DOMAIN
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from fraud import services as fraud
from fraud.models import (
    Alert,
    Case,
    CaseAct,
    CaseState,
    Dispute,
    DisputeSubject,
    MonitoringReport,
    RuleState,
    RuleVersion,
    StrReport,
    WatchlistSource,
)
from fraud.selectors.monitoring import Period

LIST = "Made-up names of this demo.csv"
LISTED = (
    ("NK-DEMO-1", "Person", "Viktor Alexandrovich Demidov", "Виктор Демидов"),
    ("NK-DEMO-2", "Company", "Northern Lanterns Shipping Ltd", ""),
    ("NK-DEMO-3", "Person", "Zubair Rahman Qadri", ""),
)
"""Nobody's names; one business of the demo is added, so that there is somebody to tell apart."""
NOTES = (
    "The money is back where it started within hours, and no goods moved. The partners are asked for their contracts.",
    "Waits for the bank's statement of the last quarter.",
)


def watch_in_shadow(*, at: datetime) -> None:
    """The shipped rules take notes from the first screening on; what they say binds nobody until they are in force."""
    for version in RuleVersion.objects.filter(state=RuleState.REVIEW).select_related("rule").order_by("pk"):
        rule = version.rule.uuid
        fraud.publish_rule(rule_id=rule, version=version.version, shadow=True, by=person("kavita"), at=at)


def work(*, others: list[Business], at: datetime) -> None:
    """Every desk has something on it; `others` are businesses that no visitor plays. What is there already stays.

    Each pile is looked at by itself, so that a run that was broken off is made up for. Nobody else, nothing to do.
    """
    if not others:
        return
    _cases(others, at)
    owned = Membership.objects.filter(business__in=others).select_related("business", "user").order_by("pk")
    owners = [(one.business, one.user) for one in owned]
    if len(owners) > 1 and not Dispute.objects.exists():
        _disputes(owners, at)
    if owners and not KycDocument.objects.exists():
        business, owner = owners[-1]
        words = {"title": "Certificate of registration (made up)", "name": business.legal_name}
        paper = SimpleUploadedFile("certificate.pdf", pdf("documents/demo_paper.typ", words, at=at), "application/pdf")
        add_paper(business=business, kind=KycPaper.REGISTRATION, paper=paper, by=owner, at=at)
    if not WatchlistSource.objects.exists():
        fraud.load_watchlists(files=[(LIST, _list(others[-1]))], by=person("deepa"), at=at)
    if not MonitoringReport.objects.exists():
        span = month_before(at.astimezone(IST).date())
        fraud.freeze_monitoring(period=Period(span.since, span.until), by=person("deepa"), at=at)
    freeze_monthly_reports(at=at)


def _cases(others: list[Business], at: datetime) -> None:
    """One of each risk manager as far as alerts go, a draft report of a ring's, and one that nobody has taken."""
    if not Alert.objects.filter(ring__isnull=False).exists():
        return
    if not Case.objects.filter(business=others[0], ring__isnull=True).exists():  # the last of them: none would be taken
        for name, note in zip(("deepa", "kavita"), NOTES, strict=True):
            _take(person(name), note, at)
        fraud.open_case(about=fraud.About(business_id=others[0].uuid), by=person("deepa"), at=at)
    first = Case.objects.unfinished().filter(ring__isnull=False).order_by("pk").first()
    if first is not None and not StrReport.objects.exists():
        fraud.draft_report(case_id=first.uuid, by=person("deepa"), at=at)


def _take(mine: User, note: str, at: datetime) -> None:
    """A case of theirs with a note in it: of a ring first, the surest before the others; none when nothing waits."""
    case = Case.objects.filter(assignee=mine).order_by("pk").first()
    if case is None:
        try:
            case = fraud.take_next(by=mine, at=at)
        except fraud.UnableToWorkOnCase:
            return
    if case.state == CaseState.OPEN and not case.events.filter(act=CaseAct.NOTED).exists():
        fraud.note_in_case(case_id=case.uuid, text=note, by=mine, at=at)


def _disputes(owners: list[tuple[Business, User]], at: datetime) -> None:
    """One that waits for us and one that waits for its owner."""
    (first, first_owner), (second, second_owner) = owners[:2]
    about = fraud.Statement(DisputeSubject.DATUM, "GSTR-3B of last quarter", "I filed it in time; the portal was down.")
    fraud.open_dispute(business=first, statement=about, by=first_owner, at=at)
    about = fraud.Statement(
        DisputeSubject.REASON, "Bounced debits", "The bank has taken that mandate twice by mistake."
    )
    asked = fraud.open_dispute(business=second, statement=about, by=second_owner, at=at)
    words = "Please send the bank's letter about the mandate."
    fraud.ask_owner(dispute_id=asked.uuid, question=words, by=person("vikram"), at=at)


def _list(business: Business) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["id", "schema", "name", "aliases"])
    writer.writerows([*LISTED, ("NK-DEMO-4", "Company", f"{business.trade_name} Trading", business.trade_name)])
    return out.getvalue().encode()


def person(name: str) -> User:
    """Somebody of the cast, by first name."""
    return User.objects.get(email=f"{name}@{DEMO_DOMAIN}")
