"""A shop with a proved UPI address, its owner, and a live consent to the platform."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from accounts.models import Business, Consent, Role, User
from accounts.selectors import platform
from accounts.services import ConsentTerms, NewPerson, create_user, grant_consent, join_business, register_businesses
from creditiq.kernel.clock import micros
from creditiq.kernel.identifiers import gstin
from wallets.services import verify_vpas

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Shop:
    """Who the tests speak of."""

    business: Business
    owner: User
    consent: Consent


def registration(pan: str, name: str) -> dict[str, object]:
    """A row of the businesses frame."""
    return {
        "gstin": gstin.compose(29, pan), "pan": pan, "udyam": "", "legal_name": name, "trade_name": name,
        "sector": "textiles", "hsn": "5208", "state_code": 29, "pincode": "560001", "size": "micro",
        "constitution": "proprietorship", "registered_at": micros(AT - timedelta(days=600)), "deals_in_goods": True,
        "quarterly_filer": False,
    }  # fmt: skip


def open_shop(pan: str, name: str, address: str) -> Shop:
    """Register, staff and consent one business."""
    (business,) = register_businesses(rows=[registration(pan, name)], at=AT)
    person = NewPerson(f"{name.lower()}@shop.example", "a long enough phrase", name, "Rao", role=Role.MSME_OWNER)
    owner = create_user(person=person, at=AT)
    join_business(user=owner, business=business, at=AT)
    terms = ConsentTerms(organisation=platform(), expires_at=AT + timedelta(days=365))
    consent = grant_consent(business=business, terms=terms, by=owner, at=AT)
    verify_vpas(addresses={address: business.pk})
    return Shop(business, owner, consent)


@pytest.fixture
def shop(db: None) -> Shop:
    return open_shop("ABCPK1234L", "Asha", "shop@okaxis")


@pytest.fixture
def neighbour(db: None) -> Shop:
    return open_shop("ABCPN5678M", "Binod", "supplier@okicici")
