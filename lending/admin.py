"""Products can be looked at; what needs two people is not changed here."""

from django.contrib import admin
from django.http import HttpRequest

from lending.models import LoanProduct


@admin.register(LoanProduct)
class LoanProductAdmin(admin.ModelAdmin):
    """Read-only."""

    list_display = ("code", "name", "facility", "least_amount", "most_amount", "least_months", "most_months")
    list_filter = ("facility", "offered_now")
    ordering = ("code",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody: products come by service."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object | None = None) -> bool:
        """Nobody."""
        return False
