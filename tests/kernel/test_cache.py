"""The cache holds JSON and can count."""

import pytest
from django.core.cache import cache

from creditiq import embedded

pytestmark = pytest.mark.integration


@pytest.mark.parametrize("value", [7, "text", [1.5, 2.5], {"a": None}, True])
def test_what_goes_in_comes_out(services: embedded.Services, value: object) -> None:
    cache.set("kernel-test", value, timeout=5)
    assert cache.get("kernel-test") == value


def test_counting_happens_on_the_server(services: embedded.Services) -> None:
    cache.set("kernel-count", 1, timeout=5)
    cache.incr("kernel-count")
    assert cache.get("kernel-count") == 2


def test_what_is_not_json_is_refused(services: embedded.Services) -> None:
    with pytest.raises(TypeError):
        cache.set("kernel-test", object(), timeout=5)
