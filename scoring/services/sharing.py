"""Share a score by a signed link: made, opened and revoked on record; opened so often an hour and no more."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing
from django.core.cache import cache
from django.db import transaction

from accounts import audit
from accounts.models import User
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from scoring.models import ScoreRun, ShareLink
from scoring.services.explaining import NoNumber

SALT = "scoring.share"
DAYS = (1, 7, 30)
OPENINGS_AN_HOUR = 60


class OpenedTooOften(ApplicationError):
    """The link was opened more often than an hour allows."""

    code = "too_many"
    status = 429


def share_score(*, run: ScoreRun, days: int, by: User, at: datetime) -> ShareLink:
    """A link to the run that ends in `days`. Raises NoNumber, InvalidInput."""
    if run.score is None:
        raise NoNumber("There is no number to share yet: more evidence is needed first.")
    if days not in DAYS:
        raise InvalidInput("A link lives 1, 7 or 30 days.", field="days", rule="share.days")
    with transaction.atomic(durable=True):
        expires_at = at + timedelta(days=days)
        link = ShareLink.objects.create(run=run, created_by=by, created_at=at, expires_at=expires_at)
        audit.record("score.shared", target=link, at=at, by=by, payload={"score": str(run.uuid), "days": days})
    return link


def revoke_share(*, link_id: UUID, business_id: int, by: User, at: datetime) -> ShareLink:
    """End a link of the business at once; a second time changes nothing. Raises NotVisible."""
    with transaction.atomic(durable=True):
        links = ShareLink.objects.select_for_update(of=("self",)).select_related("run__business")
        link = links.filter(uuid=link_id, run__business_id=business_id).first()
        if link is None:
            raise NotVisible
        if link.revoked_at is None:
            link.revoked_at = at
            link.save(update_fields=["revoked_at"])
            audit.record("score.share_revoked", target=link, at=at, by=by)
    return link


def token_of(link: ShareLink) -> str:
    """What the address carries."""
    return signing.Signer(salt=SALT).sign(link.uuid.hex)


def open_share(*, token: str, at: datetime) -> ShareLink:
    """The live link of a token, with the opening on record. Raises NotVisible, OpenedTooOften."""
    try:
        key = UUID(signing.Signer(salt=SALT).unsign(token))
    except (signing.BadSignature, ValueError) as forged:
        raise NotVisible from forged
    links = ShareLink.objects.live_at(at).select_related("run__business", "run__model_version", "run__policy_version")
    link = links.filter(uuid=key).first()
    if link is None:
        raise NotVisible
    _count(link, at)
    with transaction.atomic(durable=True):
        audit.record("score.share_opened", target=link, at=at)
    return link


def _count(link: ShareLink, at: datetime) -> None:
    key = f"scoring.share:{link.uuid.hex}:{at:%Y%m%d%H}"
    cache.add(key, 0, 3600)
    if cache.incr(key) > OPENINGS_AN_HOUR:
        raise OpenedTooOften("This link was opened very often. Try again in an hour.")
