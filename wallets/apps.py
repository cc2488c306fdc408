from importlib import import_module

from django.apps import AppConfig
from django.conf import settings

from creditiq.kernel import health
from wallets.engine.importers import tariff


class WalletsConfig(AppConfig):
    name = "wallets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models exist now: the streams may tell how far they are, and the house's own HSN master is taken up."""
        tariff.use_master(settings.HSN_MASTER)
        health.register("streams", import_module("wallets.services.health").streams)
