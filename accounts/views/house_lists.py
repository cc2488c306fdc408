"""The lists of the house: their columns, and their rows for the file in the order of the pages."""

from collections.abc import Callable, Iterable

from accounts import selectors
from accounts.forms import TrailForm
from accounts.models import (
    ApprovalRequest,
    ApprovalState,
    AuditEntry,
    Breach,
    Business,
    Claim,
    DataRequest,
    FrozenReport,
    Job,
    User,
    Webhook,
)
from accounts.permissions import capabilities_of
from accounts.selectors import Asked, Column, Listing, kyc_pages, moment_cell, person_cell
from accounts.selectors.breaches import breaches
from accounts.selectors.reports import frozen_reports
from creditiq.kernel.models import Delivery

TRAIL_FILTERS = tuple(TrailForm.base_fields)


def reckoned(name: str) -> Callable[[object], str]:
    """The cell of what a query reckoned beside its rows; nothing for nothing."""
    return lambda row: str(getattr(row, name) or "")


def _people(asked: Asked) -> Iterable[User]:
    return selectors.people_page(words=asked.filters.get("q", ""), role=asked.filters.get("role", ""))


def _trail(asked: Asked) -> Iterable[AuditEntry]:
    form = TrailForm(asked.filters)
    wanted = selectors.TrailFilter(**form.cleaned_data) if form.is_valid() else selectors.TrailFilter()
    return selectors.trail(user=asked.user, oversees=True, wanted=wanted).iterator()


def _identities(asked: Asked) -> Iterable[Business]:
    show = asked.filters.get("show", "")
    return kyc_pages.kyc_desk(user=asked.user, show=show if show in kyc_pages.SHOWS else "waiting", at=asked.at)


def _approvals(asked: Asked) -> Iterable[ApprovalRequest]:
    state = asked.filters.get("state", ApprovalState.PENDING)
    return selectors.approvals(user=asked.user, capabilities=capabilities_of(asked.user), state=state)


