"""The offer: issued by the product, accepted by the borrower, or left."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import Organisation, User
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import InvalidInput
from lending.engine.keyfacts import KeyFacts, PartTwo
from lending.engine.offers import offer, terms_on
from lending.engine.products import ProductTerms
from lending.models import ApplicationState, KeyFactStatement, LoanApplication, Step
from lending.models.applications import OFFER_STATES
from lending.selectors.products import terms_to_start_from
from lending.selectors.verdicts import read_verdict
from lending.services.key_fact_papers import statement_document
from lending.services.limits import release
from lending.services.moving import UnableToProceed, follow, lock, take_step

VALID = timedelta(days=30)
"""An offer may be accepted and paid out for this long; a draft and a question to the owner stay open as long."""
WHY_OVER: dict[str, str] = {
    ApplicationState.DRAFT: "The draft was not sent in time.",
    ApplicationState.INFO_REQUESTED: "The question of the bank was not answered in time.",
    ApplicationState.COUNTERED: "The other terms were not taken up in time.",
}


def product_terms(application: LoanApplication) -> ProductTerms:
    """The terms the product is sold on now."""
    return ProductTerms.from_document(terms_to_start_from(application.product))


def agreed_rate(application: LoanApplication) -> Decimal:
    """Per cent a year, as the decision for the loan found it. Raises UnableToProceed when it found none."""
    decision = application.decisions.in_order().last()
    rate = read_verdict(decision.snapshot).facility(application.product.facility).rate if decision else None
    if rate is None:
        raise UnableToProceed("The decision holds no price, so no offer can be made.", code="no_price")
    return rate


def facts_on(application: LoanApplication, product: ProductTerms, percent: Decimal, on: date) -> KeyFacts:
    """The key facts if the money came on that day."""
    terms = terms_on(product, principal=application.amount, percent=percent, months=application.months, on=on)
    return offer(product, terms, part_two_of(application.organisation))


def part_two_of(bank: Organisation) -> PartTwo:
    """What a bank says in part 2 of its statements; the installation holds it under the bank's id."""
    said: Mapping[str, str] = settings.LENDER_STATEMENTS.get(str(bank.uuid), {})
    return PartTwo(**{clause: str(said.get(clause, ""))[:500] for clause in PartTwo.__slots__})


def issue_key_facts(*, application_id: int, at: datetime) -> KeyFactStatement | None:
    """Make the offer of a sanctioned application. None when it has moved on already, so that it may run twice."""
    application = LoanApplication.objects.select_related("business", "organisation", "product", "opened_by").get(
        pk=application_id
    )
    if application.state != ApplicationState.SANCTIONED:
        return None
    product, percent = product_terms(application), agreed_rate(application)
    facts = facts_on(application, product, percent, at.astimezone(IST).date())
    until = datetime.combine((at + VALID).astimezone(IST).date(), time(23, 59), IST)
    language = spoken_by(application)
    document = statement_document(application, product, facts, until, language)
    paper = pdf("lending/key_facts.typ", document, at=at)
    with transaction.atomic(durable=True):
        locked = lock(application)
        if locked.state != ApplicationState.SANCTIONED:
            return None
        statement = KeyFactStatement.objects.create(
            application=locked, percent=percent, apr=facts.sheet.apr, instalment=facts.instalment,
            net_disbursed=facts.sheet.net_disbursed, document=document, language=language, sha256=facts.hash, pdf=paper,
            pdf_sha256=hashlib.sha256(paper).hexdigest(), issued_at=at, valid_until=until,
        )  # fmt: skip
        follow(locked, Step.ISSUE, by=None, at=at)
    return statement


def spoken_by(application: LoanApplication) -> str:
    """The language the applicant reads; English when somebody of the bank filled the application in."""
    language = application.opened_by.language if application.opened_by else ""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def accept_offer(*, application_id: UUID, sha256: str, confirmed_by: str, by: User, at: datetime) -> LoanApplication:
    """Accept exactly the statement with this digest; `confirmed_by` is how the person showed the door to be there."""

    def sign(locked: LoanApplication) -> None:
        statement = KeyFactStatement.objects.select_for_update(of=("self",)).get(application=locked)
        if statement.sha256 != sha256:
            raise UnableToProceed("The offer is another one now. Read it again.", code="statement_changed")
        if at > statement.valid_until:
            raise UnableToProceed("The offer has ended. Ask the bank for a new one.", code="offer_ended")
        if not confirmed_by:
            raise InvalidInput("Type your password again.", field="password", rule="password.missing")
        statement.accepted_at, statement.accepted_by = at, by
        statement.evidence = {"sha256": sha256, "pdf_sha256": statement.pdf_sha256, "confirmed_by": confirmed_by}
        statement.save(update_fields=["accepted_at", "accepted_by", "evidence"])

    return take_step(application_id=application_id, event=Step.ACCEPT, by=by, at=at, work=sign)


def withdraw(*, application_id: UUID, reason: str, by: User, at: datetime) -> LoanApplication:
    """Take an application back before the money came; what was reserved for it is free again."""
    words = reason.strip()
    if not words:
        raise InvalidInput("Say why, in a few words.", field="reason", rule="reason.empty")

    def let_go(locked: LoanApplication) -> None:
        locked.closed_reason = words[:300]
        release(locked, at)

    return take_step(application_id=application_id, event=Step.WITHDRAW, by=by, at=at, note=words[:300], work=let_go)


def expire_offers(*, at: datetime) -> int:
    """End offers, drafts and questions to the owner whose time is over, and free what was reserved.

    Returns how many; a second run finds none.
    """
    return sum(_expire(application, at) for application in _out_of_time(at).order_by("pk"))


def _out_of_time(at: datetime) -> QuerySet[LoanApplication]:
    offers = Q(state__in=OFFER_STATES, statement__valid_until__lt=at)
    drafts = Q(state=ApplicationState.DRAFT, opened_at__lt=at - VALID)
    questions = Q(state__in=(ApplicationState.INFO_REQUESTED, ApplicationState.COUNTERED), paused_at__lt=at - VALID)
    return LoanApplication.objects.filter(offers | drafts | questions)


def _expire(application: LoanApplication, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        locked = lock(application)
        if not _out_of_time(at).filter(pk=locked.pk).exists():
            return False
        locked.closed_reason = WHY_OVER.get(locked.state, "The offer was not taken up in time.")
        release(locked, at)
        follow(locked, Step.EXPIRE, by=None, at=at)
    return True
