"""What people do in a case: open, take, assign, note, link, snooze. Every act is in the case's trail and the audit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Case as DbCase
from django.db.models import When

from accounts import audit
from accounts.models import Business, Organisation, User
from accounts.permissions import Capability, require
from accounts.selectors import platform
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, Forbidden, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.wall import named
from fraud.engine.policy import SEVERITIES
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Case, CaseAct, CaseEvent, CaseLink, CaseState, Ring, Snooze
from fraud.selectors.cases import colleagues, ring_title, visible_case, visible_target
from fraud.selectors.policy import policy_at
from fraud.selectors.queue import rows_of
from fraud.selectors.rings import visible_ring
from wallets.models import Wallet, WalletWarning

RING_RULE = "ring"


class UnableToWorkOnCase(ApplicationError):
    """The case is closed, waits for a second person, or somebody else has it."""

    code = "case_not_open"


@dataclass(frozen=True)
class About:
    """What a case is opened about: a ring or a business by public id."""

    ring_id: UUID | None = None
    business_id: UUID | None = None


def open_case(*, about: About, by: User, at: datetime) -> Case:
    """Open a case about a ring or a business; an unfinished case about the same ring is the answer.

    Raises NotVisible, Forbidden, InvalidInput when nothing or both are named.
    """
    require(by, Capability.WORK_FRAUD)
    if (about.ring_id is None) == (about.business_id is None):
        raise InvalidInput("Name a ring or a business, one of the two.", field="ring", rule="case.about")
    ring = visible_ring(user=by, ring_id=about.ring_id) if about.ring_id else None
    business = _business(by, about.business_id) if about.business_id else None
    with transaction.atomic(durable=True):
        return open_within(ring=ring, business=business, by=by, at=at)


def open_within(*, ring: Ring | None, business: Business | None, by: User, at: datetime) -> Case:
    """Open the case inside the caller's transaction."""
    of_ours = Case.objects.unfinished().filter(organisation=by.organisation)
    same = of_ours.filter(ring=ring) if ring else of_ours.filter(business=business, ring__isnull=True)
    known = same.first()
    if known is not None:
        return known
    title = ring_title(rows_of([ring], by)[0]) if ring else (business.trade_name if business else "")
    case = Case.objects.create(
        organisation=house_of(by),
        title=title[:160],
        ring=ring,
        business=business,
        alert=_alert_of(ring, business),
        opened_at=at,
        opened_by=by,
        due_at=at + timedelta(hours=policy_at(at).policy.case_hours),
    )
    log(case, CaseAct.OPENED, by=by, at=at)
    return case


def open_case_of_wallet(*, warning_id: int, at: datetime) -> Case:
    """A case of the platform about whoever has a wallet that a list names or that dealt with one it names.

    One unfinished case a person: what is found later is noted in it. The holder is nowhere its author: what they
    did is in their own copy of the trail, and a case is not for them to read of.
    """
    warning = WalletWarning.objects.select_related("wallet__chain", "user").get(pk=warning_id)
    house, person = platform(), warning.user
    text = f"{warning.wallet.account} ({_hold_on(warning.wallet)}). {warning.facts}"
    with transaction.atomic(durable=True):
        locks.hold("fraud.wallets", person.pk)
        known = Case.objects.unfinished().filter(organisation=house, person=person).first()
        if known is not None and known.events.filter(text=text).exists():
            return known
        case = known or Case.objects.create(
            organisation=house,
            title=f"Listed address: a wallet of person {str(person.uuid)[:8]}",  # a name would outlive an erasure
            person=person,
            opened_at=at,
            due_at=at + timedelta(hours=policy_at(at).policy.case_hours),
        )
        log(case, CaseAct.NOTED if known else CaseAct.OPENED, by=None, at=at, text=text)
    return case


def _hold_on(wallet: Wallet) -> str:
    """Whether the wallet is theirs by proof."""
    return "proved to be theirs" if wallet.proofs.filter(revoked_at__isnull=True).exists() else "only watched"


