"""Model versions and scores are read here, never written."""

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from scoring.models import ModelVersion, ScoreRun


class ReadOnlyAdmin(admin.ModelAdmin):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(ModelVersion)
class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("version", "status", "registered_at", "digest")
    list_filter = ("status",)
    fields = ("version", "status", "digest", "lock", "registered_at", "metrics", "card")


@admin.register(ScoreRun)
class ScoreRunAdmin(ReadOnlyAdmin):
    list_display = ("as_of", "business", "status", "score", "band", "model_version")
    list_filter = ("status", "band")
    list_select_related = ("business", "model_version")
    exclude = ("snapshot", "waterfall", "vector", "contributions")
