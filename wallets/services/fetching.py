"""Fetching from a connected source: part by part, every document on the same way as a file that somebody sends in.

Running twice changes nothing: a part that is here is not fetched again, the same document is one upload. Stopped, cut
off or failed, it goes on where it was, as long as the source still knows us.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Consent, Job, JobState, User
from accounts.permissions import Capability, require
from accounts.services import JobCancelled, Run, begin_job, end_job, runnable
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from wallets.engine.connectors.protocol import Document, Fetched, Part, SourceTrouble, Span, Trouble
from wallets.events import SourceFetchAsked, SourceMoved
from wallets.models import ConnectionState, FetchedPart, Source, SourceConnection
from wallets.models.uploads import UploadMode
from wallets.selectors.connecting import FETCHING, NO_CONSENT, SENTENCES, job_key, part_label, visible_connection
from wallets.services.connecting import OUTSIDE_CONSENT, applicant_of, close, consent_for, covered_span, kept_of
from wallets.services.progress import uuid_in
from wallets.services.source_lines import Access, UnableToConnect, access_to
from wallets.services.uploads import IncomingFile, receive_upload

PARTS_AT_ONCE = 12
"""Of one task: a source may take seconds for each; the rest is asked for anew."""
ASK_AGAIN = timedelta(seconds=45)
AT_ONCE = 500
FORGOTTEN_AT_ONCE = frozenset({Trouble.SESSION_OVER, Trouble.DENIED, Trouble.NOT_AS_ASKED})
"""Troubles after which the session is good for nothing."""
Clock = Callable[[], datetime]


class _Waiting(Exception):
    """The source still prepares its answer."""


def ask_fetch(*, connection_id: UUID, by: User, at: datetime) -> SourceConnection:
    """Go on with a fetching that was stopped or failed. Raises UnableToConnect when a new sign-in is needed."""
    with transaction.atomic(durable=True):
        connection = _held(connection_id, by)
        _go_on(connection, by, at)
    return connection


def _go_on(connection: SourceConnection, by: User | None, at: datetime) -> None:
    """Have a halted connection fetch again; inside the caller's transaction. Raises UnableToConnect."""
    halted = connection.state in {ConnectionState.STOPPED, ConnectionState.FAILED}
    if not halted or not connection.kept or connection.ends_at <= at:
        raise UnableToConnect(SENTENCES[Trouble.SESSION_OVER], code=str(Trouble.SESSION_OVER))
    connection.state, connection.trouble, connection.detail = ConnectionState.FETCHING, "", ""
    connection.save(update_fields=["state", "trouble", "detail"])
    audit.record("source.fetch_asked", target=connection, at=at, by=by)
    publish(SourceFetchAsked(connection_id=connection.pk, business_id=connection.business_id))


def stop_fetch(*, connection_id: UUID, by: User, at: datetime) -> SourceConnection:
    """Stop after the document that is under way; what is here stays. Raises UnableToConnect."""
    with transaction.atomic(durable=True):
        connection = _held(connection_id, by)
        if connection.state != ConnectionState.FETCHING:
            raise UnableToConnect("Nothing is being fetched.")
        _stop(connection, by, at)
    return connection


def fetch_source(*, connection_id: int, clock: Clock) -> SourceConnection:
    """Fetch what is still missing; a long fetching asks for itself again. Runs twice without harm.

    Minutes pass between two documents: session and consent are judged anew for each, by the `clock`.
    """
    connection = SourceConnection.objects.select_related("business", "by").get(pk=connection_id)
    if connection.state != ConnectionState.FETCHING:
        return connection
    title = f"Fetch from {Source(connection.source).label}"
    run = begin_job(work=FETCHING, title=title, key=job_key(connection), at=clock())
    try:
        return _fetched(connection, run, clock)
    except _Waiting:
        return _wait(connection, clock())
    except JobCancelled:
        end_job(run.job_id, JobState.CANCELLED, "Stopped; what was fetched so far stays.", clock())
        return _settled(connection, ConnectionState.STOPPED, clock())
    except SourceTrouble as trouble:
        end_job(run.job_id, JobState.FAILED, SENTENCES[trouble.trouble], clock())
        return _settled(connection, ConnectionState.FAILED, clock(), trouble=trouble.trouble, detail=trouble.detail)
    except ApplicationError as error:
        end_job(run.job_id, JobState.FAILED, error.message, clock())
        over = NO_CONSENT if error.code in {NO_CONSENT, OUTSIDE_CONSENT} else Trouble.REFUSED
        return _settled(connection, ConnectionState.FAILED, clock(), trouble=over, detail=error.code)


