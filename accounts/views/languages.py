"""The language of the pages: what every request is answered in, and how anybody changes it on any page."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import Language, User
from accounts.models.people import OUTSIDE_ROLES
from accounts.services.own_account import change_language
from creditiq.kernel.clock import now

Answer = Callable[[HttpRequest], HttpResponseBase]

A_YEAR = timedelta(days=365)


class SpokenLanguage:
    """The language of a page: what this device chose, else the profile, else what the browser asks for.

    Pages of staff are English, which is what their texts are. The API goes by Accept-Language alone.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith("/api/") or not isinstance(request.user, User):
            return self.get_response(request)
        if request.user.role not in OUTSIDE_ROLES:
            translation.activate(settings.LANGUAGE_CODE)
        elif settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
            translation.activate(request.user.language)
        request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice on this device, and in the profile of whoever is signed in; back to the page."""
    to = request.POST.get("next", "")
    answer = redirect(to if url_has_allowed_host_and_scheme(to, {request.get_host()}) else "/")
    language = request.POST.get("language", "")
    if language in Language.values:
        if isinstance(request.user, User):
            change_language(user=request.user, language=language, at=now())
        keep_language(request, answer, language)
    return answer


def keep_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Store the choice on the device for a year."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        samesite="Lax",
        secure=request.is_secure(),
        httponly=True,
    )
