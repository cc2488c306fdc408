"""Alerts and screenings are looked at here, never changed: they are worked on the risk pages."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from fraud.models import Alert, PopulationScreening


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
