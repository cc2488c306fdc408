"""Returns of the book: the list, one on the page, as a table, and on paper."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from lending import selectors, services
from lending.forms import ReturnForm
from lending.models import BookReturn

RETURNS_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_PORTFOLIO, selectors.RETURNS)
def returns(request: HttpRequest) -> HttpResponse:
    """What is kept, newest first; one more is frozen here."""
    by, form = signed_in(request), ReturnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            frozen = services.make_return(**form.cleaned_data, by=by, at=now())
        except ApplicationError as refusal:
            field = refusal.field if isinstance(refusal, InvalidInput) and refusal.field in form.fields else None
            form.add_error(field, refusal.message)
        else:
            messages.success(request, f"{frozen} is kept.", extra_tags="good")
            return redirect("lending:return", return_id=frozen.uuid)
    page = Paginator(selectors.returns_made(user=by), RETURNS_PER_PAGE).get_page(request.GET.get("page"))
    context = {"rows": page, "form": form}
    return render(request, "lending/returns.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_PORTFOLIO)
def one_return(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """As it was frozen."""
    frozen = _frozen(request, return_id)
    return render(request, "lending/return.html", {"frozen": frozen, "tables": selectors.tables_of(frozen)})


@require_GET
@page_for(Capability.VIEW_PORTFOLIO)
def return_csv(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """All its tables, one after the other."""
    require_step_up(request, now())
    frozen = _frozen(request, return_id)
    return HttpResponse(
        services.return_csv(frozen), content_type="text/csv; charset=utf-8", headers=_saved(frozen, "csv")
    )


@require_GET
@page_for(Capability.VIEW_PORTFOLIO)
def return_pdf(request: HttpRequest, return_id: UUID) -> HttpResponse:
    """The same on paper."""
    require_step_up(request, now())
    frozen = _frozen(request, return_id)
    return HttpResponse(services.return_pdf(frozen), content_type="application/pdf", headers=_saved(frozen, "pdf"))


def _frozen(request: HttpRequest, return_id: UUID) -> BookReturn:
    return selectors.visible_return(user=signed_in(request), return_id=return_id)


def _saved(frozen: BookReturn, ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{frozen.kind}-{frozen.until}.{ending}"'}