@runnable(FETCHING, title="Fetch from an official source", by_hand=False)
def fetch_source_as_job(run: Run) -> str:
    """Ask for the fetching once more, after an administrator started it again; it takes this job up and ends it."""
    uuid = uuid_in(Job.objects.values_list("key", flat=True).get(pk=run.job_id))
    with transaction.atomic(durable=True):
        connection = SourceConnection.objects.select_for_update().get(uuid=uuid)
        if connection.state == ConnectionState.FETCHING:  # cut off: nobody works on it any more
            publish(SourceFetchAsked(connection_id=connection.pk, business_id=connection.business_id))
        else:
            _go_on(connection, None, run.at)
    return "The source is asked again."


def move_sources(*, at: datetime) -> int:
    """Every minute: forget sessions whose time is over, and ask again where a source prepared its answer."""
    with transaction.atomic(durable=True):
        rows = SourceConnection.objects.select_for_update(skip_locked=True, of=("self",)).order_by("pk")
        over = rows.exclude(kept="").filter(ends_at__lte=at)[:AT_ONCE]
        for connection in over:
            unfinished = connection.state != ConnectionState.DONE
            close(connection, ConnectionState.ENDED, Trouble.SESSION_OVER if unfinished else "")
            audit.record("source.ended", target=connection, at=at, outcome=Trouble.SESSION_OVER)
            publish(SourceMoved(connection_id=connection.pk, business_id=connection.business_id))
        due = rows.filter(state=ConnectionState.FETCHING, next_at__lte=at)[:AT_ONCE]
        for connection in due:
            connection.next_at = None
            connection.save(update_fields=["next_at"])
            publish(SourceFetchAsked(connection_id=connection.pk, business_id=connection.business_id))
    _end_jobs_of_halted(at)
    return len(over) + len(due)


def _end_jobs_of_halted(at: datetime) -> None:
    """A connection that was stopped or ended between two tasks leaves a job that nobody works on."""
    running = Job.objects.filter(work=FETCHING, state=JobState.RUNNING).values_list("pk", "key")[:AT_ONCE]
    keys = {uuid_in(key): pk for pk, key in running}
    halted = SourceConnection.objects.filter(uuid__in=keys).exclude(state=ConnectionState.FETCHING)
    for uuid in halted.values_list("uuid", flat=True):
        end_job(keys[uuid], JobState.CANCELLED, "Stopped; what was fetched so far stays.", at)


def _fetched(connection: SourceConnection, run: Run, clock: Clock) -> SourceConnection:
    access, consent = access_to(connection.source), _allowed(connection, clock())
    span = covered_span(consent, Span(connection.first_day, connection.last_day))
    parts = access.connector.parts(span, consent.kinds)
    here = set(connection.parts.values_list("format", "period"))
    missing = [part for part in parts if (part.format, part.period) not in here]
    for number, part in enumerate(missing[:PARTS_AT_ONCE], start=len(parts) - len(missing)):
        _step(connection, run, part, number, len(parts))
        _take(connection, access, part, clock)
    if len(missing) > PARTS_AT_ONCE:
        with transaction.atomic(durable=True):
            publish(SourceFetchAsked(connection_id=connection.pk, business_id=connection.business_id))
        return connection
    run.step("Done", done=len(parts), total=len(parts))
    end_job(run.job_id, JobState.DONE, "Everything the source has for these days is here.", clock())
    return _settled(connection, ConnectionState.DONE, clock())


def _allowed(connection: SourceConnection, at: datetime) -> Consent:
    """The consent under which it fetches. Raises SourceTrouble(SESSION_OVER), UnableToConnect."""
    if connection.ends_at <= at:
        raise SourceTrouble(Trouble.SESSION_OVER)
    return consent_for(connection.business, connection.source, at)


def _step(connection: SourceConnection, run: Run, part: Part, number: int, total: int) -> None:
    """Say how far it is. Raises JobCancelled when somebody stopped it or the connection ended."""
    run.step(part_label(FetchedPart(format=part.format, period=part.period)), done=number, total=total)
    if not SourceConnection.objects.filter(pk=connection.pk, state=ConnectionState.FETCHING).exists():
        raise JobCancelled


