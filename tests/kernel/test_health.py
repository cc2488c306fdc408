"""The health page survives what it reports on."""

import pytest
from django.db import OperationalError
from redis.exceptions import ConnectionError as ValkeyAway

from creditiq.kernel import health


@pytest.fixture(autouse=True)
def own_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_checks", {})


@pytest.mark.parametrize("error", [OperationalError, ValkeyAway, OSError, LookupError])
def test_a_check_that_fails_says_how_and_leaves_the_others_alone(error: type[Exception]) -> None:
    def broken() -> dict[str, object]:
        raise error

    health.register("broken", broken)
    health.register("well", lambda: {"ok": True})
    assert health.readings() == {"broken": {"ok": False, "error": error.__name__}, "well": {"ok": True}}


def test_a_name_registered_again_is_replaced() -> None:
    health.register("one", lambda: {"ok": False})
    health.register("one", lambda: {"ok": True})
    assert health.readings() == {"one": {"ok": True}}
