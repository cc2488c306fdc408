"""Hold customers against the lists, and decide with two people what answered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.events import publish
from fraud.engine.names.entities import Subject
from fraud.engine.names.normalise import read_name
from fraud.engine.names.screening import ALGORITHM, Hit, Screener
from fraud.events import MatchDecided
from fraud.models import (
    UNDECIDED,
    Delta,
    Match,
    MatchState,
    ScreeningRun,
    Verdict,
    WatchlistEntity,
    Whitelist,
)
from fraud.selectors.customers import subjects_of
from fraud.selectors.watchlists import changed_entities, screener, versions, visible_match

WHITELISTED = timedelta(days=365)


class UnableToDecideMatch(ApplicationError):
    """The match is decided or lapsed, or the second person is the first."""

    code = "match_not_open"


@dataclass(frozen=True)
class _Asked:
    """A run in the making: whom, against what; of which entities answers count, None for all."""

    screener: Screener
    keys: Mapping[int, int]
    subjects: Mapping[int, Sequence[Subject]]
    only: frozenset[int] | None = None

    def hits(self, subject: Subject) -> list[Hit]:
        """Answers that count, likeliest first."""
        if self.only is None:
            return self.screener.screen(subject)
        only = self.only
        return self.screener.screen(subject, among=lambda entity: self.keys[id(entity)] in only)


def screen_customer(*, business_id: int, at: datetime) -> ScreeningRun:
    """All names of one customer against all lists; what was answered and decided before is not asked again."""
    asked = _Asked(*screener(), subjects_of([business_id]))
    return _screen(asked, ScreeningRun(business_id=business_id, at=at))


def screen_against_changes(*, delta_id: int, at: datetime) -> ScreeningRun:
    """All customers against the entities that a loading added or changed; the answers are those of a full screening."""
    delta = Delta.objects.get(pk=delta_id)
    fresh = changed_entities(delta)
    return _screen(_Asked(*screener(), subjects_of(), fresh), ScreeningRun(delta=delta, at=at))


def _screen(asked: _Asked, run: ScreeningRun) -> ScreeningRun:
    found = [
        (business, subject, hit)
        for business, subjects in asked.subjects.items()
        for subject in subjects
        for hit in asked.hits(subject)
    ]
    run.algorithm, run.threshold, run.lists = ALGORITHM, asked.screener.rules.threshold, versions()
    run.subjects, run.hits = sum(map(len, asked.subjects.values())), len(found)
    with transaction.atomic(durable=True):
        run.save()
        excused = set(Whitelist.objects.in_force(run.at).values_list("business_id", "subject_digest", "entity_digest"))
        matches = [
            _match(run, business, subject, hit, asked.keys[id(hit.entity)])
            for business, subject, hit in found
            if (business, subject.digest, hit.entity.digest) not in excused
        ]
        Match.objects.bulk_create(matches, ignore_conflicts=True, batch_size=500)
        target = run.business or "fraud.screeningrun"
        audit.record("names.screened", target=target, at=run.at, payload={"run": run.uuid, "hits": run.hits})
    return run


def _match(run: ScreeningRun, business: int, subject: Subject, hit: Hit, entity: int) -> Match:
    return Match(
        run=run,
        business_id=business,
        entity_id=entity,
        asked=subject.name,
        matched=hit.name,
        probability=hit.probability,
        margin=hit.margin,
        features={"measured": hit.comparison.named(), "parts": hit.parts, "words": _words(subject, hit)},
        subject_digest=subject.digest,
        entity_digest=hit.entity.digest,
    )


def _words(subject: Subject, hit: Hit) -> list[dict[str, object]]:
    """Word by word for the side-by-side view: answered pairs first, then what nobody answers."""
    mine = read_name(subject.name, subject.kind).words
    theirs = read_name(hit.name, hit.entity.kind).words
    told: list[dict[str, object]] = [
        {
            "asked": " ".join(mine[place] for place in pairing.mine),
            "listed": " ".join(theirs[place] for place in pairing.theirs),
            "how": pairing.how,
            "alike": pairing.alike,
        }
        for pairing in hit.comparison.pairings
    ]
    told += [{"asked": mine[at], "listed": "", "how": "open", "alike": None} for at in hit.comparison.open_mine]
    told += [{"asked": "", "listed": theirs[at], "how": "open", "alike": None} for at in hit.comparison.open_theirs]
    return told


def decide_match(*, match_id: UUID, verdict: Verdict, note: str, by: User, at: datetime) -> Match:
    """One person's verdict. True and false take two different people who agree; who disagrees sends it back.

    Two who agree on false put the pair on the whitelist for a year. Raises UnableToDecideMatch, InvalidInput,
    NotVisible, Forbidden.
    """
    require(by, Capability.WORK_FRAUD)
    if not note.strip():
        raise InvalidInput("Say why: the note is kept with the decision.", field="note", rule="match.note")
    visible_match(user=by, match_id=match_id)
    with transaction.atomic(durable=True):
        match = Match.objects.select_for_update().get(uuid=match_id)
        if match.state not in UNDECIDED:
            raise UnableToDecideMatch("This match is decided already, or the list no longer says so.")
        if match.state == MatchState.SECOND and match.reviewer_id == by.pk:
            raise UnableToDecideMatch("Somebody else has to look at it now: you gave the first verdict.")
        _apply(match, verdict, note.strip(), by, at)
        match.save()
        payload = {"entity": match.entity_id, "verdict": verdict, "state": match.state}
        audit.record("match.reviewed", target=match, at=at, by=by, payload=payload)
        if match.state in (MatchState.CONFIRMED, MatchState.DISMISSED):
            publish(MatchDecided(match_id=match.pk, business_id=match.business_id))
    return match


def _apply(match: Match, verdict: Verdict, note: str, by: User, at: datetime) -> None:
    if match.state == MatchState.SECOND and verdict == match.proposed:
        match.second_reviewer, match.second_at, match.second_note = by, at, note
        match.state = MatchState.CONFIRMED if verdict == Verdict.TRUE else MatchState.DISMISSED
        if match.state == MatchState.CONFIRMED:
            match.confirmed_at = at
        else:
            _excuse(match, at)
        return
    match.reviewer, match.reviewed_at, match.note = by, at, note
    asks = verdict == Verdict.ASK
    match.proposed = "" if asks else verdict
    match.state = MatchState.ASKED if asks else MatchState.SECOND


def _excuse(match: Match, at: datetime) -> None:
    """The pair is not asked about again until it expires or either side changes."""
    entity = WatchlistEntity.objects.get(pk=match.entity_id)
    Whitelist.objects.create(
        business_id=match.business_id,
        entity=entity,
        match=match,
        subject_digest=match.subject_digest,
        entity_digest=match.entity_digest,
        since=at,
        expires_at=at + WHITELISTED,
    )
