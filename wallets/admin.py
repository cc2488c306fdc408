"""Nothing of the evidence is edited by hand: the admin site shows uploads read-only."""

from django.contrib import admin
from django.http import HttpRequest

from wallets.models import Chain, Upload


@admin.register(Upload)
class UploadAdmin(admin.ModelAdmin):
    list_display = ("received_at", "business", "kind", "state", "rows", "accepted", "duplicates", "rejected")
    list_filter = ("state", "kind")
    list_select_related = ("business",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Upload | None = None) -> bool:
        return False


@admin.register(Chain)
class ChainAdmin(admin.ModelAdmin):
    """The registry as it is; what changes it is a data file, and nodes that tell their genesis."""

    list_display = ("number", "name", "caip2", "status", "genesis_hash")
    list_filter = ("status", "group")
    ordering = ("number",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Chain | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Chain | None = None) -> bool:
        return False
