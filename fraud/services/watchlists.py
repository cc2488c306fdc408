"""Load lists, store what changed, and close what no longer stands."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.events import publish
from fraud.engine.names.lists.loading import Change, Watchlist, compare_versions, read_lists
from fraud.engine.names.lists.reading import BadList
from fraud.events import WatchlistChanged
from fraud.models import UNDECIDED, Delta, Match, MatchState, WatchlistEntity, WatchlistSource
from fraud.selectors.watchlists import may_load
from wallets.services import take_risk_list

BATCH = 2_000


def load_watchlists(*, files: Sequence[tuple[str, bytes]], at: datetime, by: User | None = None) -> list[Delta]:
    """Take the lists of the files into force, one delta each; the same files again change nothing.

    `by` None is the operator at the command line. Raises InvalidInput naming file and line, Forbidden.
    """
    if by is not None:
        require(by, Capability.WORK_FRAUD)
        if not may_load(by):
            raise Forbidden("Every bank's customers are held against the lists, so the platform's staff loads them.")
    try:
        lists = read_lists(files)
    except BadList as problem:
        raise InvalidInput(str(problem), field="files", rule="watchlist.format") from problem
    return [_store(one, at, by) for one in lists]


def load_configured_watchlists(*, paths: Sequence[Path], at: datetime) -> list[Delta]:
    """The lists that the operator keeps at these paths; none is none. Raises InvalidInput naming file and line."""
    try:
        files = [(path.name, path.read_bytes()) for path in paths]
    except OSError as problem:
        message = f"{problem.filename}: {problem.strerror}; put the file there or take it out of WATCHLIST_FILES."
        raise InvalidInput(message, field="files", rule="watchlist.file") from problem
    return load_watchlists(files=files, at=at) if files else []


def _store(one: Watchlist, at: datetime, by: User | None) -> Delta:
    with transaction.atomic(durable=True):
        source, _ = WatchlistSource.objects.select_for_update().get_or_create(
            name=one.name, defaults={"version": "", "digest": "", "loaded_at": at, "entities": 0}
        )
        before = dict(WatchlistEntity.objects.listed().filter(source=source).values_list("key", "digest"))
        change = compare_versions(before, {entity.key: entity.digest for entity in one.entities})
        _write(source, one, change, at)
        source.version, source.digest, source.loaded_at = one.version, one.digest, at
        source.entities = len(one.entities)
        source.save()
        take_risk_list(name=one.name, version=one.version, addresses=_listed_wallets(one), at=at)
        delta = Delta.objects.create(
            source=source,
            version=one.version,
            digest=one.digest,
            loaded_at=at,
            loaded_by=by,
            added=list(change.added),
            changed=list(change.changed),
            removed=list(change.removed),
        )
        payload = {
            "version": one.version,
            **{name: len(getattr(delta, name)) for name in ("added", "changed", "removed")},
        }
        audit.record("watchlist.loaded", target=source, at=at, by=by, payload=payload)
        if change.added or change.changed:
            publish(WatchlistChanged(delta_id=delta.pk))
    return delta


def _listed_wallets(one: Watchlist) -> dict[tuple[str, str], str]:
    """Addresses on chains with what they are listed as, and the key of whom they belong to."""
    return {
        (address, kind): entity.key
        for entity in one.entities
        for kind in entity.listed_as
        for address in entity.wallets
    }


def _write(source: WatchlistSource, one: Watchlist, change: Change, at: datetime) -> None:
    """Entities that are new or say something else; what was removed stays on record with its date."""
    fresh = {*change.added, *change.changed}
    WatchlistEntity.objects.bulk_create(
        [
            WatchlistEntity(
                source=source,
                key=entity.key,
                name=entity.names[0].text,
                kind=entity.kind,
                digest=entity.digest,
                content=entity.content(),
            )
            for entity in one.entities
            if entity.key in fresh
        ],
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["source", "key"],
        update_fields=["name", "kind", "digest", "content", "removed_at"],
    )
    gone = WatchlistEntity.objects.filter(source=source, key__in=change.removed)
    gone.update(removed_at=at)
    stale = Match.objects.filter(entity__source=source, entity__key__in=[*change.changed, *change.removed])
    stale.filter(state__in=[*UNDECIDED, MatchState.DISMISSED]).update(state=MatchState.LAPSED, lapsed_at=at)
    stale.filter(state=MatchState.CONFIRMED, entity__key__in=change.removed).update(
        state=MatchState.LAPSED, lapsed_at=at
    )
