from functools import partial
from importlib import import_module

import structlog
from django.apps import AppConfig
from django.conf import settings

from creditiq.kernel import health
from wallets.engine.importers import tariff

log = structlog.get_logger()


class WalletsConfig(AppConfig):
    name = "wallets"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Models exist now: the streams may tell how far they are, and the house's own HSN master is taken up.

        A master that cannot be read stops nothing, least of all the command that loads it again: the built-in list
        counts, and the health page says so.
        """
        unusable = ""
        try:
            tariff.use_master(settings.HSN_MASTER)
        except tariff.UnusableMaster as error:
            unusable = str(error)
            log.error("hsn_master_unusable", reason=unusable)
            tariff.use_master(None)
        readings = import_module("wallets.services.health")
        health.register("streams", readings.streams)
        health.register("hsn_master", partial(readings.hsn_master, unusable=unusable))
