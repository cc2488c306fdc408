"""Closing a case takes two people: one proposes with a finding, another confirms or sends it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from creditiq.kernel.errors import Forbidden, InvalidInput
from creditiq.kernel.events import publish
from fraud.events import AlertDecided
from fraud.models import Alert, AlertState, Case, CaseAct, CaseOutcome, CaseState
from fraud.services.cases import UnableToWorkOnCase, locked, log, stated, still_open

VERDICTS = {CaseOutcome.CONFIRMED: AlertState.CONFIRMED, CaseOutcome.UNFOUNDED: AlertState.DISMISSED}


@dataclass(frozen=True)
class Closing:
    """What came of the case, and why."""

    outcome: CaseOutcome
    finding: str


def propose_closing(*, case_id: UUID, closing: Closing, by: User, at: datetime) -> Case:
    """Propose to close an open case. Raises InvalidInput without a finding, UnableToWorkOnCase."""
    finding = stated(closing.finding, "finding")
    with transaction.atomic(durable=True):
        case = still_open(locked(case_id, by))
        case.state, case.outcome, case.finding = CaseState.PROPOSED, closing.outcome, finding
        case.proposed_by, case.proposed_at = by, at
        case.save(update_fields=["state", "outcome", "finding", "proposed_by", "proposed_at"])
        log(case, CaseAct.PROPOSED, by=by, at=at, text=f"{closing.outcome.label}: {finding}")
    return case


def answer_closing(*, case_id: UUID, agreed: bool, note: str, by: User, at: datetime) -> Case:
    """Confirm a proposed closing, or send it back with a note. Who proposed may not answer (Forbidden).

    Confirming settles the alert of the case: confirmed keeps its members held, unfounded releases them.
    """
    with transaction.atomic(durable=True):
        case = locked(case_id, by)
        if case.state != CaseState.PROPOSED:
            raise UnableToWorkOnCase("Nobody proposed to close this case.")
        if case.proposed_by_id == by.pk:
            raise Forbidden("A second person has to confirm: you proposed this closing.")
        if not agreed:
            return _returned(case, note, by, at)
        case.state, case.closed_by, case.closed_at = CaseState.CLOSED, by, at
        case.save(update_fields=["state", "closed_by", "closed_at"])
        _settle(case, at)
        log(case, CaseAct.CLOSED, by=by, at=at, text=note.strip())
    return case


def _returned(case: Case, note: str, by: User, at: datetime) -> Case:
    if not note.strip():
        raise InvalidInput("Say what is missing, so that the case can go on.", field="note", rule="case.note")
    case.state = CaseState.OPEN
    case.save(update_fields=["state"])
    log(case, CaseAct.RETURNED, by=by, at=at, text=note.strip())
    return case


def _settle(case: Case, at: datetime) -> None:
    """The standing alert of the case is decided as the case is."""
    if case.alert is None:
        return
    alert = Alert.objects.select_for_update().standing().filter(pk=case.alert.pk).first()
    if alert is None:
        return
    alert.state, alert.reason, alert.until = VERDICTS[CaseOutcome(case.outcome)], case.finding, None
    alert.decided_at, alert.decided_by = at, case.proposed_by
    alert.save()
    if alert.ring_id:
        publish(AlertDecided(alert_id=alert.pk, ring_id=alert.ring_id))
