"""The doors for monitors, also when what they report on is away."""

from django.conf import settings
from django.test import override_settings

from creditiq import probes


def test_no_worker_is_counted_while_valkey_is_away() -> None:
    away = {"default": settings.CACHES["default"] | {"LOCATION": "redis://127.0.0.1:1/1"}}
    with override_settings(CACHES=away):
        assert probes.workers() == 0
