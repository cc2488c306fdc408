"""Every list as a file, and the views a person keeps of it."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import require_step_up, signed_in
from accounts.services.lists import TooManyViews, delete_view, export_list, list_at, save_view
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput


@require_GET
@login_required
def list_csv(request: HttpRequest, page: str) -> HttpResponse:
    """The rows of a list by the filters and columns of its address."""
    listing = list_at(page=page, user=signed_in(request))
    require_step_up(request, now())
    text = export_list(page=listing.page, query=request.GET, by=signed_in(request), at=now())
    headers = {
        "Content-Disposition": f'attachment; filename="{listing.page.partition(":")[2]}.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_POST
@login_required
def save(request: HttpRequest) -> HttpResponse:
    """Keep the list as it is now; a refusal is said on the list, which stays as it was."""
    page, query = request.POST.get("page", ""), request.POST.get("query", "")
    listing = list_at(page=page, user=signed_in(request))
    try:
        save_view(page=page, name=request.POST.get("name", ""), query=query, by=signed_in(request), at=now())
        messages.success(request, gettext("The view is kept."), extra_tags="good")
    except (InvalidInput, TooManyViews) as refusal:
        messages.warning(request, refusal.message, extra_tags="warn")
    return redirect(f"{reverse(listing.page)}?{listing.query(QueryDict(query))}")


@require_POST
@login_required
def delete(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Let go of a view of one's own and stay on its list."""
    view = delete_view(view_id=view_id, by=signed_in(request), at=now())
    messages.info(request, gettext("The view is gone."))
    return redirect(view.page)
