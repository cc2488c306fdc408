"""The control map, for whoever oversees the house."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, can, page_for, signed_in
from accounts.services.approvals import known_actions
from accounts.views.control_map import control_map


@require_GET
@page_for(Capability.VIEW_AUDIT)
def controls(request: HttpRequest) -> HttpResponse:
    """Controls, acts of two people, what is kept apart, roles, and what the clock checks."""
    person = signed_in(request)
    shown = control_map(acts=[(action.title, action.maker, action.checker) for action in known_actions()])
    listed = [(control, can(person, control.capability)) for control in shown.controls]
    return render(request, "accounts/controls.html", {"map": shown, "controls": listed})
