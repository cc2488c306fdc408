"""The owner's loans: schedule, dues, statement, what closing or prepaying would take, and complaints."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError
from lending import selectors, services
from lending.forms import GrievanceForm, PayForm
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
    return _page(request, chosen, form)


@require_POST
@page_for(Capability.VIEW_OWN_LOANS)
def pay(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """What the owner is about to pay: kept, with the way to do it. No money moves here."""
    chosen, form = _loan(request, loan_id), PayForm(request.POST)
    if form.is_valid():
        try:
            services.intend_payment(loan_id=loan_id, **form.cleaned_data, by=signed_in(request), at=now())
            return redirect(f"{reverse('lending:own_loan', args=[loan_id])}#pay")
        except ApplicationError as refusal:
            form.add_error("amount", refusal.message)
    return _page(request, chosen, GrievanceForm(), form)


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


def _page(request: HttpRequest, chosen: Loan, form: GrievanceForm, paying: PayForm | None = None) -> HttpResponse:
    view = selectors.loan_view(loan=chosen, user=signed_in(request))
    context = {
        "view": view,
        "form": form,
        "payoff": _payoff(chosen),
        "paying": paying or PayForm(initial={"amount": view.due_now or view.next_amount}),
        "intention": selectors.intention_of(chosen),
    }
    wrong = form.errors or (paying is not None and paying.errors)
    return render(request, "lending/own_loan.html", context, status=422 if wrong else 200)


def _payoff(chosen: Loan) -> object:
    return selectors.payoff_quote(loan=chosen, on=_today()) if chosen.state == "active" else None


def _today() -> date:
    return now().astimezone(IST).date()
