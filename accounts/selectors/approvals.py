"""What waits for a second person, and what became of what waited."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from accounts.models import ApprovalRequest, ApprovalState, User
from creditiq.kernel.errors import NotVisible


@dataclass(frozen=True)
class Fact:
    """One line of a payload: where it is, dotted, and what it says."""

    name: str
    value: str


@dataclass(frozen=True)
class RequestShown:
    """One request as a person sees it."""

    asked: ApprovalRequest
    facts: tuple[Fact, ...]
    may_decide: bool
    may_cancel: bool


def approvals(*, user: User, capabilities: Collection[str], state: str = "") -> QuerySet[ApprovalRequest]:
    """What the person may see, newest first; `state` narrows when it is one we know."""
    rows = ApprovalRequest.objects.visible_to(user, capabilities)
    if state in ApprovalState.values:
        rows = rows.filter(state=state)
    return rows.select_related("maker", "checker", "organisation").order_by("-made_at", "-pk")


def approval(*, user: User, capabilities: Collection[str], approval_id: UUID, at: datetime) -> RequestShown:
    """One request the person may see. Raises NotVisible."""
    asked = approvals(user=user, capabilities=capabilities).filter(uuid=approval_id).first()
    if asked is None:
        raise NotVisible
    mine, is_open = asked.maker_id == user.pk, asked.is_open_at(at)
    may_decide = is_open and not mine and asked.checked_with in capabilities
    return RequestShown(asked, tuple(_facts(asked.content)), may_decide, is_open and mine)


def _facts(value: object, name: str = "") -> Iterator[Fact]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _facts(inner, f"{name}.{key}".lstrip("."))
    elif isinstance(value, list) and value:
        for place, inner in enumerate(value, start=1):
            yield from _facts(inner, f"{name}.{place}")
    else:
        yield Fact(name, "nothing" if value in (None, "", [], {}) else str(value))
