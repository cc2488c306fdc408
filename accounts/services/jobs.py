"""Long work that can be watched, cancelled and tried again.

An app marks a service with `runnable(...)` and names it in `creditiq/wiring.py` (RUNNABLE). It is given a `Run` and
calls `run.step(...)` now and then, outside any transaction: that is where progress shows and where a cancel is heard.
Work must be able to run twice: after a crash it is started again from the beginning.
"""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models.functions import Now

from accounts import audit, inbox
from accounts.events import JobQueued
from accounts.models import Job, JobLine, JobState, User
from accounts.permissions import Capability, require
from accounts.services.notices import tell
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.wall import named

log = structlog.get_logger()
PUSH_EVERY = 0.5
"""Seconds between two pieces of news about one job: pages fetch it each time."""


class UnableToRun(ApplicationError):
    """The job cannot take that step now."""

    code = "unable_to_run"


class JobCancelled(Exception):
    """Somebody asked the running work to stop; raised by `Run.step`."""


@dataclass
class Run:
    """What running work is given: when it runs for, and the way to say how far it is."""

    job_id: int
    at: datetime
    _pushed: float = field(default=0.0)
    _phase: str = field(default="")

    def step(self, phase: str, *, done: int = 0, total: int = 0, message: str = "") -> None:
        """Say how far it is. A new phase is a line of the log. Raises JobCancelled."""
        rows = Job.objects.filter(pk=self.job_id)
        rows.update(phase=phase[:80], done=done, total=total, message=message[:300])
        if phase != self._phase:
            self._phase = phase
            write_line(self.job_id, f"{phase}. {message}".strip())
        if time.monotonic() - self._pushed >= PUSH_EVERY:
            self._pushed = time.monotonic()
            inbox.push_job(job_id=self.job_id)
        if rows.filter(cancel_asked=True).exists():
            raise JobCancelled


@dataclass(frozen=True)
class Work:
    """A piece of work that can be a job; `execute` returns the sentence that the job ends with."""

    name: str
    title: str
    execute: Callable[[Run], str]
    by_hand: bool = True
    """False for work that only begins with what it is about, such as a file; it can be tried again, not asked for."""


class JobStep(Protocol):
    """Something an administrator does with a job."""

    def __call__(self, *, job_id: UUID, by: User, at: datetime) -> Job: ...


_works: dict[str, Work] = {}


def runnable(name: str, *, title: str, by_hand: bool = True) -> Callable[[Callable[[Run], str]], Work]:
    """Decorator: turn a service that takes a `Run` into Work. It is known once RUNNABLE names it."""
    return lambda execute: Work(name, title, execute, by_hand)


def connect_works(works: Iterable[Work]) -> None:
    """Install the table of works; called once when Django is ready."""
    _works.clear()
    _works.update({work.name: work for work in works})


def known_works() -> list[Work]:
    """Every piece of work that can be asked for, by title."""
    return sorted((work for work in _works.values() if work.by_hand), key=lambda work: work.title)


def start_job(*, work: str, at: datetime, by: User | None = None, key: str = "") -> Job:
    """Put work on its way. With a `key` that was used before, that job is returned. Raises Forbidden, NotVisible."""
    if by is not None:
        require(by, Capability.CONFIGURE)
    if work not in _works or not _works[work].by_hand:
        raise NotVisible
    with transaction.atomic(durable=True):
        fields = {"work": work, "title": _works[work].title, "asked_by": by, "asked_at": at}
        if key:
            job, is_new = named(Job.objects.all()).get_or_create(key=key, defaults=fields)
            if not is_new:
                return job
        else:
            job = Job.objects.create(**fields)
        audit.record("job.started", target=job, at=at, by=by, payload={"work": work})
        publish(JobQueued(job_id=job.pk))
    return job


def start_daily_job(*, work: str, at: datetime) -> Job:
    """By the clock: put work on its way once a business day; asked again that day, the job there is."""
    return start_job(work=work, at=at, key=f"{work}:{at.astimezone(IST):%Y-%m-%d}")


def begin_job(*, work: str, title: str, key: str, at: datetime) -> Run:
    """The job of work that has begun already, such as the reading of a file, so that it can be watched and stopped.

    One a `key`; after a crash it goes on under the same. Whoever begins it ends it (`end_job`).
    """
    with transaction.atomic(durable=True):
        fields = {"work": work, "title": title[:120], "asked_at": at}
        job, _ = Job.objects.select_for_update().get_or_create(key=key, defaults=fields)
        job.cancel_asked = job.cancel_asked and not job.has_ended
        job.state, job.started_at, job.ended_at, job.attempts = JobState.RUNNING, at, None, job.attempts + 1
        job.save(update_fields=["state", "started_at", "ended_at", "attempts", "cancel_asked"])
        write_line(job.pk, f"Started, attempt {job.attempts}.")
    inbox.push_job(job_id=job.pk)
    return Run(job.pk, at)


