"""A breach of personal data: recorded, the people told, the Board told at once and in detail within 72 hours."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction

from accounts import audit
from accounts.events import PeopleUntold
from accounts.models import AffectedPerson, Breach, Role, User
from accounts.models.breaches import REPORTED_WITHIN, WARNED_BEFORE, BreachState
from accounts.permissions import Capability, require
from accounts.services.mails import Letter, write_mail
from accounts.services.notices import tell
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.hashing import digest

TOPIC = "breach.told"
CLOCK = "breach.clock"
AT_ONCE = 500
"""People who are told in one transaction."""
SUBJECT = "Your data: what happened and what you can do"


class UnableToReport(ApplicationError):
    """A step is missing, or was taken already."""

    code = "unable_to_report"


@dataclass(frozen=True)
class BreachFacts:
    """What is known; `cause` and `prevention` may come later, but before the report."""

    title: str
    nature: str
    happened_at: datetime
    place: str
    impact: str
    measures: str
    advice: str
    contact: str
    cause: str = ""
    prevention: str = ""


def record_breach(*, facts: BreachFacts, noticed_at: datetime, by: User, at: datetime) -> Breach:
    """Put a breach on record; 72 hours run from `noticed_at`. Raises Forbidden, InvalidInput."""
    require(by, Capability.CONFIGURE)
    if noticed_at > at:
        raise InvalidInput("This lies in the future.", field="noticed_at", rule="breach.noticed")
    _refuse_late_start(facts, noticed_at)
    with transaction.atomic(durable=True):
        breach = Breach.objects.create(
            **vars(facts), noticed_at=noticed_at, due_at=noticed_at + REPORTED_WITHIN, recorded_by=by
        )
        audit.record("breach.recorded", target=breach, at=at, by=by, payload={"due": breach.due_at.isoformat()})
    return breach


def correct_breach(*, breach_id: UUID, facts: BreachFacts, by: User, at: datetime) -> Breach:
    """Say more, or better, before the report. Raises Forbidden, NotVisible, InvalidInput, UnableToReport."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        breach = _locked(breach_id)
        if breach.state != BreachState.OPEN:
            raise UnableToReport("It was reported; what was reported stays as it is.")
        _refuse_late_start(facts, breach.noticed_at)
        changed = [name for name, value in vars(facts).items() if getattr(breach, name) != value]
        for name in changed:
            setattr(breach, name, getattr(facts, name))
        if changed:
            breach.save(update_fields=changed)
            audit.record("breach.corrected", target=breach, at=at, by=by, payload={"fields": sorted(changed)})
    return breach


def name_affected(*, breach_id: UUID, emails: Iterable[str], by: User, at: datetime) -> int:
    """Say whom it touches, by e-mail address; `*` is everybody. How many are new. Raises InvalidInput with the line."""
    require(by, Capability.CONFIGURE)
    wanted = [email.strip().lower() for email in emails]
    found = User.objects.active() if "*" in wanted else User.objects.filter(email__in=[one for one in wanted if one])
    people = {person.email: person for person in found.order_by("pk")}
    for number, email in enumerate(wanted, start=1):
        if email and email != "*" and email not in people:
            message = f"Line {number}: nobody has the address {email}. Correct it or leave it out."
            raise InvalidInput(message, field="emails", rule="breach.people")
    with transaction.atomic(durable=True):
        breach = _locked(breach_id)
        if breach.closed_at is not None:
            raise UnableToReport("It is closed.")
        known = set(breach.people.values_list("user_id", flat=True))
        fresh = [AffectedPerson(breach=breach, user=one) for one in people.values() if one.pk not in known]
        AffectedPerson.objects.bulk_create(fresh, batch_size=1000)
        if fresh:
            audit.record("breach.people_named", target=breach, at=at, by=by, payload={"people": len(fresh)})
    return len(fresh)


def tell_affected(*, breach_id: UUID, by: User, at: datetime) -> int:
    """Write to everybody named who was not told yet, whatever they chose about letters. How many at once.

    The first AT_ONCE are told here; the others after the answer, so many at a time. Raises UnableToReport.
    """
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        told = _tell_some(_locked(breach_id), by, at)
        if not told:
            raise UnableToReport("Everybody named was told. Name the people it touches first.")
    return told


def tell_more_affected(*, breach_id: int, by_id: int, at: datetime) -> int:
    """The next of them; nobody when everybody was told. How many."""
    with transaction.atomic(durable=True):
        breach = Breach.objects.select_for_update(of=("self",)).get(pk=breach_id)
        return _tell_some(breach, User.objects.get(pk=by_id), at)


def _tell_some(breach: Breach, by: User, at: datetime) -> int:
    untold = breach.people.filter(told_at__isnull=True)
    rows = list(untold.select_related("user").order_by("pk")[:AT_ONCE])
    if not rows:
        return 0
    people = [row.user for row in rows]
    tell(users=people, topic=TOPIC, source=f"{TOPIC}:{breach.pk}", at=at, facts={"breach": breach.title})
    for person in people:
        write_mail(letter=Letter(person.email, SUBJECT, _told(breach)), at=at)
    breach.people.filter(pk__in=[row.pk for row in rows]).update(told_at=at)
    audit.record("breach.people_told", target=breach, at=at, by=by, payload={"people": len(people)})
    if untold.exists():
        publish(PeopleUntold(breach_id=breach.pk, by_id=by.pk))
    return len(people)


