"""Connecting a business to an official source: the owner begins, proves with a code or a consent, and may end it."""

import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import Business, Consent, User
from accounts.permissions import Capability, require
from accounts.selectors import live_consent, platform
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from wallets.engine.connectors.protocol import Applicant, Begun, Kept, Need, Session, SourceTrouble, Span, Trouble
from wallets.events import SourceFetchAsked, SourceMoved
from wallets.models import ConnectionState, Source, SourceConnection
from wallets.models.connecting import OPEN
from wallets.selectors.connecting import ENDED_BY_OWNER, FORMATS, SENTENCES, visible_connection
from wallets.services.source_lines import UnableToConnect, access_to

HANDLES = {
    Source.GST_NETWORK: re.compile(r"[A-Za-z0-9._@-]{3,60}"),
    Source.ACCOUNT_AGGREGATOR: re.compile(r"[A-Za-z0-9._-]{2,80}@[A-Za-z0-9._-]{2,40}"),
}
HANDLE_RULES = {
    Source.GST_NETWORK: "Write your user name at the GST portal: 3 to 60 letters, digits and . _ @ -",
    Source.ACCOUNT_AGGREGATOR: "Write your address at the aggregator, such as 9876543210@aggregator.",
}
CODE = re.compile(r"[0-9]{4,8}")
MOST_WRONG_CODES = 5
ANOTHER_TRY = frozenset({Trouble.NOT_APPROVED, Trouble.UNREACHABLE, Trouble.WRONG_CODE})
"""Troubles of a sign-in that leave the connection waiting."""
OUTSIDE_CONSENT = "outside_consent"
NOT_WAITING = "This connection is not waiting for you."
TIME_FOR_A_CODE = timedelta(minutes=10)
TIME_FOR_CONSENT = timedelta(days=7)
LONGEST_SPAN = timedelta(days=1100)


@dataclass(frozen=True)
class SourceSignIn:
    """Which source, under which name there, for which days, and from which network address the owner acts."""

    source: str
    handle: str = field(repr=False)
    span: Span
    address: str = "127.0.0.1"


def connect_source(*, business: Business, wanted: SourceSignIn, by: User, at: datetime) -> SourceConnection:
    """Ask a source to let this business in; an unfinished connection to it is ended.

    Raises UnableToConnect, with the code `not_set_up` where the house has no such source; InvalidInput; Forbidden.
    """
    require(by, Capability.SHARE_EVIDENCE, business)
    _check(wanted)
    access, consent = access_to(wanted.source), consent_for(business, wanted.source, at)
    wanted = replace(wanted, span=covered_span(consent, wanted.span))
    applicant = Applicant(business.gstin, business.pan, wanted.handle, wanted.address, _days(consent, at))
    try:
        begun = access.connector.begin(access.line, applicant, wanted.span, at)
    except SourceTrouble as trouble:
        with transaction.atomic(durable=True):
            about = {"source": wanted.source, "detail": trouble.detail}
            audit.record("source.asked", target=business, at=at, by=by, outcome=trouble.trouble, payload=about)
        raise unable(trouble) from trouble
    try:
        return _begun(business, wanted, begun, by, at)
    except IntegrityError as error:  # the other one began between our look and our row
        if "connection_open_once" not in str(error):
            raise
        said = "Another connection to this source began at the same moment. Go on with that one, or connect again."
        raise UnableToConnect(said) from error


def _begun(business: Business, wanted: SourceSignIn, begun: Begun, by: User, at: datetime) -> SourceConnection:
    """In the place of those that are open."""
    with transaction.atomic(durable=True):
        earlier = SourceConnection.objects.select_for_update().filter(business=business, source=wanted.source)
        for connection in earlier.filter(state__in=OPEN):
            close(connection, ConnectionState.ENDED, ENDED_BY_OWNER)
        connection = _row(business, wanted, begun, by, at)
        audit.record("source.connecting", target=connection, at=at, by=by, payload={"source": wanted.source})
    return connection