def cancel_job(*, job_id: UUID, by: User, at: datetime) -> Job:
    """Stop a job: one that waits ends at once, one that runs at its next step. Raises UnableToRun."""
    with transaction.atomic(durable=True):
        job = _locked(job_id, by)
        if not job.may_cancel:
            raise UnableToRun("This job has ended, or is being cancelled already.")
        job.cancel_asked = True
        if job.state == JobState.QUEUED:
            job.state, job.ended_at = JobState.CANCELLED, at
        job.save(update_fields=["cancel_asked", "state", "ended_at"])
        write_line(job.pk, f"{by.get_full_name()} cancelled it.")
        audit.record("job.cancelled", target=job, at=at, by=by)
    inbox.push_job(job_id=job.pk)
    return job


def retry_job(*, job_id: UUID, by: User, at: datetime) -> Job:
    """Start a failed or cancelled job again. Raises UnableToRun."""
    with transaction.atomic(durable=True):
        job = _locked(job_id, by)
        if not job.may_retry:
            raise UnableToRun("Only a job that failed or was cancelled can be started again.")
        job.state, job.cancel_asked, job.ended_at = JobState.QUEUED, False, None
        job.phase, job.message, job.done, job.total = "", "", 0, 0
        job.save()
        write_line(job.pk, f"{by.get_full_name()} started it again.")
        audit.record("job.retried", target=job, at=at, by=by)
        publish(JobQueued(job_id=job.pk))
    inbox.push_job(job_id=job.pk)
    return job


def run_job(*, job_id: int, at: datetime, clock: Callable[[], datetime]) -> None:
    """Do the work of a job. One that has ended is left alone; one that was cut off by a crash starts again.

    Work that began the job anew itself (`begin_job`), or asked for that, says itself how it ended.
    """
    with transaction.atomic(durable=True):
        job = Job.objects.select_for_update().get(pk=job_id)
        if job.has_ended:
            return
        job.state, job.started_at, job.attempts = JobState.RUNNING, at, job.attempts + 1
        job.save(update_fields=["state", "started_at", "attempts"])
        write_line(job.pk, f"Started, attempt {job.attempts}.")
    try:
        said = _works[job.work].execute(Run(job.pk, at))
    except JobCancelled:
        end_job(job_id, JobState.CANCELLED, "Cancelled; what was done so far stays.", clock())
    except Exception as error:
        sentence = error.message if isinstance(error, ApplicationError) else f"It stopped with {type(error).__name__}."
        end_job(job_id, JobState.FAILED, sentence, clock())
        log.exception("job.failed", job=job.work)
        if not isinstance(error, ApplicationError):
            raise
    else:
        end_job(job_id, JobState.DONE, said, clock(), attempt=job.attempts)


def write_line(job_id: int, text: str) -> None:
    """Add a line to a job's log."""
    JobLine.objects.create(job_id=job_id, at=Now(), text=text[:300])


def end_job(job_id: int, state: JobState, message: str, at: datetime, *, attempt: int | None = None) -> None:
    """Close a job with the sentence it ends with; whoever asked for it is told.

    With an `attempt`: nothing happens once another attempt has begun.
    """
    with transaction.atomic(durable=True):
        job = Job.objects.select_for_update(of=("self",)).select_related("asked_by").get(pk=job_id)
        if attempt not in (None, job.attempts):
            return
        job.state, job.message, job.ended_at = state, message[:300], at
        if state == JobState.DONE and job.total:
            job.done = job.total
        job.save(update_fields=["state", "message", "ended_at", "done"])
        write_line(job_id, message)
        if job.asked_by is not None:
            facts = {"job": str(job.uuid), "what": job.title, "state": job.get_state_display(), "message": job.message}
            source = f"job:{job.pk}:{job.attempts}"
            tell(users=[job.asked_by], topic="job.ended", source=source, at=at, facts=facts)
    inbox.push_job(job_id=job_id)


def _locked(job_id: UUID, by: User) -> Job:
    require(by, Capability.CONFIGURE)
    job = Job.objects.select_for_update().filter(uuid=job_id).first()
    if job is None:
        raise NotVisible
    return job
