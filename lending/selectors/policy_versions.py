"""Versions of the policy as the risk manager reads them: what holds, what is drafted, what each changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import PolicySection, PolicyVersion, User
from creditiq.kernel.errors import NotVisible
from fraud import selectors as fraud
from lending.engine.leaves import Change, changes
from lending.engine.policy import DEFAULT_DOCUMENT
from scoring import selectors as scoring

SECTIONS = {
    "lending": "Caps, appetite, price and schemes by band",
    "fraud": "Windows and thresholds of rings, structuring, alerts, cases and disputes",
    "scoring": "Cut-offs of the bands, evidence a number needs, and the filing amnesty",
}
NO_AMNESTY: dict[str, object] = {
    "active": False, "quarter": "Q1", "fiscal_year": "2026-27", "filing_penalty_multiplier": 1.0, "description": "",
}  # fmt: skip


@dataclass(frozen=True)
class VersionRow:
    """One version with what it changes of the one before. `state` is draft, scheduled, live or retired."""

    section: str
    version: int
    state: str
    author: str
    approver: str
    own: bool
    live_from: datetime | None
    retired_at: datetime | None
    changed: tuple[Change, ...]
    document: Mapping[str, object]


@dataclass(frozen=True)
class SectionView:
    """A section with its versions, the newest first; no version means that the built-in document holds."""

    code: str
    title: str
    live: int
    versions: tuple[VersionRow, ...]


def policy_sections(*, user: User, at: datetime) -> tuple[SectionView, ...]:
    """Every section that is edited here."""
    rows = list(PolicyVersion.objects.select_related("author", "approver").order_by("section", "version"))
    return tuple(
        _section(code, title, [row for row in rows if row.section == code], user, at)
        for code, title in SECTIONS.items()
    )


def policy_version(*, section: str, version: int, user: User, at: datetime) -> VersionRow:
    """One version. Raises NotVisible."""
    for view in policy_sections(user=user, at=at):
        for row in view.versions:
            if view.code == section and row.version == version:
                return row
    raise NotVisible


def document_in_force(section: str, at: datetime) -> Mapping[str, object]:
    """The document that holds at `at`, built in while nothing is published. Raises NotVisible for no such section."""
    if section not in SECTIONS:
        raise NotVisible
    versions = PolicyVersion.objects.filter(section=section).in_force_at(at)
    found = versions.order_by("-live_from", "-version").first()
    return _written_out(section, found.document) if found else _built_in(section)


def document_to_edit(section: str, at: datetime, version: int | None = None) -> Mapping[str, object]:
    """Where a draft starts: the document in force, or that of an earlier version; scoring with every amnesty entry."""
    document = document_in_force(section, at)
    if version is not None:
        found = PolicyVersion.objects.filter(section=section, version=version).first()
        if found is None:
            raise NotVisible
        document = _written_out(section, found.document)
    return {"amnesty": NO_AMNESTY, **document} if section == PolicySection.SCORING else document


def _built_in(section: str) -> Mapping[str, object]:
    return DEFAULT_DOCUMENT if section == PolicySection.LENDING else _written_out(section, {})


def _written_out(section: str, document: Mapping[str, object]) -> Mapping[str, object]:
    """A stored document with what it left to the defaults, so that a comparison shows every entry."""
    if section == PolicySection.FRAUD:
        return fraud.written_out(document)
    return scoring.written_out(document) if section == PolicySection.SCORING else document


def _section(code: str, title: str, rows: list[PolicyVersion], user: User, at: datetime) -> SectionView:
    views: list[VersionRow] = []
    before: Mapping[str, object] = _built_in(code)
    for row in rows:
        document = _written_out(code, row.document)
        views.append(_row(row, (before, document), user, at))
        before = document
    live = next((view.version for view in views if view.state == "live"), 0)
    return SectionView(code, title, live, tuple(reversed(views)))


def _row(
    row: PolicyVersion, documents: tuple[Mapping[str, object], Mapping[str, object]], user: User, at: datetime
) -> VersionRow:
    before, document = documents
    return VersionRow(
        section=row.section,
        version=row.version,
        state=_state(row, at),
        author=row.author.get_full_name() or row.author.email,
        approver=(row.approver.get_full_name() or row.approver.email) if row.approver else "",
        own=row.author_id == user.pk,
        live_from=row.live_from,
        retired_at=row.retired_at,
        changed=changes(before, document),
        document=document,
    )


def _state(row: PolicyVersion, at: datetime) -> str:
    if row.live_from is None:
        return "draft"
    if row.live_from > at:
        return "scheduled"
    return "live" if row.retired_at is None or row.retired_at > at else "retired"
