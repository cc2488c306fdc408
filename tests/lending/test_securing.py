from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from creditiq.kernel.errors import InvalidInput
from lending.engine.limits import Constraint
from lending.engine.working_capital import Assets
from lending.selectors.dossiers import dossier
from lending.selectors.securities import securities_of, security_behind
from lending.services import Asset, charge_asset, register_charge, state_stock, value_asset
from lending.services.moving import UnableToProceed
from tests.factories.lending import AT

PLANT = Asset("plant", "hypothecation", "Two lathes", "The firm", Decimal(25))
BOOKS = Assets(Decimal(8_000_000), Decimal(5_000_000), Decimal(0), Decimal(2_000_000), Decimal(0))
DAY = date(2026, 1, 5)


def test_an_asset_counts_after_its_haircut_once_its_charge_is_registered(desk):
    asset = charge_asset(application_id=desk.application.uuid, asset=PLANT, by=desk.officer, at=AT)
    value_asset(collateral_id=asset.uuid, value=Decimal(800_000), valuer="A. Rao", on=DAY, by=desk.officer, at=AT)

    assert security_behind(desk.application) == 0
    register_charge(collateral_id=asset.uuid, registered_as="400012345678", on=DAY, by=desk.officer, at=AT)

    found = securities_of(desk.application)
    assert found.total == Decimal("600000.00")
    assert found.percent == (desk.application.amount / found.total * 100).quantize(Decimal("0.1"))


def test_a_charge_is_registered_once_and_never_edited(desk):
    asset = charge_asset(application_id=desk.application.uuid, asset=PLANT, by=desk.officer, at=AT)
    register_charge(collateral_id=asset.uuid, registered_as="400012345678", on=DAY, by=desk.officer, at=AT)

    with pytest.raises(UnableToProceed) as refused:
        register_charge(collateral_id=asset.uuid, registered_as="400099999999", on=DAY, by=desk.officer, at=AT)
    assert refused.value.code == "registered"
    asset.refresh_from_db()
    asset.owner = "Somebody else"
    with pytest.raises(IntegrityError, match="stays what it is"), transaction.atomic():
        asset.save()


def test_a_number_of_the_registry_has_its_shape(desk):
    asset = charge_asset(application_id=desk.application.uuid, asset=PLANT, by=desk.officer, at=AT)

    with pytest.raises(InvalidInput, match="6 to 20 digits"):
        register_charge(collateral_id=asset.uuid, registered_as="none", on=DAY, by=desk.officer, at=AT)


def test_a_stock_statement_gives_its_drawing_power_and_enters_the_dossier(desk):
    made = state_stock(application_id=desk.application.uuid, on=DAY, assets=BOOKS, by=desk.officer, at=AT)

    assert made.drawing_power == Decimal(7_500_000)
    facts = dossier(business=desk.business, run=desk.run, at=AT, application=desk.application)
    assert facts.assets is not None
    assert facts.assets.on == "2026-01-05"
    with pytest.raises(InvalidInput, match="already"):
        state_stock(application_id=desk.application.uuid, on=DAY, assets=BOOKS, by=desk.officer, at=AT)


def test_the_officer_writes_down_what_secures_a_loan_on_its_page(client, desk):
    client.force_login(desk.officer)
    page = f"/officer/applications/{desk.application.uuid}/security"
    assert "Nothing is charged" in client.get(page).content.decode()

    asset = {
        "form": "asset",
        "kind": "plant",
        "charge": "pledge",
        "description": "Press",
        "owner": "R",
        "haircut": "20",
    }
    assert client.post(page, {"form": "asset", **asset}).status_code == 302
    kept = desk.application.collaterals.get()
    wrong = client.post(f"{page}/{kept.uuid}", {"form": "register", "registered_as": "x", "on": "2026-01-05"})
    assert wrong.status_code in (200, 422)
    assert "6 to 20 digits" in wrong.content.decode()
    value = {"form": "value", "value": "100000", "valuer": "A. Rao", "on": "2026-01-05"}
    assert client.post(f"{page}/{kept.uuid}", value).status_code == 302
    assert "A. Rao" in client.get(page).content.decode()


def test_the_api_gives_and_takes_what_secures_a_loan(client, desk):
    client.force_login(desk.officer)
    path = f"/api/v1/applications/{desk.application.uuid}"
    stock = {"on": "2026-01-05", "stock": "8000000", "debtors": "5000000", "creditors": "2000000"}

    made = client.post(f"{path}/stock_statements", stock, content_type="application/json")

    assert made.status_code == 201, made.json()
    assert made.json()["drawing_power"] == "7500000.00"
    asset = {"kind": "plant", "charge": "pledge", "description": "Press", "owner": "R", "haircut": "20"}
    charged = client.post(f"{path}/collaterals", asset, content_type="application/json").json()
    base = f"/api/v1/applications/collaterals/{charged['id']}"
    value = {"value": "100000", "valuer": "A. Rao", "on": "2026-01-05"}
    assert client.post(f"{base}/valuations", value, content_type="application/json").status_code == 201
    entry = {"registered_as": "400012345678", "on": "2026-01-05"}
    assert client.post(f"{base}/registration", entry, content_type="application/json").status_code == 201
    assert client.get(f"{path}/collaterals").json()["total"] == "80000.00"


def test_the_bound_of_a_large_limit_is_named():
    assert Constraint.PERMISSIBLE.value == "permissible_finance"
