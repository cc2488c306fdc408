"""Configuration pages. What needs two people cannot be changed here by one: those tables are read-only."""

from typing import ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from accounts import services
from accounts.models import (
    AuditEntry,
    Business,
    Consent,
    Flag,
    Job,
    Membership,
    Organisation,
    PolicyVersion,
    User,
)
from accounts.permissions import Capability, can, signed_in
from creditiq.kernel.clock import now


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows to look at: nothing is added, changed or deleted."""

    def has_add_permission(self, request: HttpRequest, *_: object) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


class ConfigurableAdmin(ReadOnlyAdmin):
    """Rows whose few editable fields go through a service, which guards and audits."""

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return can(request.user, Capability.CONFIGURE)


@admin.register(User)
class UserAdmin(ConfigurableAdmin):
    list_display = ("email", "first_name", "last_name", "role", "organisation", "is_active")
    list_filter = ("role", "is_active", "organisation")
    list_select_related = ("organisation",)
    search_fields = ("email", "first_name", "last_name")
    fields = ("email", "first_name", "last_name", "role", "organisation", "is_active", "last_login")
    readonly_fields = ("email", "first_name", "last_name", "last_login")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Nobody changes their own access."""
        return super().has_change_permission(request, obj) and obj != request.user

    def save_model(self, request: HttpRequest, obj: User, form: forms.ModelForm, change: bool) -> None:
        services.change_access(
            user_id=obj.pk,
            access=services.Access(obj.role, obj.organisation, obj.is_active, obj.duties),
            by=signed_in(request),
            at=now(),
        )


@admin.register(Organisation)
class OrganisationAdmin(ConfigurableAdmin):
    list_display = ("name", "kind", "status")
    fields = ("name", "kind", "status", "uuid")
    readonly_fields = ("name", "kind", "uuid")

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """The platform cannot be locked out of itself."""
        platform = isinstance(obj, Organisation) and obj.is_platform
        return super().has_change_permission(request, obj) and not platform

    def save_model(self, request: HttpRequest, obj: Organisation, form: forms.ModelForm, change: bool) -> None:
        services.change_organisation_status(organisation_id=obj.pk, status=obj.status, by=signed_in(request), at=now())


@admin.register(Business)
class BusinessAdmin(ReadOnlyAdmin):
    list_display = ("trade_name", "gstin", "sector", "size", "registered_on")
    list_filter = ("sector", "size")
    search_fields = ("gstin", "legal_name", "trade_name")


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    list_display = ("user", "business", "since")
    list_select_related = ("user", "business")


@admin.register(Consent)
class ConsentAdmin(ReadOnlyAdmin):
    list_display = ("business", "organisation", "purpose", "status", "granted_at", "expires_at")
    list_filter = ("status", "organisation")
    list_select_related = ("business", "organisation")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ("at", "organisation", "seq", "actor", "action", "target", "outcome")
    list_filter = ("action", "outcome", "organisation")
    list_select_related = ("organisation", "actor")
    search_fields = ("target", "request_id")
    ordering: ClassVar[tuple[str, ...]] = ("-at", "-pk")


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyAdmin):
    list_display = ("section", "version", "status", "live_from", "retired_at", "author", "approver")
    list_filter = ("section", "status")
    list_select_related = ("author", "approver")


@admin.register(Flag)
class FlagAdmin(ReadOnlyAdmin):
    """Switches are moved on their own page, on record; one that was never moved has no row."""

    list_display = ("name", "is_on", "changed_at", "changed_by")
    list_select_related = ("changed_by",)


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("title", "work", "state", "done", "total", "asked_by", "asked_at", "ended_at")
    list_filter = ("state", "work")
    list_select_related = ("asked_by",)
    ordering: ClassVar[tuple[str, ...]] = ("-asked_at", "-pk")
