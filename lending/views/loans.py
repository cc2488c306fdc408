"""The owner's loans: schedule, dues, statement, what closing or prepaying would take, and complaints."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError
from lending import selectors, services
from lending.forms import GrievanceForm
from lending.models import Loan
from lending.views.statements import statement_csv, statement_pdf


@require_GET
@page_for(Capability.VIEW_OWN_LOANS)
def own_loans(request: HttpRequest) -> HttpResponse:
    """All loans of the business."""
    business = own_business(signed_in(request))
    return render(request, "lending/own_loans.html", {"loans": selectors.own_loans(business_id=business.pk)})


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_OWN_LOANS)
def own_loan(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """One loan; a complaint is posted here."""
    chosen, form = _loan(request, loan_id), GrievanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.complain(loan_id=loan_id, text=form.cleaned_data["text"], by=signed_in(request), at=now())
            text = f"Your complaint is with {chosen.organisation}. It is answered by {made.answer_by:%d %b %Y}."
            messages.success(request, text, extra_tags="good")
            return redirect("lending:own_loan", loan_id=loan_id)
        except ApplicationError as refusal:
            form.add_error(None, refusal.message)
    context = {
        "view": selectors.loan_view(loan=chosen, user=signed_in(request)),
        "form": form,
        "payoff": _payoff(chosen),
    }
    return render(request, "lending/own_loan.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_OWN_LOANS)
def own_statement_csv(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The statement as a table."""
    return statement_csv(_loan(request, loan_id))


@require_GET
@page_for(Capability.VIEW_OWN_LOANS)
def own_statement_pdf(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The statement as a document."""
    return statement_pdf(_loan(request, loan_id), now())


def _loan(request: HttpRequest, loan_id: UUID) -> Loan:
    return selectors.visible_loan(user=signed_in(request), loan_id=loan_id)


def _payoff(chosen: Loan) -> object:
    return selectors.payoff_quote(loan=chosen, on=_today()) if chosen.state == "active" else None


def _today() -> date:
    return now().astimezone(IST).date()
