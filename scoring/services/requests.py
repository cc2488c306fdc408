"""Asking for a score, and making sure that every request is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.identifiers import gstin as gstins
from creditiq.kernel.identifiers.errors import InvalidIdentifier
from scoring.events import ScoreRequested
from scoring.models import RequestState, ScoreRequest, ScoreRun
from scoring.services.scoring import score_business

STALE = timedelta(seconds=10)
"""How long a request may wait before it is put in the queue again."""
HOPELESS = timedelta(minutes=10)
"""How long a request may wait before the person is told that it failed."""
SWEEP_SIZE = 100


def request_score(*, business_id: int, by: User, at: datetime) -> ScoreRequest:
    """Ask for a fresh score of a business the person may see. Raises Forbidden or NotVisible."""
    business = Business.register.filter(pk=business_id).first()
    if business is None:
        raise NotVisible
    require(by, Capability.REQUEST_SCORE, business)
    with transaction.atomic(durable=True):
        request = ScoreRequest.objects.create(
            gstin=business.gstin, business=business, by=by, requested_at=at, queued_at=at
        )
        audit.record("score.requested", target=request, at=at, by=by)
        publish(ScoreRequested(request_id=request.pk, business_id=business.pk))
    return request


def request_score_of_gstin(*, gstin: str, by: User, at: datetime) -> ScoreRequest:
    """The same by GSTIN. A well-formed GSTIN that nobody registered is answered at once: there is no evidence.

    Raises InvalidInput naming the rule, Forbidden, or NotVisible for another tenant's business.
    """
    try:
        known = gstins.parse(gstin.strip().upper())
    except InvalidIdentifier as broken:
        raise InvalidInput(broken.message, field="gstin", rule=broken.rule) from broken
    require(by, Capability.REQUEST_SCORE)
    business = Business.register.filter(gstin=known.text).first()
    if business is not None:
        return request_score(business_id=business.pk, by=by, at=at)
    with transaction.atomic(durable=True):
        request = ScoreRequest.objects.create(
            gstin=known.text, by=by, requested_at=at, queued_at=at, state=RequestState.INSUFFICIENT
        )
        audit.record("score.requested", target=request, at=at, by=by, outcome="unknown_gstin")
    return request


@dataclass(frozen=True)
class Asked:
    """What became of one GSTIN of many: its request, or why there is none."""

    gstin: str
    task: ScoreRequest | None
    code: str = ""
    detail: str = ""


def request_scores(*, gstins: Sequence[str], by: User, at: datetime) -> list[Asked]:
    """The same for many, each by itself, in the order asked: one that cannot be scored holds up no other.

    Raises Forbidden for a role that asks for no scores.
    """
    require(by, Capability.REQUEST_SCORE)
    return [_asked(each, by, at) for each in gstins]


def _asked(gstin: str, by: User, at: datetime) -> Asked:
    try:
        return Asked(gstin, request_score_of_gstin(gstin=gstin, by=by, at=at))
    except InvalidInput as error:
        return Asked(gstin, None, error.rule, error.message)
    except NotVisible as error:
        return Asked(gstin, None, error.code, error.message)


def answer_request(*, request_id: int, as_of: datetime) -> ScoreRun | None:
    """Score for a request, the run that answered it meanwhile, or None for a GSTIN nobody registered."""
    request = ScoreRequest.objects.select_related("run").get(pk=request_id)
    if request.run is not None or request.business_id is None:
        return request.run
    moment = max(as_of, request.requested_at)  # this machine's clock may be behind the one that took the request
    return score_business(business_id=request.business_id, as_of=moment, request_id=request.pk)


def requeue_requests(*, at: datetime) -> int:
    """Queue again what waited longer than 10 seconds; give up after 10 minutes. Returns how many were queued."""
    ScoreRequest.objects.waiting().filter(requested_at__lt=at - HOPELESS).update(
        state=RequestState.FAILED, error="The score took too long. Please ask again."
    )
    with transaction.atomic(durable=True):
        stale = ScoreRequest.objects.waiting().older_than(at - STALE).select_for_update(skip_locked=True)
        requests = list(stale.filter(business__isnull=False).order_by("queued_at", "pk")[:SWEEP_SIZE])
        for request in requests:
            publish(ScoreRequested(request_id=request.pk, business_id=request.business_id or 0))
        ScoreRequest.objects.filter(pk__in=[request.pk for request in requests]).update(queued_at=at)
    return len(requests)