def open_case_of_claim(*, business_id: int, by_id: int, at: datetime) -> Case:
    """A case of the platform about a business whose claim somebody disputes; an unfinished one is the answer."""
    business, by = Business.register.get(pk=business_id), User.objects.get(pk=by_id)
    house, title = platform(), f"Disputed claim: {business.trade_name}"[:160]
    with transaction.atomic(durable=True):
        locks.hold("fraud.claims", business_id)
        known = Case.objects.unfinished().filter(organisation=house, business=business, title=title).first()
        if known is not None:
            return known
        due_at = at + timedelta(hours=policy_at(at).policy.case_hours)
        case = Case.objects.create(
            organisation=house, title=title, business=business, opened_at=at, opened_by=by, due_at=due_at
        )
        log(case, CaseAct.OPENED, by=by, at=at)
    return case


def house_of(by: User) -> Organisation:
    """The organisation somebody works for. Raises Forbidden for people outside."""
    if by.organisation is None:
        raise Forbidden
    return by.organisation


def _business(by: User, business_id: UUID) -> Business:
    business = Business.objects.visible_to(by).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    return business


def _alert_of(ring: Ring | None, business: Business | None) -> Alert | None:
    open_first = DbCase(When(state=AlertState.OPEN, then=0), default=1)
    standing = named(Alert.objects.standing()).order_by(open_first, "-opened_at", "-pk")
    return standing.filter(ring=ring).first() if ring else standing.filter(business=business).first()


def log(case: Case, act: CaseAct, *, by: User | None, at: datetime, text: str = "") -> None:
    """One line in the trail of the case and one in the audit, inside the caller's transaction."""
    CaseEvent.objects.create(case=case, act=act, at=at, by=by, text=text)
    audit.record(f"case.{act}", target=case, at=at, by=by, payload={"case": case.uuid})


def locked(case_id: UUID, by: User) -> Case:
    """The case for somebody who may work on it, its row locked. Raises NotVisible, Forbidden."""
    require(by, Capability.WORK_FRAUD)
    found = visible_case(user=by, case_id=case_id)
    return Case.objects.select_for_update(of=("self",)).select_related("alert", "ring", "business").get(pk=found.pk)


def still_open(case: Case) -> Case:
    """The same case. Raises UnableToWorkOnCase when it is closed or waits for a second person."""
    if case.state != CaseState.OPEN:
        raise UnableToWorkOnCase(f"The case is not open: {case.get_state_display().lower()}.")
    return case


def stated(text: str, field: str = "text") -> str:
    """The text without blanks around it. Raises InvalidInput for nothing."""
    if not text.strip():
        raise InvalidInput("Say something: it is kept with the case.", field=field, rule=f"case.{field}")
    return text.strip()


def take_next(*, by: User, at: datetime) -> Case:
    """Take the most urgent case that nobody has; without one, open a case for the surest alert without any.

    Two people who ask at once get two cases. Raises UnableToWorkOnCase when nothing waits.
    """
    require(by, Capability.WORK_FRAUD)
    with transaction.atomic(durable=True):
        waiting = Case.objects.visible_to(by).waiting().most_urgent_first()
        case = waiting.select_for_update(skip_locked=True, of=("self",)).first() or _from_alert(by, at)
        if case is None:
            raise UnableToWorkOnCase("Nothing waits: every case has somebody and every alert a case.", code="no_case")
        case.assignee = by
        case.save(update_fields=["assignee"])
        log(case, CaseAct.TAKEN, by=by, at=at)
    return case


def _from_alert(by: User, at: datetime) -> Case | None:
    rings = Ring.objects.visible_to(by).filter(alerts__state=AlertState.OPEN)
    free = rings.exclude(cases__in=Case.objects.unfinished().filter(organisation=by.organisation))
    ring = free.order_by("-confidence", "pk").select_for_update(skip_locked=True, of=("self",)).first()
    if ring is not None:
        return open_within(ring=ring, business=None, by=by, at=at)
    alert = _about_business(by)
    return open_within(ring=None, business=alert.business, by=by, at=at) if alert else None


