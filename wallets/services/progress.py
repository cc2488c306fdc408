"""How far the reading of a large file is: a job that its owner and an administrator watch and stop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import structlog
from redis.exceptions import RedisError

from accounts import inbox
from accounts.models import JobState
from accounts.services import JobCancelled, Run, begin_job, end_job
from wallets.models import Upload, UploadState
from wallets.selectors.pages import READING
from wallets.services.records import database_time

log = structlog.get_logger()
WATCHED_BYTES = 200_000
"""A smaller file is read before a page could show how far it is."""
CHECKING, STORING = "Checking the lines", "Storing the records"


def key_of(upload: Upload) -> str:
    """The key under which the reading of a file is a job."""
    return f"{READING}:{upload.uuid}"


def uuid_in(key: str) -> UUID:
    """The file that such a key names."""
    return UUID(key.rpartition(":")[2])


@contextmanager
def watched(upload: Upload, content_lines: int, at: datetime) -> Iterator[Callable[[str, int], None]]:
    """Runs the reading of a file as a job and gives the way to say how far it is: phase and lines.

    Saying so raises JobCancelled when somebody stopped the job or took the file back.
    """
    if upload.size < WATCHED_BYTES:
        yield lambda _phase, _done: None
        return
    run = begin_job(work=READING, title=f"Read {upload.filename}", key=key_of(upload), at=at)
    try:
        yield lambda phase, done: _step(run, upload, phase, done, content_lines)
    except JobCancelled:
        end_job(run.job_id, JobState.CANCELLED, "Cancelled; nothing of the file was stored.", database_time())
        raise
    except Exception as error:
        end_job(run.job_id, JobState.FAILED, f"It stopped with {type(error).__name__}.", database_time())
        raise
    else:
        end_job(run.job_id, JobState.DONE, "The file has been read.", database_time())


def _step(run: Run, upload: Upload, phase: str, done: int, total: int) -> None:
    run.step(phase, done=min(done, total), total=total)
    try:
        inbox.push(topic="wallets.UploadMoved", business_id=upload.business_id)
    except (RedisError, OSError) as error:  # a channel layer that is away does not stop the reading
        log.warning("progress.layer_away", error=type(error).__name__)
    if not Upload.objects.filter(pk=upload.pk, state=UploadState.RECEIVED).exists():
        raise JobCancelled
