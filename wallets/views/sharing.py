"""Showing a wallet score to a lender, and taking that back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets import selectors, services
from wallets.forms import ShareForm
from wallets.views.onchain import while_chains_are_on


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def share(request: HttpRequest, onchain_id: UUID) -> HttpResponse:
    """Show the score to the chosen lender."""
    by, form = signed_in(request), ShareForm(request.POST).offering(selectors.lenders())
    selectors.own_score(user=by, score_id=onchain_id)
    if not form.is_valid():
        messages.warning(request, "Choose a lender of the list.", extra_tags="warn")
        return redirect("wallets:onchain_score", onchain_id=onchain_id)
    try:
        made = services.share_score(score_id=onchain_id, organisation_id=form.chosen(), by=by, at=now())
        messages.success(request, f"{made.organisation.name} sees this score for 90 days.", extra_tags="good")
    except ApplicationError as error:
        messages.warning(request, error.message, extra_tags="warn")
    return redirect("wallets:onchain_score", onchain_id=onchain_id)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def take_back(request: HttpRequest, share_id: UUID) -> HttpResponse:
    """The lender sees it no longer."""
    ended = services.take_share_back(share_id=share_id, by=signed_in(request), at=now())
    messages.info(request, f"{ended.organisation.name} sees this score no longer.")
    return redirect("wallets:onchain_score", onchain_id=ended.score.uuid)
