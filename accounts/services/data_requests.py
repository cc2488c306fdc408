"""A person's rights over their own data: a copy, a correction, a complaint, and to be forgotten where no law forbids.

To forget is crypto-shredding: the data key is destroyed, so phone and address open for nobody, in backups neither;
name and e-mail give way to nothing that names. Acts stay on record under the public id, so the chains still verify.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import IntegrityError, transaction

from accounts import audit, inbox
from accounts.models import (
    AuditEntry,
    DataRequest,
    DataRequestKind,
    DataRequestState,
    Invitation,
    LegalHold,
    Mail,
    Notification,
    SavedView,
    TokenFamily,
    User,
)
from accounts.models.data_requests import ANSWERED_WITHIN
from accounts.permissions import Capability, require
from accounts.services.approvals import Approved, approvable, request_approval
from accounts.services.nominees import nominee_of
from accounts.services.notices import tell
from creditiq.kernel.clock import IST
from creditiq.kernel.documents import pdf
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible

ACTS_IN_A_COPY = 5_000


class UnableToErase(ApplicationError):
    """A law keeps the records, or there is nothing to erase."""

    code = "unable_to_erase"


class UnableToAsk(ApplicationError):
    """The same is open already."""

    code = "unable_to_ask"


def ask_about_data(*, kind: DataRequestKind, text: str, by: User, at: datetime) -> DataRequest:
    """Open a request; the clock starts. Raises InvalidInput, UnableToAsk."""
    if kind != DataRequestKind.ERASURE and not text.strip():
        raise InvalidInput("Write what should be different.", field="text", rule="data_request.text")
    try:
        with transaction.atomic(durable=True):
            asked = DataRequest.objects.create(
                user=by, kind=kind, text=text.strip()[:1000], asked_at=at, due_at=at + ANSWERED_WITHIN
            )
            audit.record("data_request.opened", target=asked, at=at, by=by, payload={"kind": kind})
    except IntegrityError as error:
        raise UnableToAsk("You asked for this already; it is open.") from error
    return asked


def answer_data_request(*, request_id: UUID, answer: str, by: User, at: datetime) -> DataRequest:
    """Close a request with a sentence to the person. Raises Forbidden, NotVisible, InvalidInput."""
    require(by, Capability.CONFIGURE)
    if not answer.strip():
        raise InvalidInput("Write an answer; the person reads it.", field="answer", rule="data_request.answer")
    with transaction.atomic(durable=True):
        asked = _open(request_id)
        asked.state, asked.answer, asked.answered_at, asked.answered_by = "answered", answer.strip()[:1000], at, by
        asked.save(update_fields=["state", "answer", "answered_at", "answered_by"])
        audit.record("data_request.answered", target=asked, at=at, by=by, payload={"kind": asked.kind})
        source = f"data_request.answered:{asked.pk}"
        tell(users=[asked.user], topic="data_request.answered", source=source, at=at)
    return asked


def propose_erasure(*, request_id: UUID, by: User, at: datetime) -> None:
    """Ask a second administrator to agree to an erasure. Raises UnableToErase when a law keeps the records."""
    require(by, Capability.CONFIGURE)
    asked = DataRequest.objects.filter(uuid=request_id, state="open", kind="erasure").select_related("user").first()
    if asked is None:
        raise NotVisible
    refuse_held(asked.user, at)
    summary = f"Erase the account {asked.user.uuid}"
    request_approval(action="person.erase", payload={"request": str(request_id)}, summary=summary, by=by, at=at)


@approvable("person.erase", title="Erase a person", maker=Capability.CONFIGURE, checker=Capability.CONFIGURE)
def erase_approved_person(approved: Approved) -> User:
    """Payload: `request`, an open one for erasure. Raises UnableToErase, NotVisible."""
    asked = _open(UUID(str(approved.payload["request"])))
    if asked.kind != DataRequestKind.ERASURE:
        raise UnableToErase("This request is not for an erasure.")
    refuse_held(asked.user, approved.at)
    for spoken_for in asked.user.memberships.select_related("business").order_by("pk"):
        payload = {"member": asked.user.uuid}
        audit.record(
            "membership.ended", target=spoken_for.business, at=approved.at, by=approved.checker, payload=payload
        )
    person = _forget(asked.user)
    rows = DataRequest.objects.filter(user=person)
    rows.update(text="", answer="")
    rows.filter(pk=asked.pk).update(
        state=DataRequestState.ERASED, answered_at=approved.at, answered_by=approved.checker
    )
    audit.record(
        "person.erased", target=person, at=approved.at, by=approved.checker, payload={"maker": approved.maker.uuid}
    )
    transaction.on_commit(lambda: inbox.hang_up(user_id=person.pk))
    return person


def hold_for_law(*, business_id: int, source: str, reason: str, until: date, at: datetime) -> LegalHold:
    """Keep the records of a business until a day, in the caller's transaction; the same source again moves the day."""
    hold, _ = LegalHold.objects.update_or_create(
        business_id=business_id, source=source, defaults={"reason": reason[:200], "until": until, "placed_at": at}
    )
    return hold


