"""The guide: short lessons for whoever owns a business, readable by everybody signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.engine.guide import ENGLISH, lessons
from accounts.permissions import Capability, can


@require_GET
@login_required
def guide(request: HttpRequest) -> HttpResponse:
    """Every lesson, in the language of the page."""
    return render(request, "accounts/guide.html", {"lessons": lessons(get_language() or ENGLISH)})


@require_GET
@login_required
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, and the next."""
    all_of_them = lessons(get_language() or ENGLISH)
    place = next((place for place, one in enumerate(all_of_them) if one.slug == slug), None)
    if place is None:
        raise Http404
    after = all_of_them[place + 1] if place + 1 < len(all_of_them) else None
    goes_on = can(request.user, Capability.VIEW_OWN_SCORE)
    context = {"lesson": all_of_them[place], "next_lesson": after, "goes_on": goes_on}
    return render(request, "accounts/lesson.html", context)
