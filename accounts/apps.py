from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The API's description learns our security schemes by their module being loaded."""
        import_module("accounts.api.schema")


class ConfigurationConfig(admin_apps.AdminConfig):
    """Django admin, opened through our own sign-in page; takes the place of django.contrib.admin."""

    default = False
    default_site = "accounts.admin.ConfigurationSite"
