"""Alerts, screenings and watch lists are looked at here, never changed: they are worked on the risk pages."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from fraud.models import Alert, PopulationScreening, WatchlistEntity, WatchlistSource


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(PopulationScreening)
class PopulationScreeningAdmin(ReadOnlyAdmin):
    list_display = ("as_of", "businesses", "transfers", "cycles", "rings", "suspects", "complete")


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("opened_at", "ring", "state", "decided_at", "decided_by")
    list_filter = ("state",)
    list_select_related = ("ring", "decided_by")


@admin.register(WatchlistSource)
class WatchlistSourceAdmin(ReadOnlyAdmin):
    list_display = ("name", "version", "loaded_at", "entities")


@admin.register(WatchlistEntity)
class WatchlistEntityAdmin(ReadOnlyAdmin):
    list_display = ("name", "key", "kind", "source", "removed_at")
    list_filter = ("source", "kind")
    list_select_related = ("source",)
    search_fields = ("name", "key")
    show_full_result_count = False  # lists have tens of thousands of names
