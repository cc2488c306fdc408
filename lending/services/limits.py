"""The bank's exposure limits: set, reserved with a sanction, used by a payment, released when nothing comes of it."""

from datetime import datetime
from decimal import Decimal

from accounts.models import Organisation
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.money import format_inr
from lending.models import ExposureLimit, LimitDimension, LimitUsage, LoanApplication, UsageState
from lending.selectors.exposures import rooms_for


class NoRoom(ApplicationError):
    """An exposure limit of the bank leaves less than what is asked for."""

    code = "exposure_limit"


def set_exposure_limit(
    *, organisation: Organisation, dimension: LimitDimension, key: str, cap: Decimal
) -> ExposureLimit:
    """Set a limit of a bank anew; a connected group's has no key."""
    limit, _ = ExposureLimit.objects.update_or_create(
        organisation=organisation, dimension=dimension, key=key, defaults={"cap": cap}
    )
    return limit


def check_room(application: LoanApplication) -> None:
    """Raise NoRoom unless every limit has room; holds the bank's limits until the transaction ends."""
    locks.hold("lending.limits", application.organisation_id)
    for room in rooms_for(application):
        if room.used + application.amount > room.cap:
            left = format_inr(max(room.cap - room.used, Decimal(0)))
            raise NoRoom(f"The exposure limit of {room.name} leaves {left}. More cannot be lent under it now.")


def reserve(application: LoanApplication, at: datetime) -> None:
    """Take the room of a sanctioned application, inside the transaction of the sanction."""
    check_room(application)
    fields = {"organisation": application.organisation, "amount": application.amount, "at": at}
    LimitUsage.objects.update_or_create(application=application, defaults={**fields, "state": UsageState.RESERVED})


def release(application: LoanApplication, at: datetime) -> None:
    """Give the room back when nothing comes of the application."""
    LimitUsage.objects.filter(application=application, state=UsageState.RESERVED).update(
        state=UsageState.RELEASED, at=at
    )


def use(application: LoanApplication, at: datetime) -> None:
    """From the payment on the loan itself counts."""
    LimitUsage.objects.filter(application=application).update(state=UsageState.USED, at=at)