def _row(business: Business, wanted: SourceSignIn, begun: Begun, by: User, at: datetime) -> SourceConnection:
    waits = TIME_FOR_A_CODE if begun.need is Need.CODE else TIME_FOR_CONSENT
    return SourceConnection.objects.create(
        business=business, by=by, source=wanted.source, handle=wanted.handle, begun_at=at, ends_at=at + waits,
        kept=json.dumps({**begun.kept, "address": wanted.address}), first_day=wanted.span.first,
        last_day=wanted.span.last,
    )  # fmt: skip


def confirm_otp(*, connection_id: UUID, code: str, by: User, at: datetime) -> SourceConnection:
    """Sign in with the code that the source sent; fetching begins at once. The code is used here and kept nowhere.

    Raises UnableToConnect (`wrong_code`: another try, at most MOST_WRONG_CODES), InvalidInput.
    """
    if not CODE.fullmatch(code):
        raise InvalidInput("The code has 4 to 8 digits.", field="code", rule="source.code")
    return _complete(connection_id, Source.GST_NETWORK, code, by, at)


def return_from_consent(*, connection_id: UUID, by: User, at: datetime) -> SourceConnection:
    """The owner says that they approved: look, and fetch. Raises UnableToConnect (`not_approved`: not yet)."""
    return _complete(connection_id, Source.ACCOUNT_AGGREGATOR, "", by, at)


def _complete(connection_id: UUID, source: Source, given: str, by: User, at: datetime) -> SourceConnection:
    connection = _own(connection_id, by)
    if connection.source != source or connection.state != ConnectionState.WAITING:
        raise UnableToConnect(NOT_WAITING)
    if connection.ends_at <= at:
        _refused(connection, SourceTrouble(Trouble.SESSION_OVER), by, at)
    access = access_to(source)
    applicant = applicant_of(connection, consent_for(connection.business, source, at), at)
    _take_a_try(connection)
    try:
        session = access.connector.complete(access.line, applicant, kept_of(connection), given, at)
    except SourceTrouble as trouble:
        _refused(connection, trouble, by, at)
    return _opened(connection, session, by, at)


def _take_a_try(connection: SourceConnection) -> None:
    """Count the try before the source is asked: guesses sent at once cannot pass the bound. Raises UnableToConnect."""
    with transaction.atomic(durable=True):
        held = _locked(connection)
        if held.state != ConnectionState.WAITING or held.wrong_codes >= MOST_WRONG_CODES:
            raise UnableToConnect(NOT_WAITING)
        held.wrong_codes += 1
        held.save(update_fields=["wrong_codes"])


def _opened(connection: SourceConnection, session: Session, by: User, at: datetime) -> SourceConnection:
    with transaction.atomic(durable=True):
        held = _locked(connection)
        if held.state != ConnectionState.WAITING:
            raise UnableToConnect(NOT_WAITING)
        held.kept = json.dumps({**session.kept, "address": kept_of(connection)["address"]})
        held.ends_at, held.state, held.trouble, held.detail = session.ends_at, ConnectionState.FETCHING, "", ""
        held.save(update_fields=["kept", "ends_at", "state", "trouble", "detail"])
        audit.record("source.connected", target=held, at=at, by=by, payload={"until": session.ends_at})
        publish(SourceFetchAsked(connection_id=held.pk, business_id=held.business_id))
    return held


def _refused(connection: SourceConnection, trouble: SourceTrouble, by: User, at: datetime) -> NoReturn:
    """Note why the sign-in failed, unless the connection moved on meanwhile. Raises UnableToConnect always."""
    with transaction.atomic(durable=True):
        held = _locked(connection)
        if held.state == ConnectionState.WAITING:
            _note_refusal(held, trouble, by, at)
    raise unable(trouble)


def _note_refusal(held: SourceConnection, trouble: SourceTrouble, by: User, at: datetime) -> None:
    """Some troubles leave another try, and only a wrong code uses one up; inside the caller's transaction."""
    was_wrong = trouble.trouble is Trouble.WRONG_CODE
    if trouble.trouble not in ANOTHER_TRY or (was_wrong and held.wrong_codes >= MOST_WRONG_CODES):
        close(held, ConnectionState.ENDED, trouble.trouble, trouble.detail)
        audit.record("source.ended", target=held, at=at, by=by, outcome=trouble.trouble)
        return
    held.wrong_codes -= not was_wrong
    held.trouble, held.detail = trouble.trouble, trouble.detail
    held.save(update_fields=["wrong_codes", "trouble", "detail"])
    audit.record("source.asked", target=held, at=at, by=by, outcome=trouble.trouble)


