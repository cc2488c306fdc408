"""Who exercises a person's rights over their data after death or incapacity (DPDP Act 2023, s. 14)."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts import audit
from accounts.models import User


@dataclass(frozen=True)
class Nominee:
    """A person named by another: kept sealed under the key of the one who named them, and forgotten with it."""

    name: str
    relation: str
    contact: str


def nominee_of(user: User) -> Nominee | None:
    """Who is named; None when nobody is, or the key is destroyed."""
    return Nominee(**json.loads(user.nominee)) if user.nominee else None


def name_nominee(*, user: User, nominee: Nominee, at: datetime) -> User:
    """Name somebody, in the place of whoever was named before; the trail says that, never whom."""
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        person.nominee, person.nominee_since = json.dumps(asdict(nominee), ensure_ascii=False), at
        person.save(update_fields=["nominee", "nominee_since"])
        audit.record("nominee.named", target=person, at=at, by=person)
    return person


def withdraw_nominee(*, user: User, at: datetime) -> User:
    """Name nobody; again changes nothing."""
    with transaction.atomic(durable=True):
        person = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        if person.nominee_since is not None:
            person.nominee, person.nominee_since = "", None
            person.save(update_fields=["nominee", "nominee_since"])
            audit.record("nominee.withdrawn", target=person, at=at, by=person)
    return person