def refuse_held(user: User, at: datetime) -> None:
    """Raise UnableToErase while a law keeps the records of a business that the person speaks for."""
    hold = LegalHold.objects.of(user).live_on(at.astimezone(IST).date()).order_by("-until", "-pk").first()
    if hold is not None:
        raise UnableToErase(f"The law keeps these records until {hold.until:%d %b %Y}: {hold.reason}.")


def copy_of_own_data(*, by: User, at: datetime) -> dict[str, object]:
    """Everything kept here about the person, as a document; that it was taken is on record."""
    with transaction.atomic(durable=True):
        audit.record("data.copied", target=by, at=at, by=by)
    profile = ("email", "first_name", "last_name", "phone", "address", "language", "role", "wants_mail", "joined_at")
    acts = AuditEntry.objects.filter(actor=by).order_by("-at", "-pk")[:ACTS_IN_A_COPY]
    consents = ("uuid", "organisation__name", "purpose", "kinds", "status", "granted_at", "expires_at", "withdrawn_at")
    return {
        "taken_at": at,
        "person": {"id": by.uuid, **{name: getattr(by, name) for name in profile}},
        "nominee": None if (named := nominee_of(by)) is None else vars(named),
        "businesses": [
            {
                "gstin": each.business.gstin,
                "name": each.business.legal_name,
                "consents": list(each.business.consents.order_by("pk").values(*consents)),
            }
            for each in by.memberships.select_related("business").order_by("pk")
        ],
        "notifications": list(by.notifications.order_by("-pk").values("title", "text", "happened_at", "read_at")),
        "requests": list(by.data_requests.order_by("pk").values("kind", "text", "state", "answer", "asked_at")),
        "views": list(by.saved_views.order_by("pk").values("page", "name", "query")),
        "acts": [{"at": entry.at, "act": entry.action, "on": entry.target} for entry in acts],
    }


def paper_of_own_data(*, by: User, at: datetime) -> bytes:
    """The same copy on paper: a line for each thing, in the order of the document."""
    copied = copy_of_own_data(by=by, at=at)
    lines = [[section, *line] for section, rows in copied.items() if section != "taken_at" for line in _lines(rows)]
    made = f"{at.astimezone(IST):%d %b %Y, %H:%M} IST"
    return pdf("documents/own_data.typ", {"person": by.email, "made": made, "lines": lines}, at=at)


def _lines(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Leaves with their place, such as `2.title`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _lines(inner, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value, start=1):
            yield from _lines(inner, f"{name}.{place}".lstrip("."))
    else:
        yield name, "nothing" if value in (None, "") else str(value)


def _open(request_id: UUID) -> DataRequest:
    rows = DataRequest.objects.select_for_update(of=("self",)).select_related("user")
    asked = rows.filter(uuid=request_id, state=DataRequestState.OPEN).first()
    if asked is None:
        raise NotVisible
    return asked


def _forget(user: User) -> User:
    """Destroy the key, and put nothing in the place of everything that names the person."""
    person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    gone = f"{person.uuid}@erased.invalid"
    Mail.objects.filter(to__iexact=person.email).delete()
    asked = Invitation.objects.filter(invited_by=person).values("email")
    Mail.objects.filter(to__in=asked, text__contains=person.get_full_name()).delete()
    Invitation.objects.filter(email__iexact=person.email).update(email=gone)
    EmailAddress.objects.filter(user=person).delete()
    UserSession.objects.filter(user=person).delete()
    for tries in (AccessAttempt, AccessLog, AccessFailureLog):
        tries.objects.filter(username__iexact=person.email).delete()
    Notification.objects.of(person).delete()
    SavedView.objects.filter(person=person).delete()
    TokenFamily.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.email, person.first_name, person.last_name = gone, "Erased", "person"
    person.data_key, person.phone, person.address = "", "", ""
    person.nominee, person.nominee_since = "", None
    person.is_active, person.token_version = False, person.token_version + 1
    person.email_verified_at = None
    person.set_unusable_password()
    person.save()
    person.memberships.all().delete()
    return person
