"""Idempotency-Key: a request is begun once, and its answer kept for a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import KeptAnswer
from creditiq.kernel.errors import ApplicationError

KEPT_FOR = timedelta(hours=24)
GIVEN_UP = timedelta(minutes=5)
"""A request begun longer ago and never answered has died; another may take its place."""
LONGEST_BODY = 262_144


class AskedOtherwise(ApplicationError):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key came before with another body. Use a new key for a new request.")


class StillAnswering(ApplicationError):
    """The first request with this key is not done."""

    code = "idempotency_key_in_use"

    def __init__(self) -> None:
        super().__init__("The first request with this Idempotency-Key is still being worked on. Try again shortly.")


class AnswerNotKept(ApplicationError):
    """It was done, and what was answered is not shown twice."""

    code = "answer_not_kept"

    def __init__(self) -> None:
        super().__init__("This was done before under the same Idempotency-Key; its answer is not shown twice.")


@dataclass(frozen=True)
class Asked:
    """A request: who asks, where, under which key, and the digest of what was sent."""

    principal: str
    path: str
    key: str
    digest: str


def begin_answer(*, asked: Asked, at: datetime) -> KeptAnswer:
    """A row to be finished (its status is None), or the answer of before.

    Raises AskedOtherwise, StillAnswering, AnswerNotKept. The unique constraint decides between two at once.
    """
    same = {"principal": asked.principal, "path": asked.path, "key": asked.key}
    KeptAnswer.objects.filter(**same, begun_at__lt=at - KEPT_FOR).delete()
    KeptAnswer.objects.filter(**same, status__isnull=True, begun_at__lt=at - GIVEN_UP).delete()
    try:
        with transaction.atomic():
            return KeptAnswer.objects.create(**same, asked=asked.digest, begun_at=at)
    except IntegrityError:
        first = KeptAnswer.objects.filter(**same).first()
    if first is None:
        raise StillAnswering
    if first.asked != asked.digest:
        raise AskedOtherwise
    if first.status is None:
        raise StillAnswering
    if not first.is_kept:
        raise AnswerNotKept
    return first


def finish_answer(*, answer: KeptAnswer, status: int, headers: dict[str, str], body: str | None) -> None:
    """Keep the answer; a body of None is one that is not shown twice."""
    answer.status, answer.headers = status, headers
    answer.is_kept = body is not None and len(body) <= LONGEST_BODY
    answer.body = body if body is not None and answer.is_kept else ""
    answer.save(update_fields=["status", "headers", "is_kept", "body"])


def drop_answer(*, answer: KeptAnswer) -> None:
    """Nothing was done: the same key may ask anew."""
    answer.delete()


def forget_answers(*, at: datetime) -> int:
    """Delete answers that are a day old; answers how many."""
    return KeptAnswer.objects.filter(begun_at__lt=at - KEPT_FOR).delete()[0]
