"""The root app: brings Celery and the wiring table to life when Django is ready."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from creditiq.celery import app as celery_app
from creditiq.observability import expose_readings

__all__ = ["CreditIQConfig", "celery_app"]


class CreditIQConfig(AppConfig):
    name = "creditiq"
    label = "creditiq"

    def ready(self) -> None:
        """Models exist now: the wiring table may be imported (it names the tasks of every app)."""
        connect = import_string("creditiq.kernel.events.connect")
        connect(import_string("creditiq.wiring.FLOW"))
        import_string("creditiq.kernel.events.connect_forgets")(import_string("creditiq.wiring.FORGETS"))
        import_string("accounts.services.connect_actions")(import_string("creditiq.wiring.APPROVABLE"))
        import_string("accounts.services.connect_works")(import_string("creditiq.wiring.RUNNABLE"))
        import_string("accounts.services.webhooks.connect_announcements")(
            import_string("creditiq.announcements.ANNOUNCED")
        )
        import_string("accounts.selectors.connect_witnesses")(import_string("creditiq.wiring.WITNESSES"))
        import_string("creditiq.readings.register")()
        expose_readings()