def _take(connection: SourceConnection, access: Access, part: Part, clock: Clock) -> None:
    """Fetch one part and put what it holds on the way of a file. Raises SourceTrouble, _Waiting, UnableToReceive."""
    at = clock()
    applicant, kept = applicant_of(connection, _allowed(connection, at), at), kept_of(connection)
    try:
        found = access.connector.fetch(access.line, applicant, kept, part, at)
    except SourceTrouble as trouble:
        if trouble.trouble is Trouble.PREPARING:
            raise _Waiting from trouble
        raise
    _keep(connection, found)
    if found.waiting:
        raise _Waiting
    _note(connection, part, [_received(connection, part, document, clock()) for document in found.documents], clock())


def _keep(connection: SourceConnection, found: Fetched) -> None:
    """What the connector wants to know next time, if it is something else than before."""
    if dict(found.kept) == dict(kept_of(connection)):
        return
    with transaction.atomic(durable=True):
        held = SourceConnection.objects.select_for_update().get(pk=connection.pk)
        if held.state != ConnectionState.FETCHING:
            raise JobCancelled
        connection.kept = json.dumps(dict(found.kept))
        connection.save(update_fields=["kept"])


def _received(connection: SourceConnection, part: Part, document: Document, at: datetime) -> int:
    """The upload of one document. Raises JobCancelled, SourceTrouble, UnableToConnect, UnableToReceive."""
    with transaction.atomic(durable=True):  # the source may have taken long, and the owner changed their mind
        held = SourceConnection.objects.select_for_update(of=("self",)).select_related("business").get(pk=connection.pk)
        if held.state != ConnectionState.FETCHING:
            raise JobCancelled
        _allowed(held, at)
    file = IncomingFile(document.name, document.content, part.format, UploadMode.VALID_LINES, connection.source)
    try:
        return receive_upload(business=connection.business, file=file, by=connection.by, at=at).pk
    except InvalidInput as error:  # larger than this house takes
        raise SourceTrouble(Trouble.TOO_LARGE, error.rule) from error


def _note(connection: SourceConnection, part: Part, uploads: Sequence[int], at: datetime) -> None:
    """A part counts as here once all of it is: its documents are noted together, or that the source has none."""
    about = {"connection": connection, "format": part.format, "period": part.period, "fetched_at": at}
    with transaction.atomic(durable=True):
        FetchedPart.objects.bulk_create(
            [FetchedPart(**about, number=number, upload_id=pk) for number, pk in enumerate(uploads or [None], start=1)],
            ignore_conflicts=True,
        )
        publish(SourceMoved(connection_id=connection.pk, business_id=connection.business_id))


def _wait(connection: SourceConnection, at: datetime) -> SourceConnection:
    with transaction.atomic(durable=True):
        held = SourceConnection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
        if held.state == ConnectionState.FETCHING:
            held.next_at, held.trouble = at + ASK_AGAIN, Trouble.PREPARING
            held.save(update_fields=["next_at", "trouble"])
            publish(SourceMoved(connection_id=held.pk, business_id=held.business_id))
    return held


def _settled(
    connection: SourceConnection, state: ConnectionState, at: datetime, *, trouble: str = "", detail: str = ""
) -> SourceConnection:
    """Write down how the fetching ended, unless the owner ended it meanwhile."""
    with transaction.atomic(durable=True):
        held = SourceConnection.objects.select_for_update(of=("self",)).get(pk=connection.pk)
        if held.state != ConnectionState.FETCHING:
            return held
        if state == ConnectionState.DONE or trouble in FORGOTTEN_AT_ONCE or trouble == NO_CONSENT:
            close(held, state, trouble, detail)
        else:
            held.state, held.trouble, held.detail, held.next_at = state, trouble, detail, None
            held.save(update_fields=["state", "trouble", "detail", "next_at"])
        audit.record("source.fetched", target=held, at=at, outcome=trouble or str(state))
        publish(SourceMoved(connection_id=held.pk, business_id=held.business_id))
    return held


def _stop(connection: SourceConnection, by: User, at: datetime) -> None:
    connection.state, connection.next_at, connection.trouble = ConnectionState.STOPPED, None, ""
    connection.save(update_fields=["state", "next_at", "trouble"])
    audit.record("source.stopped", target=connection, at=at, by=by)
    publish(SourceMoved(connection_id=connection.pk, business_id=connection.business_id))


def _held(connection_id: UUID, by: User) -> SourceConnection:
    """The connection, locked, once the person may act on it; inside the caller's transaction."""
    found = visible_connection(user=by, connection_id=connection_id)
    require(by, Capability.SHARE_EVIDENCE, found.business)
    return SourceConnection.objects.select_for_update(of=("self",)).get(pk=found.pk)
