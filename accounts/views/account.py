"""My account: profile, password, second factors, sessions, first steps, and proving once more to be there."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors, services
from accounts.forms import (
    ChangePasswordForm,
    CodeForm,
    FactorForm,
    PasskeyForm,
    PasswordForm,
    ProfileForm,
    SessionForm,
)
from accounts.permissions import note_step_up, require_step_up, signed_in
from accounts.views.forms import complain, first_error
from accounts.views.languages import keep_language
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

WRONG_CODE = "The code is wrong, or was used before. Wait for the next one."


@require_http_methods(["GET", "POST"])
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Who one is: profile, language, letters."""
    person = signed_in(request)
    kept = {name: getattr(person, name) for name in ProfileForm.base_fields}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=kept)
    if form.is_valid():
        services.change_profile(user=person, profile=services.Profile(**form.cleaned_data), at=now())
        messages.success(request, "Your profile is saved.", extra_tags="good")
        answer = redirect("accounts:account")
        keep_language(request, answer, form.cleaned_data["language"])
        return answer
    context = {"form": form, "account": selectors.account(person)}
    return render(request, "accounts/account.html", context, status=422 if form.errors else 200)


@require_GET
@login_required
def security(request: HttpRequest) -> HttpResponse:
    """Password, second factors, sessions."""
    return _security(request)


@require_http_methods(["GET", "POST"])
@login_required
def password(request: HttpRequest) -> HttpResponse:
    """Another password."""
    form = ChangePasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.change_password(
                user=signed_in(request),
                current=form.cleaned_data["current"],
                new=form.cleaned_data["password"],
                at=now(),
                request=request,
            )
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "Your password is changed; other sessions have ended.", extra_tags="good")
            return redirect("accounts:security")
    return render(request, "accounts/password.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def totp(request: HttpRequest) -> HttpResponse:
    """Add an authenticator app: scan, type the first code, keep the recovery codes."""
    person, form = signed_in(request), CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        require_step_up(request, now())
        try:
            codes = services.add_totp(
                user=person, ticket=request.POST.get("ticket", ""), code=form.cleaned_data["code"], at=now()
            )
        except ApplicationError as error:
            complain(form, error)
        else:
            return _added(request, codes)
    context = {"form": form, "offer": services.offer_totp(user=person)}
    return render(request, "accounts/totp.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@login_required
def passkeys(request: HttpRequest) -> HttpResponse:
    """Add a passkey."""
    person, form = signed_in(request), PasskeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        require_step_up(request, now())
        try:
            codes = services.add_passkey(request=request, user=person, at=now(), **form.cleaned_data)
        except ApplicationError as error:
            form.add_error(None, error.message)
        else:
            return _added(request, codes)
    context = {"form": form, "options": services.offer_passkey(request=request, user=person)}
    return render(request, "accounts/add_passkey.html", context, status=422 if form.errors else 200)


@require_POST
@login_required
def recovery_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""
    require_step_up(request, now())
    try:
        return _added(request, services.renew_recovery_codes(user=signed_in(request), at=now()))
    except ApplicationError as error:
        return _security(request, error.message, error.status)


@require_POST
@login_required
def remove_factor(request: HttpRequest) -> HttpResponse:
    """Remove an app or a passkey."""
    person, form = signed_in(request), FactorForm(request.POST)
    if not form.is_valid():
        return _security(request, "Choose what to remove.", 422)
    require_step_up(request, now())
    try:
        needed = selectors.must_have_factor(person)
        services.remove_factor(user=person, factor_id=form.cleaned_data["factor"], at=now(), needed=needed)
    except ApplicationError as error:
        return _security(request, error.message, error.status)
    messages.success(request, "Removed.", extra_tags="good")
    return redirect("accounts:security")


@require_POST
@login_required
def end_session(request: HttpRequest) -> HttpResponse:
    """End one session, or all but this one."""
    person, form = signed_in(request), SessionForm(request.POST)
    if not form.is_valid():
        return _security(request, "Choose the session to end.", 422)
    try:
        if form.cleaned_data["session"] == "others":
            services.end_other_sessions(request=request, user=person, at=now())
        else:
            services.end_session(user=person, session_id=form.cleaned_data["session"], at=now())
    except ApplicationError as error:
        return _security(request, error.message, error.status)
    messages.success(request, "Ended.", extra_tags="good")
    return redirect("accounts:security")


@require_http_methods(["GET", "POST"])
@login_required
def confirm(request: HttpRequest) -> HttpResponse:
    """Prove to be there: a code or a passkey for those who have one, else the password."""
    person, strong = signed_in(request), selectors.has_factor(signed_in(request))
    form = (CodeForm if strong else PasswordForm)(request.POST if request.method == "POST" else None)
    to = _safe(request, request.POST.get("next") or request.GET.get("next", ""))
    problem = ""
    if request.method == "POST":
        if _is_there(request, form, strong=strong):
            note_step_up(request, now())
            return redirect(to)
        problem = first_error(form) or ("That passkey or code is wrong." if strong else "The password is wrong.")
    options = services.challenge_passkey(request=request, user=person) if strong else None
    context = {"form": form, "next": to, "problem": problem, "options": options}
    return render(request, "accounts/confirm.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
@login_required
def first_steps(request: HttpRequest) -> HttpResponse:
    """Three things to know, once; done or skipped, they do not come again."""
    person = signed_in(request)
    if request.method == "POST":
        services.finish_onboarding(user=person, at=now())
    steps = () if request.method == "POST" else selectors.first_steps(person)
    return render(request, "accounts/first_steps.html", {"steps": steps}) if steps else redirect("front")


def _is_there(request: HttpRequest, form: CodeForm | PasswordForm, *, strong: bool) -> bool:
    person = signed_in(request)
    key = PasskeyForm(request.POST)
    if strong and key.is_valid() and isinstance(key.cleaned_data["credential"], dict):
        form.errors.clear()
        return services.takes_passkey(request=request, response=key.cleaned_data["credential"], at=now()) == person
    if not form.is_valid():
        return False
    if strong:
        return services.takes_code(request=request, user=person, code=form.cleaned_data["code"], at=now())
    return authenticate(request, username=person.email, password=form.cleaned_data["password"]) == person


def _added(request: HttpRequest, codes: list[str]) -> HttpResponse:
    """The recovery codes, this once; on without them when there are no new ones."""
    note_step_up(request, now())
    if codes:
        return render(request, "accounts/recovery_codes.html", {"codes": codes})
    messages.success(request, "Added. Signing in asks for it from now on.", extra_tags="good")
    return redirect("accounts:security")


def _security(request: HttpRequest, refusal: str = "", status: int = 200) -> HttpResponse:
    page = selectors.security_page(user=signed_in(request), current=request.session.session_key or "", at=now())
    return render(request, "accounts/security.html", {"page": page, "refusal": refusal}, status=status)


def _safe(request: HttpRequest, to: str) -> str:
    inside = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if inside else settings.LOGIN_REDIRECT_URL
