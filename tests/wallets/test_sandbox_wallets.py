"""The sandbox has wallets of its own: the same addresses everywhere, proved, scored, and nobody else's."""

from datetime import timedelta

import pytest

from accounts.services import stand_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import Forbidden
from tests.factories.accounts import PlatformFactory, UserFactory
from wallets import selectors, services
from wallets.models import OnchainScore

ADDRESSES = {
    "0xd2f0f20e8306dc084b7f1cc2d0d05afa0ff91127",
    "0x7118828f7e6edf4d85be6dea2a90812b3585b017",
    "0xb529c39042b1d4a8d70f3fbf45a868d54fafabea",
}
pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def registry(db: None) -> None:
    services.register_networks()
    PlatformFactory()


def test_the_owner_of_the_sandbox_has_three_proved_wallets_with_scores() -> None:
    owner = stand_in(role="owner", at=now())
    first = services.link_sandbox_wallets(user=owner, at=now() - timedelta(hours=1))
    lines = selectors.wallet_lines(user=owner)
    assert [line.state for line in lines] == ["verified"] * 3
    assert {line.wallet.address for line in lines} == ADDRESSES
    numbers = dict(OnchainScore.objects.of(owner).values_list("wallets", "value"))
    assert len(set(numbers.values())) == 3
    assert first == services.link_sandbox_wallets(user=owner, at=now())
    assert OnchainScore.objects.of(owner).count() == 6


def test_nobody_else_gets_them() -> None:
    with pytest.raises(Forbidden):
        services.link_sandbox_wallets(user=UserFactory(), at=now())
