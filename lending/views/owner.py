"""The owner's dashboard."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from lending import selectors
from scoring import selectors as scoring


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def owner_home(request: HttpRequest) -> HttpResponse:
    """The dashboard."""
    language = scoring.spoken(get_language())
    home = selectors.owner_home(business=own_business(signed_in(request)), at=now(), language=language)
    return render(request, "lending/owner_home.html", {"home": home})


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def owner_panel(request: HttpRequest) -> HttpResponse:
    """The live part of the dashboard."""
    language = scoring.spoken(get_language())
    home = selectors.owner_home(business=own_business(signed_in(request)), at=now(), language=language)
    return render(request, "lending/owner_home.html#panel", {"home": home})


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def dispute_scores(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """The score before and after one's dispute: a panel of the page of the dispute."""
    scores = selectors.dispute_scores(user=signed_in(request), dispute_id=dispute_id, at=now())
    return render(request, "lending/_dispute_scores.html", {"scores": scores})
