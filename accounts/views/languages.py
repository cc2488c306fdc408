"""The language of the pages, chosen by anybody on any page."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import services
from accounts.models import Language, User
from creditiq.kernel.clock import now


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep the choice on this device, and in the profile of whoever is signed in; back to the page."""
    to = request.POST.get("next", "")
    answer = redirect(to if url_has_allowed_host_and_scheme(to, {request.get_host()}) else "/")
    language = request.POST.get("language", "")
    if language in Language.values:
        if isinstance(request.user, User):
            services.change_language(user=request.user, language=language, at=now())
        keep_language(request, answer, language)
    return answer


def keep_language(request: HttpRequest, answer: HttpResponse, language: str) -> None:
    """Store the choice on the device for a year."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        secure=request.is_secure(),
        httponly=True,
    )
