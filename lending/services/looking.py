"""Looking at a case reads evidence, so it names the consent it reads under."""

from datetime import datetime
from uuid import UUID

from accounts.models import ConsentAct, User
from accounts.services import record_look
from lending.selectors.cases import Case, case


def open_case(*, application_id: UUID, by: User, at: datetime) -> Case:
    """The case as known at `at`, and the look on record. Raises NotVisible."""
    opened = case(user=by, application_id=application_id, at=at)
    business = opened.application.business
    record_look(business=business, act=ConsentAct.CASE, target=f"application:{application_id}", by=by, at=at)
    return opened