PEOPLE: Listing[User] = Listing(
    "accounts:people",
    (
        Column("who", "Who", lambda row: row.get_full_name(), also={"email": lambda row: row.email}),
        Column(
            "role",
            "Role",
            lambda row: row.role,
            also={
                "duties": lambda row: " ".join(row.duties),
                "organisation": lambda row: row.organisation.name if row.organisation else "",
            },
        ),
        Column("factor", "Second factor", lambda row: "on" if reckoned("has_factor")(row) else "none"),
        Column("sessions", "Sessions", lambda row: reckoned("portals")(row) or "0", numeric=True),
        Column(
            "standing",
            "Standing",
            lambda row: "closed" if not row.is_active else "active" if row.email_verified_at else "invited",
        ),
        Column("joined", "Joined", lambda row: moment_cell(row.joined_at), usual=False),
    ),
    _people,
    filters=("q", "role"),
)
JOBS: Listing[Job] = Listing(
    "accounts:jobs",
    (
        Column("job", "Job", lambda row: row.title, also={"message": lambda row: row.message or row.phase}),
        Column("state", "State", lambda row: row.state),
        Column("progress", "Progress", lambda row: row.done, also={"total": lambda row: row.total or ""}),
        Column(
            "asked",
            "Asked",
            lambda row: moment_cell(row.asked_at),
            also={"by": lambda row: person_cell(row.asked_by)},
        ),
    ),
    lambda asked: selectors.jobs(state=asked.filters.get("state", "")),
    filters=("state",),
)
SET_ASIDE: Listing[Delivery] = Listing(
    "accounts:set_aside",
    (
        Column("news", "News", lambda row: str(row.event)),
        Column("task", "Task", lambda row: row.task),
        Column("why", "Why", lambda row: row.error, also={"attempts": lambda row: row.attempts}),
        Column("published", "Published", lambda row: moment_cell(row.event.published_at)),
    ),
    lambda _asked: selectors.set_aside(),
)
TRAIL: Listing[AuditEntry] = Listing(
    "accounts:audit",
    (
        Column(
            "act",
            "Act",
            lambda row: row.action,
            also={
                "chain": lambda row: row.organisation.name if row.organisation else "platform",
                "seq": lambda row: row.seq,
            },
        ),
        Column(
            "who",
            "Who",
            lambda row: person_cell(row.actor),
            also={"email": lambda row: row.actor.email if row.actor else ""},
        ),
        Column("what", "What", lambda row: row.target, also={"outcome": lambda row: row.outcome}),
        Column("when", "When", lambda row: moment_cell(row.at)),
        Column("request", "Request", lambda row: row.request_id, usual=False),
        Column("hash", "Hash", lambda row: row.hash, usual=False),
    ),
    _trail,
    filters=TRAIL_FILTERS,
)
IDENTITIES: Listing[Business] = Listing(
    "accounts:kyc_desk",
    (
        Column("business", "Business", str),
        Column("tier", "Tier", reckoned("kyc_tier")),
        Column("risk", "Risk", reckoned("kyc_risk")),
        Column("due", "Next due", reckoned("kyc_due")),
        Column("papers", "Papers", lambda row: "waiting" if reckoned("kyc_waits")(row) else ""),
    ),
    _identities,
    filters=("show",),
)
APPROVALS: Listing[ApprovalRequest] = Listing(
    "accounts:approvals",
    (
        Column(
            "what",
            "What",
            lambda row: row.summary,
            also={"organisation": lambda row: row.organisation.name if row.organisation else ""},
        ),
        Column(
            "maker",
            "Asked by",
            lambda row: person_cell(row.maker),
            also={"asked": lambda row: moment_cell(row.made_at)},
        ),
        Column(
            "state",
            "State",
            lambda row: row.state,
            also={
                "checker": lambda row: person_cell(row.checker),
                "decided": lambda row: moment_cell(row.decided_at),
            },
        ),
        Column("until", "Until", lambda row: moment_cell(row.expires_at)),
    ),
    _approvals,
    filters=("state",),
)
BREACHES: Listing[Breach] = Listing(
    "accounts:breaches",
    (
        Column("breach", "Breach", lambda row: row.title),
        Column("state", "State", lambda row: str(row.state.label)),
        Column("noticed", "Noticed", lambda row: moment_cell(row.noticed_at)),
        Column("due", "Report due", lambda row: moment_cell(row.due_at)),
        Column(
            "told",
            "People told",
            lambda row: reckoned("told")(row) or "0",
            also={"touched": lambda row: reckoned("affected")(row) or "0"},
            numeric=True,
        ),
    ),
    lambda _asked: breaches(),
)
CLAIMS: Listing[Claim] = Listing(
    "accounts:claims",
    (
        Column("business", "Business", lambda row: row.business.gstin),
        Column(
            "claimant",
            "Claimed by",
            lambda row: person_cell(row.claimant),
            also={"email": lambda row: row.claimant.email},
        ),
        Column("proof", "Proof", lambda row: row.proof, also={"status": lambda row: row.status}),
        Column("since", "Since", lambda row: moment_cell(row.made_at)),
    ),
    lambda _asked: selectors.claims_to_decide(),
)
DATA_REQUESTS: Listing[DataRequest] = Listing(
    "accounts:data_requests",
    (
        Column("who", "Who", lambda row: person_cell(row.user)),
        Column("what", "What", lambda row: row.kind, also={"text": lambda row: row.text}),
        Column("due", "Due", lambda row: moment_cell(row.due_at)),
    ),
    lambda _asked: selectors.open_data_requests(),
)
WEBHOOKS: Listing[Webhook] = Listing(
    "accounts:webhooks",
    (
        Column("address", "Address", lambda row: row.url, also={"since": lambda row: moment_cell(row.made_at)}),
        Column("hears", "Hears", lambda row: " ".join(row.events)),
        Column("state", "State", lambda row: row.state, also={"why": lambda row: row.why}),
        Column(
            "calls",
            "Calls",
            lambda row: reckoned("waiting")(row) or "0",
            also={"given_up": lambda row: reckoned("given_up")(row) or "0"},
        ),
    ),
    lambda asked: selectors.webhooks(user=asked.user),
)
REPORTS: Listing[FrozenReport] = Listing(
    "accounts:reports",
    (
        Column("report", "Report", str, also={"organisation": lambda row: row.organisation.name}),
        Column("made", "Made", lambda row: moment_cell(row.made_at)),
        Column("by", "By", lambda row: person_cell(row.made_by)),
        Column("snapshot", "Snapshot", lambda row: str(row.uuid)),
    ),
    lambda asked: frozen_reports(user=asked.user),
)