def tell_board(*, breach_id: UUID, by: User, at: datetime) -> Breach:
    """The first word to the Board went out: nature, extent, time, place and likely impact, without delay."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        breach = _locked(breach_id)
        if breach.board_told_at is not None:
            raise UnableToReport("The Board was told already.")
        breach.board_told_at = at
        breach.save(update_fields=["board_told_at"])
        audit.record("breach.board_told", target=breach, at=at, by=by)
    return breach


def report_breach(*, breach_id: UUID, by: User, at: datetime) -> Breach:
    """The detailed report went to the Board; what it says is frozen under a digest. Raises UnableToReport."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        breach = _locked(breach_id)
        if missing := missing_of(breach):
            raise UnableToReport(f"Before the report: {missing[0]}.")
        breach.reported_at, breach.reported_by = at, by
        report = report_of(breach)
        breach.report, breach.report_digest = json.dumps(report), digest(report)
        breach.save(update_fields=["reported_at", "reported_by", "report", "report_digest"])
        payload = {"digest": breach.report_digest, "late": breach.is_late_at(at)}
        audit.record("breach.reported", target=breach, at=at, by=by, payload=payload)
    return breach


def close_breach(*, breach_id: UUID, by: User, at: datetime) -> Breach:
    """Nothing is left to do. Raises UnableToReport."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        breach = _locked(breach_id)
        if breach.state != BreachState.REPORTED:
            raise UnableToReport("Report it to the Board first." if breach.reported_at is None else "It is closed.")
        breach.closed_at = at
        breach.save(update_fields=["closed_at"])
        audit.record("breach.closed", target=breach, at=at, by=by)
    return breach


def warn_of_breach_clocks(*, at: datetime) -> int:
    """Tell administrators of breaches whose 72 hours end within a day, and again when they are over; once each."""
    told = 0
    admins = list(User.objects.active().filter(role=Role.ADMIN, organisation__kind="platform").order_by("pk"))
    for breach in Breach.objects.due_before(at + WARNED_BEFORE).order_by("due_at", "pk"):
        over = breach.due_at <= at
        facts = {
            "breach": breach.title,
            "id": str(breach.uuid),
            "due": f"{breach.due_at.astimezone(IST):%d %b %Y, %H:%M}",
        }
        source = f"{CLOCK}:{breach.pk}:{'over' if over else 'soon'}"
        with transaction.atomic(durable=True):
            told += len(tell(users=admins, topic=CLOCK, source=source, at=at, facts=facts))
    return told


def missing_of(breach: Breach) -> list[str]:
    """What must be done before the detailed report, in words."""
    if breach.reported_at is not None:
        return ["it was reported already"]
    steps = (
        (breach.board_told_at is not None, "tell the Board in short"),
        (breach.people.exists(), "name the people it touches"),
        (not breach.people.filter(told_at__isnull=True).exists(), "tell the people it touches"),
        (bool(breach.cause), "write what caused it"),
        (bool(breach.prevention), "write what keeps it from happening again"),
    )
    return [words for done, words in steps if not done]


def report_of(breach: Breach) -> dict[str, object]:
    """What the Board gets: r. 7(2) of the DPDP Rules 2025, with the report on the people told, who stay unnamed.

    Once reported, what it got: people who are named or told later change nothing about that.
    """
    if breach.report:
        kept: dict[str, object] = json.loads(breach.report)
        return kept
    people = breach.people.order_by("told_at", "pk").values_list("told_at", flat=True)
    told = [moment for moment in people if moment is not None]
    return {
        "breach": str(breach.uuid),
        "title": breach.title,
        "nature": breach.nature,
        "extent": f"{len(people)} people",
        "happened_at": breach.happened_at.isoformat(),
        "noticed_at": breach.noticed_at.isoformat(),
        "place": breach.place,
        "impact": breach.impact,
        "cause": breach.cause,
        "measures": breach.measures,
        "prevention": breach.prevention,
        "people_told": len(told),
        "people_told_from": told[0].isoformat() if told else "",
        "people_told_until": told[-1].isoformat() if told else "",
        "what_people_were_told": _told(breach),
        "contact": breach.contact,
    }


def breach_paper(*, breach_id: UUID, at: datetime) -> bytes:
    """The report for the Board as tagged PDF, as it stands. Raises NotVisible."""
    breach = Breach.objects.filter(uuid=breach_id).first()
    if breach is None:
        raise NotVisible
    lines = [[name.replace("_", " ").capitalize(), str(value)] for name, value in report_of(breach).items()]
    state = f"{breach.state.label} · digest {breach.report_digest or 'none yet'}"
    return pdf("documents/breach.typ", {"title": breach.title, "state": state, "lines": lines}, at=at)


def _told(breach: Breach) -> str:
    """The letter to the people it touches: r. 7(1)."""
    when = f"{breach.happened_at.astimezone(IST):%d %b %Y, %H:%M} IST"
    return "\n\n".join(
        (
            f"{breach.title}: on {when} personal data that we keep was touched, yours among it.",
            f"What happened: {breach.nature}",
            f"What may follow for you: {breach.impact}",
            f"What we did and do: {breach.measures}",
            f"What you can do: {breach.advice}",
            f"Who answers your questions: {breach.contact}",
            f"Your rights: {settings.SITE_ADDRESS}/account/data",
        )
    )


def _locked(breach_id: UUID) -> Breach:
    breach = Breach.objects.select_for_update(of=("self",)).filter(uuid=breach_id).first()
    if breach is None:
        raise NotVisible
    return breach


def _refuse_late_start(facts: BreachFacts, noticed_at: datetime) -> None:
    if facts.happened_at > noticed_at:
        message = "It cannot have been noticed before it happened."
        raise InvalidInput(message, field="happened_at", rule="breach.happened")
