"""The language of the pages, chosen by anybody on any page."""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import Language, User
from accounts.services.own_account import change_language
from creditiq.kernel.clock import now

A_YEAR = timedelta(days=365)


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
