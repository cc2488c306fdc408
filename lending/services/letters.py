"""The letter that says why nothing is lent: written once, delivered within its days, read and acknowledged."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, can, require
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.hashing import digest
from creditiq.kernel.money import format_inr
from lending.engine.letters.words import LANGUAGES
from lending.engine.reasons import MOST_STATED, REASONS, Effect
from lending.engine.regulation import shipped
from lending.models import AdverseLetter, ApplicationState, Assessment, LetterChannel, LoanApplication
from lending.selectors.applications import visible_application
from lending.selectors.letters import words_in

REFUSED = (ApplicationState.DECLINED, ApplicationState.AUTO_DECLINED)
BY_STAFF = (LetterChannel.POST, LetterChannel.HAND)


def write_letter(*, application_id: int, at: datetime) -> AdverseLetter | None:
    """Write the letter of a refused application in its applicant's language; once, and None for any other."""
    application = LoanApplication.objects.select_related("organisation", "opened_by").get(pk=application_id)
    if application.state not in REFUSED:
        return None
    codes = _stated(application)
    days = int(shipped().value("adverse.letter_days", at.astimezone(IST).date()))
    deliver_by = at.astimezone(IST).date() + timedelta(days=days)
    sent = application.submitted_at or application.opened_at
    facts = {
        "number": application.number,
        "bank": application.organisation.name,
        "amount": format_inr(application.amount),
        "date": f"{sent.astimezone(IST):%d.%m.%Y}",
        "deliver_by": f"{deliver_by:%d.%m.%Y}",
    }
    language = application.opened_by.language if application.opened_by else "en"
    with transaction.atomic(durable=True):
        letter, new = AdverseLetter.objects.get_or_create(
            application=application,
            defaults={
                "language": language if language in LANGUAGES else "en", "codes": codes, "facts": facts,
                "sha256": digest({"codes": codes, "facts": facts}), "issued_at": at, "deliver_by": deliver_by,
            },
        )  # fmt: skip
        if new:
            audit.record(
                "letter.written", target=letter, at=at, organisation=application.organisation,
                payload={"reasons": codes, "sha256": letter.sha256},
            )  # fmt: skip
    return letter


def open_letter(*, application_id: UUID, by: User, at: datetime) -> AdverseLetter | None:
    """The letter, when there is one; the first look of its owner is on record as its delivery."""
    application = visible_application(user=by, application_id=application_id, at=at)
    letter = write_letter(application_id=application.pk, at=at)
    if letter is None or letter.delivered_at is not None or not can(by, Capability.APPLY, application):
        return letter
    return _delivered(letter, LetterChannel.PORTAL, by, at)


def deliver_letter(*, application_id: UUID, channel: str, by: User, at: datetime) -> AdverseLetter:
    """Staff say that the letter went by post or by hand. Raises NotVisible, InvalidInput."""
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.DECLINE, application)
    if channel not in BY_STAFF:
        raise InvalidInput("Say how it went: by post or by hand.", field="channel", rule="letter.channel")
    letter = write_letter(application_id=application.pk, at=at)
    if letter is None:
        raise NotVisible
    return letter if letter.delivered_at is not None else _delivered(letter, LetterChannel(channel), by, at)


def acknowledge_letter(*, application_id: UUID, by: User, at: datetime) -> AdverseLetter:
    """The owner has read it. Raises NotVisible, Forbidden; twice is harmless."""
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.APPLY, application)
    letter = open_letter(application_id=application_id, by=by, at=at)
    if letter is None:
        raise NotVisible
    with transaction.atomic(durable=True):
        locked = AdverseLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if locked.acknowledged_at is None:
            locked.acknowledged_at, locked.acknowledged_by = at, by
            locked.save(update_fields=["acknowledged_at", "acknowledged_by"])
            audit.record("letter.acknowledged", target=locked, at=at, by=by, organisation=application.organisation)
    return locked


def letter_pdf(letter: AdverseLetter, language: str) -> bytes:
    """The letter on paper in a language; the same letter and language give the same bytes."""
    said = words_in(letter, language)
    facts = {
        "lang": said.language, "title": said.title, "decided": said.decided, "reasons": list(said.reasons),
        "rights": said.rights, "grievance": said.grievance, "deadline": said.deadline,
        "stamp": f"{letter.issued_at.astimezone(IST):%d.%m.%Y} · sha256 {letter.sha256[:16]}",
    }  # fmt: skip
    return pdf("lending/letter.typ", facts, at=letter.issued_at)


def _delivered(letter: AdverseLetter, channel: LetterChannel, by: User, at: datetime) -> AdverseLetter:
    with transaction.atomic(durable=True):
        locked = AdverseLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
        if locked.delivered_at is None:
            locked.delivered_at, locked.channel, locked.delivered_by = at, channel, by
            locked.save(update_fields=["delivered_at", "channel", "delivered_by"])
            bank = letter.application.organisation
            audit.record(
                "letter.delivered", target=locked, at=at, by=by, organisation=bank, payload={"channel": channel}
            )
    return locked


def _stated(application: LoanApplication) -> list[str]:
    """The reasons against, in order, four at most: of the person who declined, or of the policy."""
    if application.state == ApplicationState.DECLINED:
        decision = application.decisions.in_order().last()
        codes = decision.reasons if decision else []
    else:
        assessed = Assessment.objects.filter(application=application).order_by("-as_of", "-pk").first()
        codes = assessed.reasons if assessed else []
    against = [code for code in codes if code in REASONS and REASONS[code].effect is Effect.AGAINST]
    return against[:MOST_STATED]
