from importlib import import_module

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as installed
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The API's description learns our security schemes by their module being loaded."""
        import_module("accounts.api.schema")
        post_migrate.connect(found_platform, sender=self)


class ConfigurationConfig(admin_apps.AdminConfig):
    """Django admin, opened through our own sign-in page; takes the place of django.contrib.admin."""

    default = False
    default_site = "accounts.views.house.ConfigurationSite"


def found_platform(*, using: str, apps: Apps = installed, **_: object) -> None:
    """The platform is an organisation of its own: there after every migrate, and after a test emptied the tables."""
    if "organisation" not in apps.all_models["accounts"]:
        return
    organisations = apps.get_model("accounts", "Organisation").objects.using(using)
    organisations.get_or_create(kind="platform", defaults={"name": "CreditIQ"})
