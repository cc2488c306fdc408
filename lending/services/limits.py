"""The bank's exposure limits: set, reserved with a sanction, used by a payment, released when nothing comes of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from accounts import audit
from accounts.models import ApprovalRequest, Business, Organisation, User
from accounts.permissions import Capability, require
from accounts.services import Approved, approvable, request_approval
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.identifiers.gstin import STATE_CODES
from creditiq.kernel.money import format_inr, rupees
from lending.models import ExposureLimit, LimitDimension, LimitUsage, Loan, LoanApplication, LoanProduct, UsageState
from lending.selectors.exposures import banks_with_limits, rooms_for

WARN = Decimal(80)


class NoRoom(ApplicationError):
    """An exposure limit of the bank leaves less than what is asked for."""

    code = "exposure_limit"


@dataclass(frozen=True)
class Cap:
    """A limit as it is asked for: rupees, and the per cent of it from which it is near. A group has no key."""

    dimension: str
    key: str
    cap: Decimal
    warn_percent: Decimal = WARN


def set_exposure_limit(
    *, organisation: Organisation, dimension: LimitDimension, key: str, cap: Decimal, warn_percent: Decimal = WARN
) -> ExposureLimit:
    """Set a limit of a bank anew; a connected group's has no key."""
    limit, _ = ExposureLimit.objects.update_or_create(
        organisation=organisation, dimension=dimension, key=key, defaults={"cap": cap, "warn_percent": warn_percent}
    )
    return limit


def ask_exposure_limit(*, organisation_id: UUID, asked: Cap, by: User, at: datetime) -> ApprovalRequest:
    """Ask a second person for a limit of a bank; it holds once the approval desk said yes.

    Raises Forbidden, NotVisible for a bank that is not yours, InvalidInput naming the field.
    """
    require(by, Capability.SANCTION)
    bank = next((one for one in banks_with_limits(by) if one.uuid == organisation_id), None)
    if bank is None:
        raise NotVisible
    key = _checked(asked)
    payload = {
        "organisation": bank.uuid, "dimension": asked.dimension, "key": key, "cap": rupees(asked.cap),
        "warn_percent": asked.warn_percent,
    }  # fmt: skip
    of = ExposureLimit(dimension=asked.dimension, key=key)
    return request_approval(
        action="lending.exposure_limit", payload=payload, by=by, at=at,
        summary=f"{bank}: at most {format_inr(asked.cap)} to {of}",
    )  # fmt: skip


@approvable(
    "lending.exposure_limit",
    title="Set an exposure limit",
    maker=Capability.SANCTION,
    checker=Capability.SANCTION,
)
def set_approved_limit(approved: Approved) -> ExposureLimit:
    """Payload: `organisation`, `dimension`, `key`, `cap`, `warn_percent`, checked when it was asked for."""
    said = {name: str(value) for name, value in approved.payload.items()}
    bank = Organisation.objects.get(uuid=said["organisation"])
    locks.hold("lending.limits", bank.pk)
    limit = set_exposure_limit(
        organisation=bank, dimension=LimitDimension(said["dimension"]), key=said["key"], cap=Decimal(said["cap"]),
        warn_percent=Decimal(said["warn_percent"]),
    )  # fmt: skip
    facts = {name: said[name] for name in ("dimension", "key", "cap", "warn_percent")}
    audit.record(
        "limit.set", target=limit, at=approved.at, by=approved.checker, organisation=bank,
        payload={**facts, "maker": approved.maker.uuid},
    )  # fmt: skip
    return limit


def _checked(asked: Cap) -> str:
    """The key as limits are stored by it. Raises InvalidInput naming the field."""
    key = asked.key.strip()
    if asked.dimension not in LimitDimension.values:
        raise InvalidInput("Choose what is limited.", field="dimension", rule="limit.dimension")
    if asked.cap < 0:
        raise InvalidInput("A limit is not below zero.", field="cap", rule="limit.cap")
    if not 0 < asked.warn_percent <= 100:
        raise InvalidInput("Warn from 1 to 100 per cent of the limit.", field="warn_percent", rule="limit.warn")
    if asked.dimension == LimitDimension.GROUP:
        if key:
            raise InvalidInput("A connected group has no name: leave this empty.", field="key", rule="limit.key")
        return ""
    if not _known(LimitDimension(asked.dimension), key):
        words = {
            "state": "a GST state code such as 29",
            "product": "a product's code",
            "sector": "a sector of a business here",
        }
        raise InvalidInput(f"Give {words[asked.dimension]}.", field="key", rule="limit.key")
    return f"{int(key):02d}" if asked.dimension == LimitDimension.STATE else key


def _known(dimension: LimitDimension, key: str) -> bool:
    if dimension == LimitDimension.STATE:
        return key.isdecimal() and int(key) in STATE_CODES
    if dimension == LimitDimension.PRODUCT:
        return LoanProduct.objects.filter(code=key).exists()
    return Business.register.filter(sector=key).exists()


def check_room(application: LoanApplication) -> None:
    """Raise NoRoom unless every limit has room; holds the bank's limits until the transaction ends."""
    locks.hold("lending.limits", application.organisation_id)
    for room in rooms_for(application):
        if room.used + application.amount > room.cap:
            left = format_inr(max(room.cap - room.used, Decimal(0)))
            raise NoRoom(f"The exposure limit of {room.name} leaves {left}. More cannot be lent under it now.")


def check_drawn_room(loan: Loan) -> None:
    """Raise NoRoom when a limit that was lowered meanwhile is passed; what is left to draw counts under it already."""
    full = next((room for room in rooms_for(loan.application) if room.used > room.cap), None)
    if full is not None:
        raise NoRoom(f"The exposure limit of {full.name} is passed. Nothing more can be paid out under it now.")


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
    """From the payment on the loan itself counts, with the part of it that is still to be drawn."""
    LimitUsage.objects.filter(application=application).update(state=UsageState.USED, at=at)
