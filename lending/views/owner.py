"""The owner's dashboard and the application for a loan."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Business
from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from lending import selectors, services
from lending.forms import ApplicationForm
from lending.models import LoanProduct


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def owner_home(request: HttpRequest) -> HttpResponse:
    """The dashboard."""
    home = selectors.owner_home(business=own_business(signed_in(request)), at=now())
    return render(request, "lending/owner_home.html", {"home": home})


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def owner_panel(request: HttpRequest) -> HttpResponse:
    """The live part of the dashboard."""
    home = selectors.owner_home(business=own_business(signed_in(request)), at=now())
    return render(request, "lending/owner_home.html#panel", {"home": home})


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def dispute_scores(request: HttpRequest, dispute_id: UUID) -> HttpResponse:
    """The score before and after one's dispute: a panel of the page of the dispute."""
    scores = selectors.dispute_scores(user=signed_in(request), dispute_id=dispute_id, at=now())
    return render(request, "lending/_dispute_scores.html", {"scores": scores})


@require_http_methods(["GET", "POST"])
@page_for(Capability.APPLY)
def apply(request: HttpRequest) -> HttpResponse:
    """The application form, with what the business could borrow beside it."""
    business = own_business(signed_in(request))
    home = selectors.owner_home(business=business, at=now())
    banks = selectors.banks_open_to(business=business, at=now())
    products = list(LoanProduct.objects.offered())
    form = ApplicationForm(request.POST or None, products=products, banks=banks)
    if request.method == "POST" and form.is_valid():
        answer = _open(request, business, form)
        if answer:
            return answer
    context = {"home": home, "form": form, "banks": banks, "products": products}
    return render(request, "lending/apply.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, business: Business, form: ApplicationForm) -> HttpResponse | None:
    try:
        application = services.open_application(
            business=business, organisation=form.chosen_bank, asked=form.asked, by=signed_in(request), at=now()
        )
    except InvalidInput as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
    except ApplicationError as error:
        form.add_error(None, error.message)
        return None
    messages.success(request, f"{application} is with {application.organisation}.", extra_tags="good")
    return redirect("lending:owner_home")
