"""A person lets a lender see one wallet score, for a while, and takes it back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts import audit
from accounts.models import Organisation, User
from accounts.permissions import Capability, require
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from wallets.models import OnchainScore, ScoreShare
from wallets.selectors.sharing import lenders
from wallets.selectors.wallets import own_score

HOLDS = timedelta(days=90)


class UnableToShare(ApplicationError):
    """There is no number to show."""

    code = "unable_to_share"


def share_score(*, score_id: UUID, organisation_id: UUID, by: User, at: datetime) -> ScoreShare:
    """Show a score to a lender for 90 days; the same again is the same share. Raises UnableToShare, InvalidInput."""
    require(by, Capability.LINK_WALLETS)
    score = own_score(user=by, score_id=score_id)
    if score.value is None:
        raise UnableToShare("This report has no number; there is nothing to show.")
    lender = next((one for one in lenders() if one.uuid == organisation_id), None)
    if lender is None:
        raise InvalidInput("Choose a lender of the list.", field="organisation", rule="share.organisation")
    with transaction.atomic(durable=True):
        OnchainScore.objects.select_for_update().only("pk").get(pk=score.pk)
        known = ScoreShare.objects.live_at(at).filter(score=score, organisation=lender).first()
        if known is not None:
            return known
        _end(score, lender, at)
        made = ScoreShare.objects.create(score=score, organisation=lender, shared_at=at, until=at + HOLDS)
        audit.record("onchain_score.shared", target=made, at=at, by=by, payload={"lender": str(lender.uuid)})
    return made


def _end(score: OnchainScore, lender: Organisation, at: datetime) -> None:
    """A share that ran out makes room for a new one."""
    ScoreShare.objects.filter(score=score, organisation=lender, withdrawn_at__isnull=True).update(withdrawn_at=at)


def take_share_back(*, share_id: UUID, by: User, at: datetime) -> ScoreShare:
    """The lender sees it no longer; what was decided with it stays on record. Raises NotVisible."""
    require(by, Capability.LINK_WALLETS)
    with transaction.atomic(durable=True):
        shares = ScoreShare.objects.select_for_update(of=("self",)).filter(score__user=by, uuid=share_id)
        share = shares.first()
        if share is None:
            raise NotVisible
        if share.withdrawn_at is None:
            share.withdrawn_at = at
            share.save(update_fields=["withdrawn_at"])
            audit.record("onchain_score.share_withdrawn", target=share, at=at, by=by)
    return share
