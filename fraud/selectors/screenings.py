"""The latest screening of one business, for people and programs that may see it."""

from dataclasses import dataclass
from uuid import UUID

from accounts.models import Business, User
from creditiq.kernel.errors import NotVisible
from fraud.models import Screening
from fraud.selectors.network import Standing, standing


@dataclass(frozen=True)
class ScreeningView:
    """A screening with the standing that follows from it."""

    business: Business
    screening: Screening
    standing: Standing


def latest_screening(*, user: User, business_id: UUID) -> ScreeningView:
    """The newest screening of a visible business. Raises NotVisible, also when it was never screened."""
    business = Business.objects.visible_to(user).filter(uuid=business_id).first()
    if business is None:
        raise NotVisible
    latest = Screening.objects.filter(business=business).latest_first().first()
    if latest is None:
        raise NotVisible("This business was not screened yet.")
    return ScreeningView(business, latest, standing(business_id=business.pk))
