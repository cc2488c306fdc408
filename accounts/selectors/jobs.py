"""Long work as it stands, and news that was set aside."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import Job, JobLine, JobState
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.models import Delivery

LINES = 200
TONES = {JobState.DONE: "good", JobState.FAILED: "bad", JobState.RUNNING: "fair", JobState.CANCELLED: "warn"}


@dataclass(frozen=True)
class JobShown:
    """A job, how long it will still take when that can be told, and its newest lines, oldest first."""

    job: Job
    left: timedelta | None
    lines: tuple[JobLine, ...]

    @property
    def tone(self) -> str:
        """Tone of its badge."""
        return TONES.get(JobState(self.job.state), "neutral")

    @property
    def seconds_left(self) -> int | None:
        """The same in whole seconds, for clients."""
        return None if self.left is None else round(self.left.total_seconds())


def jobs(*, state: str = "") -> QuerySet[Job]:
    """Every job, newest first; `state` narrows when it is one we know."""
    rows = Job.objects.filter(state=state) if state in JobState.values else Job.objects.all()
    return rows.select_related("asked_by").order_by("-asked_at", "-pk")


def job(*, job_id: UUID, at: datetime) -> JobShown:
    """One job. Raises NotVisible."""
    found = jobs().filter(uuid=job_id).first()
    if found is None:
        raise NotVisible
    return JobShown(found, found.left(at), tuple(reversed(JobLine.objects.filter(job=found).order_by("-pk")[:LINES])))


def set_aside() -> QuerySet[Delivery]:
    """Deliveries that wait for a person, the newest news first."""
    return Delivery.objects.dead().select_related("event").order_by("-event__published_at", "-pk")
