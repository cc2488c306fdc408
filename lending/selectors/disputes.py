"""What became of a score after a dispute: joined here, because fraud stands below scoring."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from accounts.models import User
from fraud import selectors as fraud
from scoring.models import ScoreRun


@dataclass(frozen=True)
class DisputeScores:
    """The last score before the dispute was opened and the first one after its answer; None: there is none (yet)."""

    dispute_id: UUID
    resolved: bool
    before: ScoreRun | None
    after: ScoreRun | None

    @property
    def change(self) -> int | None:
        """Points won; None while one side is missing."""
        if self.before is None or self.after is None or self.before.score is None or self.after.score is None:
            return None
        return self.after.score - self.before.score


def dispute_scores(*, user: User, dispute_id: UUID, at: datetime) -> DisputeScores:
    """The scores around a dispute of one's own. Raises NotVisible."""
    dispute = fraud.own_dispute(user=user, dispute_id=dispute_id, at=at).dispute
    runs = ScoreRun.objects.of(dispute.business_id).complete()
    after = runs.filter(as_of__gte=dispute.resolved_at) if dispute.resolved_at else runs.none()
    return DisputeScores(
        dispute_id=dispute.uuid,
        resolved=dispute.resolved_at is not None,
        before=runs.known_at(dispute.opened_at).newest_first().first(),
        after=after.order_by("as_of", "pk").first(),
    )
