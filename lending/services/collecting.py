"""Talking with borrowers who are behind: when, what was promised, and whether it was kept; and their complaints."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.models import Contact, Grievance, Loan, PromiseState
from lending.selectors.loan_acts import visible_loan
from lending.services.servicing import UnableToServe

FROM, UNTIL = time(8), time(19)
"""Borrowers are called and visited between 8:00 and 19:00 only (RBI, outsourcing and recovery agents, 12 Aug 2022)."""
DIRECT = ("call", "visit")
CHANNELS = (*DIRECT, "message", "letter")
ANSWER_WITHIN = timedelta(days=30)


@dataclass(frozen=True)
class Said:
    """What a contact brought: channel, note, and the promise when there was one."""

    channel: str
    note: str
    promised: Decimal | None = None
    promised_on: date | None = None


def may_contact(at: datetime) -> bool:
    """Whether borrowers may be called or visited now.

    >>> from datetime import UTC
    >>> may_contact(datetime(2026, 11, 20, 3, 0, tzinfo=UTC)), may_contact(datetime(2026, 11, 20, 14, 0, tzinfo=UTC))
    (True, False)
    """
    return FROM <= at.astimezone(IST).time() < UNTIL


def record_contact(*, loan_id: UUID, said: Said, by: User, at: datetime) -> Contact:
    """Keep a contact. Raises UnableToServe outside the hours, InvalidInput for half a promise."""
    require(by, Capability.SERVICE_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    if said.channel in DIRECT and not may_contact(at):
        raise UnableToServe("Borrowers are called and visited between 8:00 and 19:00 only.", code="contact_hours")
    if (said.promised is None) != (said.promised_on is None):
        raise InvalidInput("A promise has an amount and a day.", field="promised_on", rule="contact.promise")
    if said.promised_on is not None and said.promised_on < at.astimezone(IST).date():
        raise InvalidInput("A promise is for today or later.", field="promised_on", rule="contact.promise")
    with transaction.atomic(durable=True):
        contact = Contact.objects.create(
            loan=loan, at=at, by=by, channel=said.channel, note=said.note.strip(), promised=said.promised,
            promised_on=said.promised_on, promise=PromiseState.OPEN if said.promised else "",
        )  # fmt: skip
        payload = {"channel": said.channel, "promised": said.promised, "promised_on": said.promised_on}
        audit.record("loan.contacted", target=loan, at=at, by=by, organisation=loan.organisation, payload=payload)
    return contact


def complain(*, loan_id: UUID, text: str, by: User, at: datetime) -> Grievance:
    """Take an owner's complaint about a loan; it is answered within thirty days."""
    require(by, Capability.VIEW_OWN_LOANS)
    loan = visible_loan(user=by, loan_id=loan_id)
    if not text.strip():
        raise InvalidInput("Say what is wrong.", field="text", rule="grievance.text")
    answer_by = at.astimezone(IST).date() + ANSWER_WITHIN
    with transaction.atomic(durable=True):
        grievance = Grievance.objects.create(loan=loan, text=text.strip(), at=at, by=by, answer_by=answer_by)
        audit.record("loan.grievance", target=grievance, at=at, by=by, organisation=loan.organisation)
    return grievance


def answer_grievance(*, grievance_id: UUID, answer: str, by: User, at: datetime) -> Grievance:
    """The bank's answer, once. Raises NotVisible, InvalidInput without words, UnableToServe when it is answered."""
    require(by, Capability.SERVICE_LOANS)
    if not answer.strip():
        raise InvalidInput("Write the answer.", field="answer", rule="grievance.answer")
    with transaction.atomic(durable=True):
        rows = Grievance.objects.select_for_update(of=("self",)).select_related("loan__organisation")
        grievance = rows.filter(uuid=grievance_id, loan__in=Loan.objects.visible_to(by)).first()
        if grievance is None:
            raise NotVisible
        if grievance.answered_at is not None:
            raise UnableToServe("This complaint is answered already.", code="answered")
        grievance.answer, grievance.answered_at, grievance.answered_by = answer.strip()[:2000], at, by
        grievance.save(update_fields=["answer", "answered_at", "answered_by"])
        audit.record(
            "loan.grievance_answered", target=grievance, at=at, by=by, organisation=grievance.loan.organisation
        )
    return grievance