def end_connection(*, connection_id: UUID, by: User, at: datetime) -> SourceConnection:
    """Forget the sign-in at a source; what was fetched stays. Ended already: nothing happens."""
    found = _own(connection_id, by)
    with transaction.atomic(durable=True):
        connection = _locked(found)
        if connection.state in OPEN:
            close(connection, ConnectionState.ENDED, ENDED_BY_OWNER)
            audit.record("source.ended", target=connection, at=at, by=by)
            publish(SourceMoved(connection_id=connection.pk, business_id=connection.business_id))
    return connection


def close(connection: SourceConnection, state: ConnectionState, trouble: str = "", detail: str = "") -> None:
    """End a connection inside the caller's transaction: keys, tokens and the name at the source open for nobody."""
    connection.state, connection.trouble, connection.detail = state, trouble, detail
    connection.kept, connection.data_key, connection.next_at = "", "", None
    connection.save(update_fields=["state", "trouble", "detail", "kept", "data_key", "next_at"])


def consent_for(business: Business, source: str, at: datetime) -> Consent:
    """The owner's live consent to the house that covers something of a source. Raises UnableToConnect."""
    consent = live_consent(business_id=business.pk, organisation_id=platform().pk, at=at)
    if consent is None or not set(consent.kinds) & set(FORMATS[source].values()):
        raise UnableToConnect("There is no live consent for this kind of evidence; grant it first.", code="no_consent")
    return consent


def covered_span(consent: Consent, span: Span) -> Span:
    """The days of a span that the consent covers. Raises UnableToConnect (`outside_consent`)."""
    begins, ends = consent.data_from, consent.data_to
    first = span.first if begins is None else max(span.first, begins.astimezone(IST).date())
    last = span.last if ends is None else min(span.last, ends.astimezone(IST).date())
    if first > last:
        raise UnableToConnect("Your consent covers none of these days.", code=OUTSIDE_CONSENT)
    return Span(first, last)


def applicant_of(connection: SourceConnection, consent: Consent, at: datetime) -> Applicant:
    """For whom a connection asks."""
    business, address = connection.business, kept_of(connection)["address"]
    return Applicant(business.gstin, business.pan, connection.handle, address, _days(consent, at))


def kept_of(connection: SourceConnection) -> Kept:
    """The texts kept between two steps; none once they are forgotten."""
    return json.loads(connection.kept) if connection.kept else {"address": ""}


def unable(trouble: SourceTrouble) -> ApplicationError:
    """A trouble as its sentence; the code is the trouble's name."""
    return UnableToConnect(SENTENCES[trouble.trouble], code=str(trouble.trouble))


def _own(connection_id: UUID, by: User) -> SourceConnection:
    connection = visible_connection(user=by, connection_id=connection_id)
    require(by, Capability.SHARE_EVIDENCE, connection.business)
    return connection


def _locked(connection: SourceConnection) -> SourceConnection:
    """As it stands now, for the caller's transaction."""
    return SourceConnection.objects.select_for_update().get(pk=connection.pk)


def _days(consent: Consent, at: datetime) -> int:
    return max((consent.expires_at - at).days, 1) if consent.expires_at else 1


def _check(wanted: SourceSignIn) -> None:
    if wanted.source not in Source.values:
        raise InvalidInput(f"Choose one of: {', '.join(Source.values)}.", field="source", rule="source.name")
    source = Source(wanted.source)
    if not HANDLES[source].fullmatch(wanted.handle):
        raise InvalidInput(HANDLE_RULES[source], field="handle", rule="source.handle")
    if not wanted.span.first <= wanted.span.last <= wanted.span.first + LONGEST_SPAN:
        raise InvalidInput("Ask for a span of at most three years.", field="months", rule="source.span")
