"""Recording what stands behind a request: stock statements, charged assets, their registration and worth."""

import re
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel.clock import IST
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending.engine.working_capital import Assets
from lending.models import Charge, Collateral, CollateralKind, LoanApplication, StockStatement, Valuation
from lending.selectors.applications import visible_application
from lending.selectors.securities import stated_on
from lending.services.moving import UnableToProceed

REGISTRATION = re.compile(r"^[0-9]{6,20}$")
"""A security interest's id is a number the registry gives."""
ENDED = "This application is over: nothing is charged for it any more."
_CHARGED = ("kind", "charge", "description", "owner", "haircut", "at", "by", "registered_as", "registered_on")
_VALUED = ("on", "value", "valuer", "at", "by")
_STATED = ("on", "stock", "debtors", "other_assets", "creditors", "other_liabilities", "at", "by")


@dataclass(frozen=True)
class Asset:
    """What is charged: codes of CollateralKind and Charge, who owns it, per cent the bank takes off its value."""

    kind: str
    charge: str
    description: str
    owner: str
    haircut: Decimal


def state_stock(*, application_id: UUID, on: date, assets: Assets, by: User, at: datetime) -> StockStatement:
    """Record a statement of current assets of a day. Raises NotVisible, InvalidInput, UnableToProceed."""
    application = _open(application_id, by, at)
    _not_ahead(on, at)
    if stated_on(application, on):
        raise InvalidInput("There is a statement of this day already.", field="on", rule="stock.once")
    parts = {name: value for name, value in asdict(assets).items() if name != "on"}
    wrong = next((name for name, value in parts.items() if value < 0), None)
    if wrong is not None:
        raise InvalidInput("Give zero or more.", field=wrong, rule="stock.negative")
    with transaction.atomic(durable=True):
        made = StockStatement.objects.create(application=application, on=on, at=at, by=by, **parts)
        _record("stock_stated", application, by, at, {"statement": made.uuid, "on": on, **parts})
    return made


def charge_asset(*, application_id: UUID, asset: Asset, by: User, at: datetime) -> Collateral:
    """Record an asset charged to the bank. Raises NotVisible, InvalidInput, UnableToProceed."""
    application = _open(application_id, by, at)
    for field, known in (("kind", CollateralKind.values), ("charge", Charge.values)):
        if getattr(asset, field) not in known:
            raise InvalidInput("Choose one of the list.", field=field, rule=f"collateral.{field}")
    for field in ("description", "owner"):
        if not str(getattr(asset, field)).strip():
            raise InvalidInput("Fill this in.", field=field, rule=f"collateral.{field}")
    if not 0 <= asset.haircut <= 100:
        raise InvalidInput("A haircut is 0 to 100 per cent.", field="haircut", rule="collateral.haircut")
    with transaction.atomic(durable=True):
        made = Collateral.objects.create(application=application, at=at, by=by, **asdict(asset))
        _record("asset_charged", application, by, at, {"collateral": made.uuid, "charge": made.charge})
    return made


def register_charge(*, collateral_id: UUID, registered_as: str, on: date, by: User, at: datetime) -> Collateral:
    """Record the security interest's id at CERSAI, once. Raises NotVisible, InvalidInput, UnableToProceed."""
    found = _visible(collateral_id, by, at)
    _not_ahead(on, at)
    number = registered_as.strip()
    if not REGISTRATION.match(number):
        raise InvalidInput("Give the registry's number, 6 to 20 digits.", field="registered_as", rule="cersai.id")
    with transaction.atomic(durable=True):
        locked = Collateral.objects.select_for_update(of=("self",)).get(pk=found.pk)
        if locked.registered_as:
            raise UnableToProceed("This charge is registered already.", code="registered")
        locked.registered_as, locked.registered_on = number, on
        try:
            with transaction.atomic():
                locked.save(update_fields=["registered_as", "registered_on"])
        except IntegrityError as error:
            if "collateral_registered_once" not in str(error):
                raise
            message = "This number belongs to another charge."
            raise InvalidInput(message, field="registered_as", rule="cersai.used") from error
        _record("charge_registered", found.application, by, at, {"collateral": found.uuid, "registered_as": number})
    return locked


def value_asset(*, collateral_id: UUID, value: Decimal, valuer: str, on: date, by: User, at: datetime) -> Valuation:
    """Record what an asset was found worth on a day. Raises NotVisible, InvalidInput."""
    found = _visible(collateral_id, by, at)
    _not_ahead(on, at)
    if value <= 0:
        raise InvalidInput("Give a value above zero.", field="value", rule="valuation.value")
    if not valuer.strip():
        raise InvalidInput("Say who found it.", field="valuer", rule="valuation.valuer")
    if found.valuations.filter(on=on).exists():
        raise InvalidInput("There is a valuation of this day already.", field="on", rule="valuation.once")
    with transaction.atomic(durable=True):
        made = Valuation.objects.create(collateral=found, on=on, value=value, valuer=valuer.strip(), at=at, by=by)
        _record("asset_valued", found.application, by, at, {"collateral": found.uuid, "on": on, "value": value})
    return made


def hand_over(old: LoanApplication, new: LoanApplication, *, by: User, at: datetime) -> None:
    """What stands behind a request goes over to the one in its place, as it was recorded; in the caller's transaction.

    The registration of a charge stays one: the old row is released on the day.
    """
    moved = old.collaterals.select_for_update().filter(released_on__isnull=True).order_by("pk")
    for held in moved:
        held.released_on = at.astimezone(IST).date()
        held.save(update_fields=["released_on"])
        taken = Collateral.objects.create(application=new, **{name: getattr(held, name) for name in _CHARGED})
        worth = [
            Valuation(collateral=taken, **{name: getattr(one, name) for name in _VALUED})
            for one in held.valuations.all()
        ]
        Valuation.objects.bulk_create(worth)
        _record("asset_taken_over", new, by, at, {"collateral": taken.uuid, "from": held.uuid})
    stated = old.stock_statements.order_by("pk")
    StockStatement.objects.bulk_create(
        StockStatement(application=new, **{name: getattr(one, name) for name in _STATED}) for one in stated
    )


def _open(application_id: UUID, by: User, at: datetime) -> LoanApplication:
    application = visible_application(user=by, application_id=application_id, at=at)
    require(by, Capability.RECOMMEND, application)
    if not (application.is_open or application.is_offered):
        raise UnableToProceed(ENDED, code="ended")
    return application


def _visible(collateral_id: UUID, by: User, at: datetime) -> Collateral:
    found = Collateral.objects.select_related("application").filter(uuid=collateral_id).first()
    if found is None:
        raise NotVisible
    found.application = visible_application(user=by, application_id=found.application.uuid, at=at)
    require(by, Capability.RECOMMEND, found.application)
    return found


def _not_ahead(on: date, at: datetime) -> None:
    if on > at.astimezone(IST).date():
        raise InvalidInput("This day is still to come.", field="on", rule="on.future")


def _record(verb: str, application: LoanApplication, by: User, at: datetime, payload: dict[str, object]) -> None:
    audit.record(
        f"application.{verb}", target=application, at=at, by=by, organisation=application.organisation, payload=payload
    )
