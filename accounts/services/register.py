"""One entry of the register at a time: entered, corrected, taken out again while nothing hangs on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import ProtectedError

from accounts import audit
from accounts.models import Business, User
from accounts.permissions import Capability, Person, can, require
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.identifiers import gstin
from creditiq.kernel.identifiers.errors import InvalidIdentifier


class UnableToRegister(ApplicationError):
    """It is there already, or too much hangs on it."""

    code = "unable_to_register"


@dataclass(frozen=True)
class Registration:
    """What a business is registered as; state and PAN are inside the GSTIN."""

    gstin: str
    legal_name: str
    trade_name: str
    sector: str
    hsn: str
    pincode: str
    size: str
    constitution: str
    registered_on: date
    deals_in_goods: bool
    quarterly_filer: bool
    udyam: str = ""


def needed_to_read(user: Person) -> Capability:
    """What lets somebody read the register: keeping it, or else reading the evidence of those they see."""
    return Capability.CONFIGURE if can(user, Capability.CONFIGURE) else Capability.VIEW_EVIDENCE


def register_business(*, facts: Registration, by: User, at: datetime) -> Business:
    """Enter a business. Raises Forbidden, InvalidInput for a GSTIN that breaks a rule, UnableToRegister."""
    require(by, Capability.CONFIGURE)
    try:
        read = gstin.parse(facts.gstin)
    except InvalidIdentifier as error:
        raise InvalidInput(str(error), field="gstin", rule="business.gstin") from error
    if read.pan is None:
        raise InvalidInput("This kind of GSTIN is not of a business.", field="gstin", rule="business.gstin")
    with transaction.atomic(durable=True):
        if Business.register.filter(gstin=facts.gstin).exists():
            raise UnableToRegister("A business with this GSTIN is in the register already.")
        made = Business.register.create(**vars(facts), state_code=read.state_code)
        audit.record("business.registered", target=made, at=at, by=by)
    return made


def correct_business(*, business_id: UUID, changes: Mapping[str, object], by: User, at: datetime) -> Business:
    """Correct what is registered; the GSTIN stays. The trail names the fields. Raises Forbidden, NotVisible."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        business = _locked(business_id)
        fields = [name for name, value in changes.items() if getattr(business, name) != value]
        for name in fields:
            setattr(business, name, changes[name])
        if fields:
            business.save(update_fields=fields)
            audit.record("business.corrected", target=business, at=at, by=by, payload={"fields": sorted(fields)})
    return business


def strike_business(*, business_id: UUID, by: User, at: datetime) -> None:
    """Take out one entered by mistake: nobody speaks for it, it gave no consent, nothing is known of it."""
    require(by, Capability.CONFIGURE)
    with transaction.atomic(durable=True):
        business = _locked(business_id)
        public = str(business.uuid)
        try:
            business.delete()
        except ProtectedError as error:
            raise UnableToRegister("People, consents or evidence hang on this business; it stays on record.") from error
        audit.record("business.struck", target="accounts.business", at=at, by=by, payload={"business": public})


def _locked(business_id: UUID) -> Business:
    found = Business.register.select_for_update().filter(uuid=business_id).first()
    if found is None:
        raise NotVisible
    return found
