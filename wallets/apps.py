from importlib import import_module

from django.apps import AppConfig

from creditiq.kernel import health


class WalletsConfig(AppConfig):
    name = "wallets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models exist now: the streams may tell how far they are."""
        health.register("streams", import_module("wallets.services.health").streams)
