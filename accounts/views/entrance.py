"""The way in: sign in, second step, sign up, proof of the address, a forgotten password."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods

from accounts import selectors, services
from accounts.forms import CodeForm, EmailForm, NewPasswordForm, PasskeyForm, SignInForm, SignUpForm
from accounts.models import User
from accounts.views.forms import complain, first_error
from creditiq.kernel.clock import micros, moment, now
from creditiq.kernel.errors import ApplicationError

WAITING = "second_step"
"""Key of the session: whose password was right, where they wanted to go, and when that was."""
WAITING_LIFE = timedelta(minutes=10)
WRONG_CODE = "The code is wrong, or was used before. Wait for the next one."
WRONG_PASSKEY = "The passkey was not accepted. Try again."
LOOK_INTO_THE_MAIL = "Look into your mail: a letter with a link is on its way. It may take a minute."


class SignIn(LoginView):
    """The sign-in page; in the demo with a card per persona that posts the same form."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """The password was right; there may be a second step, and the person may still be kept out."""
        user = form.get_user()
        if isinstance(user, User) and selectors.has_factor(user):
            to = self.get_success_url()
            self.request.session[WAITING] = {"user": str(user.uuid), "next": to, "at": micros(now())}
            return redirect("accounts:second_step")
        try:
            services.open_portal(request=self.request, user=user, at=now())
        except services.UnableToSignIn as refusal:
            form.add_error(None, refusal.message)
            return self.form_invalid(form)
        return HttpResponseRedirect(self.get_success_url())

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        """The form, and the demo's cast where there is a demo."""
        cast = {"personas": services.PERSONAS, "demo_password": services.DEMO_PASSWORD} if settings.DEMO else {}
        return super().get_context_data(**kwargs, **cast)


@require_http_methods(["GET", "POST"])
def second_step(request: HttpRequest) -> HttpResponse:
    """After the password: a code of the app, a recovery code or a passkey."""
    user, to = _waiting(request)
    if user is None:
        return redirect(settings.LOGIN_URL)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if request.POST.get("credential"):
        form, passed = CodeForm(), _by_passkey(request) == user
        return _enter(request, user, to) if passed else _second_step(request, user, form, WRONG_PASSKEY)
    if not form.is_valid():
        return _second_step(request, user, form, "")
    if not services.takes_code(request=request, user=user, code=form.cleaned_data["code"], at=now()):
        return _second_step(request, user, form, WRONG_CODE)
    return _enter(request, user, to)


@require_http_methods(["GET", "POST"])
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with nothing but a passkey, which asks for a finger or a PIN itself."""
    problem = ""
    if request.method == "POST":
        user = _by_passkey(request)
        if user is not None:
            return _enter(request, user, _safe(request, request.POST.get("next", "")))
        problem = WRONG_PASSKEY
    options = services.challenge_passkey(request=request, user=None)
    context = {"options": options, "problem": problem, "next": _safe(request, request.GET.get("next", ""))}
    return render(request, "accounts/passkey.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """A new account; what is answered does not depend on whether the address is taken."""
    form = SignUpForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            person = services.NewPerson(**form.cleaned_data)
            services.sign_up(person=person, at=now(), origin=origin_of(request))
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.info(request, LOOK_INTO_THE_MAIL, extra_tags="good")
            return redirect(settings.LOGIN_URL)
    return render(request, "accounts/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def verify_email(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the letter: a button, because programs that scan mail open every link."""
    problem = ""
    if request.method == "POST":
        try:
            services.verify_email(token=token, at=now())
        except services.UnableToVerify as error:
            problem = error.message
        else:
            messages.success(request, "Your address is confirmed. Sign in.", extra_tags="good")
            return redirect(settings.LOGIN_URL)
    return render(request, "accounts/verify_email.html", {"problem": problem}, status=409 if problem else 200)


@require_http_methods(["GET", "POST"])
def ask_reset(request: HttpRequest) -> HttpResponse:
    """Ask for a link to choose a new password."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.ask_reset(email=form.cleaned_data["email"], at=now(), origin=origin_of(request))
        messages.info(request, LOOK_INTO_THE_MAIL, extra_tags="good")
        return redirect(settings.LOGIN_URL)
    return render(request, "accounts/ask_reset.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def reset_password(request: HttpRequest, user_id: str, token: str) -> HttpResponse:
    """Choose a new password by the link of the letter."""
    form = NewPasswordForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.reset_password(user_id=user_id, token=token, new=form.cleaned_data["password"], at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "Your password is changed. Sign in with it.", extra_tags="good")
            return redirect(settings.LOGIN_URL)
    return render(request, "accounts/reset_password.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
def outbox(request: HttpRequest) -> HttpResponse:
    """The letters of the demo, so that links in them can be tried; elsewhere there is no such page."""
    if not settings.DEMO:
        raise Http404
    words = request.GET.get("to", "")
    return render(request, "accounts/outbox.html", {"mails": selectors.outbox(words=words), "to": words})


def origin_of(request: HttpRequest) -> str:
    """Scheme and host that links in letters begin with; ALLOWED_HOSTS guards the host."""
    return f"{request.scheme}://{request.get_host()}"


def _waiting(request: HttpRequest) -> tuple[User | None, str]:
    kept = request.session.get(WAITING)
    if not isinstance(kept, dict) or now() - moment(int(kept["at"])) > WAITING_LIFE:
        return None, ""
    user = User.objects.active().select_related("organisation").filter(uuid=kept["user"]).first()
    return user, str(kept["next"])


def _by_passkey(request: HttpRequest) -> User | None:
    form = PasskeyForm(request.POST)
    if not form.is_valid() or not isinstance(form.cleaned_data["credential"], dict):
        return None
    return services.takes_passkey(request=request, response=form.cleaned_data["credential"], at=now())


def _second_step(request: HttpRequest, user: User, form: CodeForm, problem: str) -> HttpResponse:
    options = services.challenge_passkey(request=request, user=user)
    context = {"form": form, "problem": problem or first_error(form), "options": options}
    return render(request, "accounts/second_step.html", context, status=422 if context["problem"] else 200)


def _enter(request: HttpRequest, user: User, to: str) -> HttpResponse:
    services.open_portal(request=request, user=user, at=now())
    return redirect(to or settings.LOGIN_REDIRECT_URL)


def _safe(request: HttpRequest, to: str) -> str:
    inside = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return to if inside else ""
