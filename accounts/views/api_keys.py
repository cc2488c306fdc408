"""One's own API keys: made, rotated, revoked; the key itself is shown once."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms.programs import ApiKeyForm
from accounts.permissions import KEY_SCOPES, capabilities_of, require_step_up, signed_in
from accounts.views.forms import complain
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError


@require_http_methods(["GET", "POST"])
@login_required
def api_keys(request: HttpRequest) -> HttpResponse:
    """The keys; by the form a new one."""
    person = signed_in(request)
    held = capabilities_of(person)
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


def _shown_once(request: HttpRequest, made: services.MadeKey) -> HttpResponse:
    answer = render(request, "accounts/api_key_made.html", {"made": made})
    answer["Cache-Control"] = "no-store"
    return answer
