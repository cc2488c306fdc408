"""Readings that nobody does any more: the file is refused in words and its job ends, instead of waiting for ever."""

from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import Job, JobState
from accounts.services import end_job
from creditiq.kernel.events import publish
from creditiq.kernel.models import Delivery, DeliveryQuerySet
from wallets.events import UploadRefused
from wallets.models import Rejection, Upload, UploadState
from wallets.services.progress import key_of

TASK = "wallets.tasks.parse_upload"
UNREAD = "upload.unread"
MESSAGE = "The file could not be read to its end. Nothing of it was stored. Send it again, or in smaller parts."


def give_up_readings(*, at: datetime) -> int:
    """Refuse the files whose delivery was set aside (a worker that was killed says no word itself). How many."""
    spent = _files_of(Delivery.objects.dead()) - _files_of(Delivery.objects.pending())
    waiting = Upload.objects.filter(pk__in=spent, state=UploadState.RECEIVED).order_by("pk")
    given_up = [upload for upload in waiting if _refuse(upload.pk, at)]
    for upload in given_up:
        for job in Job.objects.filter(key=key_of(upload), state=JobState.RUNNING):
            end_job(job.pk, JobState.FAILED, MESSAGE, at)
    return len(given_up)


def _files_of(deliveries: DeliveryQuerySet) -> set[int]:
    return set(deliveries.filter(task=TASK).values_list("event__payload__upload_id", flat=True))


def _refuse(upload_id: int, at: datetime) -> bool:
    with transaction.atomic(durable=True):
        upload = Upload.objects.select_for_update(of=("self",)).get(pk=upload_id)
        if upload.state != UploadState.RECEIVED:
            return False
        upload.state = UploadState.REFUSED
        upload.save(update_fields=["state"])
        Rejection.objects.create(upload=upload, line=1, field="", rule=UNREAD, message=MESSAGE)
        audit.record("evidence.refused", target=upload, at=at, outcome="unread")
        publish(UploadRefused(upload_id=upload.pk, business_id=upload.business_id))
    return True


def was_given_up(upload: Upload) -> bool:
    """Whether it was refused because nobody could read it: it may be read after all."""
    return upload.state == UploadState.REFUSED and upload.rejections.filter(rule=UNREAD).exists()


def take_up_again(upload_id: int) -> Upload:
    """The file; one that was given up waits again when somebody asks for its reading once more."""
    with transaction.atomic(durable=True):
        upload = Upload.objects.select_for_update(of=("self",)).select_related("business").get(pk=upload_id)
        if was_given_up(upload):
            upload.rejections.all().delete()
            upload.state = UploadState.RECEIVED
            upload.save(update_fields=["state"])
    return upload
