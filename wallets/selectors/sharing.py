"""Shared wallet scores: what a person shared, and what a lender may see of the people of a business."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from accounts.models import Organisation, User
from wallets.models import OnchainScore, ScoreShare
from wallets.selectors.wallets import own_score


def shares_of(*, user: User, score_id: UUID, at: datetime) -> list[ScoreShare]:
    """With whom a score of one's own is shared now. Raises NotVisible."""
    score = own_score(user=user, score_id=score_id)
    return list(ScoreShare.objects.live_at(at).filter(score=score).select_related("organisation").order_by("pk"))


def lenders() -> list[Organisation]:
    """Whom a score can be shared with."""
    return list(Organisation.objects.banks().active().filter(is_sandbox=False).order_by("name"))


def shared_score(*, users: Collection[int], organisation_id: int, at: datetime) -> OnchainScore | None:
    """The newest score that one of some people shares with an organisation at a moment; None without one."""
    live = ScoreShare.objects.live_at(at).filter(organisation=organisation_id, score__user__in=users)
    share = live.select_related("score__model").defer("score__evidence").order_by("-score__as_of", "-pk").first()
    return share.score if share else None