def _about_business(by: User) -> Alert | None:
    """The severest, then oldest open alert about a business that no unfinished case of ours is about."""
    ours = Case.objects.unfinished().filter(organisation=by.organisation, business__isnull=False)
    free = Alert.objects.filter(state=AlertState.OPEN, business__in=Business.objects.visible_to(by))
    free = free.exclude(business__in=ours.values("business"))
    rank = DbCase(*(When(severity=name, then=place) for place, name in enumerate(SEVERITIES)), default=0)
    severest = free.annotate(rank=rank).order_by("-rank", "opened_at", "pk").select_related("business")
    return severest.select_for_update(skip_locked=True, of=("self",)).first()


def assign_case(*, case_id: UUID, to: UUID, by: User, at: datetime) -> Case:
    """Give the case to a colleague who may work on it, or to oneself. Raises InvalidInput, UnableToWorkOnCase."""
    with transaction.atomic(durable=True):
        case = still_open(locked(case_id, by))
        person = colleagues(by).filter(uuid=to).first()
        if person is None:
            message = "Choose a colleague of your organisation who works on cases."
            raise InvalidInput(message, field="to", rule="case.assignee")
        case.assignee = person
        case.save(update_fields=["assignee"])
        log(case, CaseAct.ASSIGNED, by=by, at=at, text=f"to {person.get_full_name()}")
    return case


def note_in_case(*, case_id: UUID, text: str, by: User, at: datetime) -> Case:
    """Write a note into the trail. Raises InvalidInput for an empty one."""
    with transaction.atomic(durable=True):
        case = locked(case_id, by)
        log(case, CaseAct.NOTED, by=by, at=at, text=stated(text))
    return case


def link_case(*, case_id: UUID, target: str, why: str, by: User, at: datetime) -> Case:
    """Link another case (its number), a business (its GSTIN) or a ring (its id); the same link twice is one."""
    reason = stated(why, "why")
    found = visible_target(user=by, text=target)
    with transaction.atomic(durable=True):
        case = locked(case_id, by)
        if found is None or found == case:
            message = "Name another case (C-000123), a GSTIN or the id of a ring that you may see."
            raise InvalidInput(message, field="target", rule="case.link")
        ends = {
            "other": found if isinstance(found, Case) else None,
            "ring": found if isinstance(found, Ring) else None,
            "business": found if isinstance(found, Business) else None,
        }
        _, new = CaseLink.objects.get_or_create(case=case, **ends, defaults={"why": reason[:200], "at": at, "by": by})
        if new:
            log(case, CaseAct.LINKED, by=by, at=at, text=reason)
    return case


def snooze_case(*, case_id: UUID, until: datetime, reason: str, by: User, at: datetime) -> Snooze:
    """Keep the case's rule quiet about its ring or business until a moment; its members stay held.

    Raises InvalidInput for an end that is past, UnableToWorkOnCase.
    """
    why = stated(reason, "reason")
    if until <= at:
        raise InvalidInput("Choose an end that lies ahead.", field="until", rule="snooze.until")
    with transaction.atomic(durable=True):
        case = still_open(locked(case_id, by))
        rule = case.alert.topic if case.alert and case.alert.topic else RING_RULE
        pivot = case.ring or case.business or case.person
        snooze = Snooze.objects.create(
            rule=rule, pivot=str(pivot.uuid) if pivot else "", until=until, reason=why, at=at, by=by, case=case
        )
        _quiet(case.alert, snooze)
        log(case, CaseAct.SNOOZED, by=by, at=at, text=f"until {until.date()}: {why}")
    return snooze


def _quiet(alert: Alert | None, snooze: Snooze) -> None:
    """An open alert of the case is snoozed with it."""
    if alert is None or alert.state != AlertState.OPEN:
        return
    alert.state, alert.reason, alert.until = AlertState.SNOOZED, snooze.reason, snooze.until.date()
    alert.decided_at, alert.decided_by = snooze.at, snooze.by
    alert.save()
    if alert.ring_id:
        publish(AlertDecided(alert_id=alert.pk, ring_id=alert.ring_id))
