"""Lists ready to be asked, matches for the review desk, and what holds a business because of its name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Q

from accounts.models import Business, User
from accounts.permissions import Capability, can
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.wall import named
from fraud.engine.names.entities import ListedEntity
from fraud.engine.names.screening import Screener
from fraud.models import Delta, Match, MatchState, ScreeningRun, WatchlistEntity, WatchlistSource
from fraud.selectors.parties import Party, parties

MATCHES_PER_PAGE = 25
TABS = (
    ("open", "To review"), ("second", "Second person"), ("asked", "Asked"), ("confirmed", "True"),
    ("dismissed", "Somebody else"), ("lapsed", "Lapsed"), ("all", "All"),
)  # fmt: skip
TOLD = {
    "names": "How alike the names are",
    "slips": "Letters written wrong",
    "prior": "Most namesakes are nobody listed",
    "rarity": "How rare the shared words are",
    "not_listed": "Words of the customer's name that the list does not have",
    "middle_missing": "Middle names that the customer leaves out",
    "ends_missing": "First or family name of the listed one that the customer lacks",
    "another_word": "Near spellings that are names of their own",
    "initials": "Initials that fit",
    "weak_alias": "The list itself calls this alias weak",
    "birth": "Dates of birth",
    "country": "Countries",
    "identifier": "The same identifier",
    "other_kind": "A person against an organisation",
}


@dataclass(frozen=True)
class MatchRow:
    """A match in the queue; `rank` is its place."""

    match: Match
    party: Party
    rank: int


@dataclass(frozen=True)
class MatchQueue:
    """The review desk. `lists` are the versions in force, empty before the first was loaded."""

    rows: tuple[MatchRow, ...]
    page: Page[Match]
    tabs: tuple[tuple[str, str, int], ...]
    current: str
    lists: tuple[WatchlistSource, ...]
    deltas: tuple[Delta, ...]


@dataclass(frozen=True)
class Words:
    """One word or group of the customer's name beside its answer on the list; empty: nobody answers."""

    asked: str
    listed: str
    how: str
    alike: float | None


@dataclass(frozen=True)
class MatchView:
    """One match side by side: the names word by word, the parts of the log-odds, strongest first."""

    match: Match
    party: Party
    entity: ListedEntity
    words: tuple[Words, ...]
    parts: tuple[tuple[str, float], ...]
    decidable: bool


def changed_entities(delta: Delta) -> frozenset[int]:
    """Primary keys of what a loading added or changed, as far as it is still listed."""
    rows = WatchlistEntity.objects.listed().filter(source_id=delta.source_id, key__in=[*delta.added, *delta.changed])
    return frozenset(rows.values_list("pk", flat=True))


def listed_entities() -> dict[int, ListedEntity]:
    """Entities on the lists now, by primary key."""
    rows = WatchlistEntity.objects.listed().order_by("pk")
    return {key: ListedEntity.from_content(content) for key, content in rows.values_list("pk", "content")}


def versions() -> dict[str, str]:
    """The lists in force, name → version."""
    return dict(WatchlistSource.objects.order_by("name").values_list("name", "version"))


def screener() -> tuple[Screener, dict[int, int]]:
    """All lists ready to be asked, and the key of each entity; built once per loading and worker."""
    return _screener(tuple(WatchlistSource.objects.order_by("pk").values_list("pk", "loaded_at")))


@lru_cache(maxsize=1)
def _screener(_loadings: tuple[tuple[int, datetime], ...]) -> tuple[Screener, dict[int, int]]:
    return screener_of(listed_entities())


def screener_of(entities: dict[int, ListedEntity]) -> tuple[Screener, dict[int, int]]:
    """A screener and the database key of each of its entities by identity."""
    return Screener(entities.values()), {id(entity): key for key, entity in entities.items()}


def match_queue(*, user: User, tab: str = "open", page: str = "1") -> MatchQueue:
    """Matches the person may see, likeliest first."""
    current = tab if tab in {code for code, _ in TABS} else "open"
    seen = Match.objects.visible_to(user)
    shown = Paginator(seen.in_state(current).select_related("entity__source").likeliest_first(), MATCHES_PER_PAGE)
    here = shown.get_page(page)
    return MatchQueue(
        rows=match_rows(list(here), user, here.start_index()),
        page=here,
        tabs=tuple((code, label, seen.in_state(code).count()) for code, label in TABS),
        current=current,
        lists=tuple(watchlists()),
        deltas=tuple(Delta.objects.select_related("source").order_by("-loaded_at", "-pk")[:10]),
    )


def visible_match(*, user: User, match_id: UUID) -> Match:
    """A match of a business the person may see. Raises NotVisible."""
    rows = Match.objects.visible_to(user).select_related("entity__source", "run", "reviewer", "second_reviewer")
    match = rows.filter(uuid=match_id).first()
    if match is None:
        raise NotVisible
    return match


def match_view(*, user: User, match_id: UUID) -> MatchView:
    """One match with its explanation. Raises NotVisible."""
    match = visible_match(user=user, match_id=match_id)
    parts = sorted(match.features["parts"].items(), key=lambda part: -abs(part[1]))
    return MatchView(
        match=match,
        party=parties(user, {match.business_id})[match.business_id],
        entity=ListedEntity.from_content(match.entity.content),
        words=tuple(Words(**told) for told in match.features["words"]),
        parts=tuple((TOLD.get(name, name), value) for name, value in parts),
        decidable=match.state in (MatchState.OPEN, MatchState.ASKED, MatchState.SECOND),
    )


def names_hold(*, business_ids: Collection[int], at: datetime) -> dict[int, Match]:
    """The surest confirmed match of each business that has one in force at `at`."""
    rows = Match.objects.filter(business_id__in=business_ids).holding_at(at).order_by("business_id", "-margin", "pk")
    return {match.business_id: match for match in rows.distinct("business_id")}


def runs(*, user: User, limit: int = 50) -> list[ScreeningRun]:
    """The latest runs over everybody, and over single businesses the person may see."""
    rows = ScreeningRun.objects.filter(Q(business=None) | Q(business__in=Business.objects.visible_to(user)))
    return list(named(rows).select_related("business").order_by("-at", "-pk")[:limit])


def may_load(user: User) -> bool:
    """Whether somebody puts lists in force: every bank's customers are held against them, so the platform's staff."""
    platform = user.organisation is not None and user.organisation.is_platform
    return platform and can(user, Capability.WORK_FRAUD)


def watchlists() -> list[WatchlistSource]:
    """The lists in force, by name."""
    return list(WatchlistSource.objects.order_by("name"))


def match_rows(matches: list[Match], user: User, first: int = 1) -> tuple[MatchRow, ...]:
    """Matches in the given order with who they are about; two queries however many."""
    known = parties(user, {match.business_id for match in matches})
    return tuple(MatchRow(match, known[match.business_id], rank) for rank, match in enumerate(matches, first))
