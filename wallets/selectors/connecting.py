"""What the page of official sources shows: which of them this house has set up, and how far each connection is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext_noop as _

from accounts.models import Business, Consent, Job, User
from accounts.selectors import live_consent, platform
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.outgoing import is_local
from creditiq.kernel.wall import named
from wallets.engine.connectors import aggregator, gsp
from wallets.engine.connectors.protocol import Span, Trouble
from wallets.models import ConnectionState, FetchedPart, Source, SourceConnection
from wallets.selectors.pages import FORMAT_LABELS

FETCHING = "wallets.fetch_source"
"""The work whose job, keyed by the connection, tells how far the fetching is."""
NO_CONSENT, ENDED_BY_OWNER = "no_consent", "ended"
FORMATS: Mapping[str, Mapping[str, str]] = {
    Source.GST_NETWORK: gsp.FORMATS,
    Source.ACCOUNT_AGGREGATOR: aggregator.FORMATS,
}
NEEDED: Mapping[str, tuple[str, ...]] = {
    Source.GST_NETWORK: ("GSP_URL", "GSP_CLIENT_ID", "GSP_CLIENT_SECRET", "GSP_CERTIFICATE"),
    Source.ACCOUNT_AGGREGATOR: (
        "AA_URL", "AA_FIU_ID", "AA_API_KEY", "AA_SIGNING_KEY", "AA_SIGNING_KEY_ID", "AA_PUBLIC_KEY",
    ),
}  # fmt: skip
FILES = frozenset({"GSP_CERTIFICATE", "AA_SIGNING_KEY", "AA_PUBLIC_KEY"})
NOT_CONNECTED: Mapping[str, str] = {
    Source.GST_NETWORK: _("Not connected: this house has set up no GST provider."),
    Source.ACCOUNT_AGGREGATOR: _("Not connected: this house has set up no Account Aggregator."),
}
SENTENCES: Mapping[str, str] = {
    Trouble.UNREACHABLE: _("The source does not answer at the moment. Try again later."),
    Trouble.REFUSED: _("The source refused the request. Check the user name, or ask the house for help."),
    Trouble.WRONG_CODE: _("The source does not know this code. Type the newest one you were sent."),
    Trouble.SESSION_OVER: _("Your sign-in at the source has ended. Connect again to go on."),
    Trouble.NOT_APPROVED: _("The request still waits for your approval at the Account Aggregator."),
    Trouble.DENIED: _("The request was not approved at the Account Aggregator. Connect again if you want to."),
    Trouble.PREPARING: _("The source still prepares its answer. It is asked again by itself."),
    Trouble.TOO_LARGE: _("The answer is larger than we take. Download the file from the source and add it as a file."),
    Trouble.UNREADABLE: _("The source answered something that cannot be read. Nothing of it was kept."),
    Trouble.ALTERED: _("The answer was changed on its way, or sealed for somebody else. Nothing of it was kept."),
    Trouble.ANOTHER_BUSINESS: _("The source answered for another business. Nothing of it was kept."),
    Trouble.ANOTHER_PERIOD: _("The source answered for another period. Nothing of it was kept."),
    Trouble.NOT_AS_ASKED: _("The source agreed to something else than was asked. Nothing was fetched."),
    NO_CONSENT: _("Your consent for this kind of evidence has ended. Nothing more was fetched."),
    ENDED_BY_OWNER: _("You ended the connection. What was fetched before stays."),
}


@dataclass(frozen=True)
class SourceCard:
    """One source on the page: whether it can be connected, and the latest connection to it."""

    source: Source
    missing: tuple[str, ...]
    """Settings that the house must make first; none when it can be connected."""
    consented: bool
    connection: SourceConnection | None
    parts: tuple[FetchedPart, ...]
    job: Job | None

    @property
    def not_connected(self) -> str:
        """What the page says where the house has not set the source up."""
        return NOT_CONNECTED[self.source] if self.missing else ""

    @property
    def state(self) -> str:
        return self.connection.state if self.connection else ""

    @property
    def trouble(self) -> str:
        """Why the last step failed, in a sentence; empty when it did not."""
        return SENTENCES.get(self.connection.trouble, "") if self.connection else ""

    @property
    def can_go_on(self) -> bool:
        """Whether fetching can go on without a new sign-in."""
        halted = (ConnectionState.STOPPED, ConnectionState.FAILED)
        return self.connection is not None and self.connection.state in halted and bool(self.connection.kept)

    @property
    def can_connect(self) -> bool:
        """Whether a new connection may be begun: nothing is under way."""
        return self.state not in (ConnectionState.WAITING, ConnectionState.FETCHING)

    @property
    def tone(self) -> str:
        """Of the badge."""
        return {ConnectionState.DONE: "good", ConnectionState.FAILED: "bad"}.get(ConnectionState(self.state), "neutral")

    @property
    def page(self) -> str:
        """Where the owner approves, if that is a page."""
        return settings.AA_PAGE if self.source is Source.ACCOUNT_AGGREGATOR else ""


@dataclass(frozen=True)
class SourcesPage:
    """All sources for one business."""

    business: Business
    consent: Consent | None
    cards: tuple[SourceCard, ...]


def missing_settings(source: str) -> tuple[str, ...]:
    """What the house must set before a source can be asked; so does a file that is not there, or a plain address."""
    if settings.SOURCE_RECORDINGS:
        return ()
    lacking = [
        name for name in NEEDED[source]
        if not getattr(settings, name) or (name in FILES and not _readable(getattr(settings, name)))
    ]  # fmt: skip
    address = NEEDED[source][0]
    url = str(getattr(settings, address))
    if url and not url.startswith("https://") and not is_local(url):
        lacking.append(address)
    return tuple(lacking)


def _readable(path: str) -> bool:
    """Whether this program may read a file; asking that first keeps a closed folder from raising."""
    return os.access(path, os.R_OK) and Path(path).is_file()


def last_months(months: int, at: datetime) -> Span:
    """The whole months before this one, by India's calendar, and for accounts the days since: up to yesterday."""
    today = at.astimezone(IST).date()
    number = today.year * 12 + today.month - 1 - months
    return Span(date(number // 12, number % 12 + 1, 1), today - timedelta(days=1))


def sources_page(*, business: Business, at: datetime) -> SourcesPage:
    """Every source with its latest connection."""
    consent = live_consent(business_id=business.pk, organisation_id=platform().pk, at=at)
    latest = {
        connection.source: connection for connection in SourceConnection.objects.filter(business=business).order_by(
            "source", "-begun_at", "-pk"
        ).distinct("source")
    }  # fmt: skip
    kinds = set(consent.kinds) if consent else set()
    return SourcesPage(business, consent, tuple(_card(source, latest.get(source), kinds) for source in Source))


def source_card(connection: SourceConnection, *, at: datetime) -> SourceCard:
    """The same of one connection."""
    consent = live_consent(business_id=connection.business_id, organisation_id=platform().pk, at=at)
    return _card(Source(connection.source), connection, set(consent.kinds) if consent else set())


def _card(source: Source, connection: SourceConnection | None, kinds: set[str]) -> SourceCard:
    parts = tuple(connection.parts.select_related("upload")) if connection else ()
    consented = bool(kinds & set(FORMATS[source].values()))
    return SourceCard(source, missing_settings(source), consented, connection, parts, fetching_job(connection))


def fetching_job(connection: SourceConnection | None) -> Job | None:
    """How far the fetching is; none before it began."""
    if connection is None or connection.state != ConnectionState.FETCHING:
        return None
    # The key holds the id of a connection that its reader may see.
    return named(Job.objects.filter(key=job_key(connection))).first()


def job_key(connection: SourceConnection) -> str:
    """The key under which the fetching of a connection is a job."""
    return f"{FETCHING}:{connection.uuid}"


def visible_connection(*, user: User, connection_id: UUID) -> SourceConnection:
    """A connection of a business the user may see. Raises NotVisible."""
    mine = SourceConnection.objects.filter(business__in=Business.objects.visible_to(user))
    connection = mine.select_related("business", "by").filter(uuid=connection_id).first()
    if connection is None:
        raise NotVisible
    return connection


def part_label(part: FetchedPart) -> str:
    """A part as people call it: `GSTR-1 09/2026`."""
    period = f"{part.period[:2]}/{part.period[2:]}" if part.period.isdigit() else part.period.replace("/", " – ")
    return f"{FORMAT_LABELS[part.format]} {period}"
