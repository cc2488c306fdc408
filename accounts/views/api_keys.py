"""One's own API keys: made, rotated, revoked; the key itself is shown once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import charts, selectors, services
from accounts.forms.programs import ApiKeyForm
from accounts.permissions import (
    CAPABILITIES,
    KEY_SCOPES,
    Capability,
    can,
    capabilities_of,
    page_for,
    require_step_up,
    signed_in,
)
from accounts.views.forms import complain
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

OVERSEE = Capability.OVERSEE_KEYS
SPANS = (7, 30, 90)


@require_http_methods(["GET", "POST"])
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys; by the form a new one."""
    person = signed_in(request)
    held = capabilities_of(person).union(*(CAPABILITIES[role] for role in services.STAND_INS.values()))
    scopes = [(one.value, one.value.replace("_", " ").capitalize()) for one in KEY_SCOPES if one in held]
    form = ApiKeyForm(request.POST if request.method == "POST" else None, scopes=scopes)
    if form.is_valid():
        require_step_up(request, now())
        try:
            made = services.create_key(terms=services.KeyTerms(**form.cleaned_data), by=person, at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            return _shown_once(request, made)
    context = {"form": form, "rows": selectors.own_keys(user=person, at=now()), "scopes": scopes}
    return render(request, "accounts/api_keys.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def rotate_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """A new key on the same terms."""
    selectors.own_key(user=signed_in(request), key_id=key_id, at=now())
    require_step_up(request, now())
    return _shown_once(request, services.rotate_key(key_id=key_id, by=signed_in(request), at=now()))


@require_POST
@login_required
def revoke_key(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """End a key."""
    selectors.own_key(user=signed_in(request), key_id=key_id, at=now())
    require_step_up(request, now())
    services.revoke_key(key_id=key_id, by=signed_in(request), at=now())
    messages.success(request, "Revoked. The key opens nothing any more.", extra_tags="good")
    return redirect("accounts:api_keys")


@require_GET
@login_required
def own_usage(request: HttpRequest) -> HttpResponse:
    """What one's keys did."""
    days = _span(request)
    return _used(request, selectors.usage(user=signed_in(request), at=now(), days=days), days)


@require_GET
@login_required
def key_usage(request: HttpRequest, key_id: UUID) -> HttpResponse:
    """What one key did; who oversees an organisation may look at its keys."""
    days = _span(request)
    used = selectors.usage(
        user=signed_in(request), at=now(), days=days, key_id=key_id, oversees=can(request.user, OVERSEE)
    )
    return _used(request, used, days)


@require_GET
@page_for(OVERSEE)
def house_usage(request: HttpRequest) -> HttpResponse:
    """What every key of the organisation did; for the platform's people every key there is."""
    days = _span(request)
    used = selectors.usage(user=signed_in(request), at=now(), days=days, oversees=True)
    return _used(request, used, days, everybody=True)


@require_http_methods(["GET", "POST"])
@page_for(Capability.BUILD_PROGRAMS)
def sandbox(request: HttpRequest) -> HttpResponse:
    """The made-up businesses; by the button other ones."""
    if request.method == "POST":
        services.ask_for_reset(by=signed_in(request), at=now())
        messages.success(request, "It is being emptied and filled anew.", extra_tags="good")
        return redirect("accounts:sandbox")
    return render(request, "accounts/sandbox.html", {"shown": selectors.sandbox()})


def _span(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((span for span in SPANS if str(span) == asked), SPANS[1])


def _used(request: HttpRequest, used: selectors.Usage, days: int, **what: object) -> HttpResponse:
    rows = [(day.name, day.calls, day.client_errors, day.server_errors) for day in used.days]
    columns = ("Day", "Calls", "Refused", "Failed")
    drawn = {"figure": charts.calls_by_day(used), "columns": columns, "rows": rows}
    return render(request, "accounts/usage.html", {"usage": used, "days": days, "spans": SPANS, **drawn, **what})


def _shown_once(request: HttpRequest, made: services.MadeKey) -> HttpResponse:
    answer = render(request, "accounts/api_key_made.html", {"made": made})
    answer["Cache-Control"] = "no-store"
    return answer
