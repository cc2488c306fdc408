"""What a part prepayment, a new rate or closing would do: read by the owner and by the bank before anybody acts."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import IST, now
from lending import selectors
from lending.engine.book import NotPossible
from lending.forms import QuoteForm
from lending.models import Loan


@require_GET
@page_for(Capability.VIEW_OWN_LOANS)
def own_quotes(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """For the borrower."""
    return _page(request, loan_id, own=True)


@require_GET
@page_for(Capability.VIEW_LOANS)
def quotes(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """For the bank."""
    return _page(request, loan_id, own=False)


def _page(request: HttpRequest, loan_id: UUID, *, own: bool) -> HttpResponse:
    loan = selectors.visible_loan(user=signed_in(request), loan_id=loan_id)
    asked = QuoteForm(request.GET if request.GET else None)
    found: dict[str, object] = {}
    if asked.is_valid():
        found = _quoted(asked, loan)
    on = _today()
    payoff = selectors.payoff_quote(loan=loan, on=on) if loan.state == "active" else None
    context = {"loan": loan, "form": asked, "own": own, "on": on, "payoff": payoff, **found}
    return render(request, "lending/quotes.html", context, status=422 if asked.errors else 200)


def _quoted(asked: QuoteForm, loan: Loan) -> dict[str, object]:
    """Both quotes that were asked for; what is not possible is said beside its field."""
    found: dict[str, object] = {}
    for field, quote in (("prepay", _prepay), ("percent", _rate)):
        if asked.cleaned_data.get(field) is None:
            continue
        try:
            found[field] = quote(asked, loan)
        except NotPossible as refusal:
            asked.add_error(field, str(refusal))
    return found


def _prepay(asked: QuoteForm, loan: Loan) -> selectors.LoanQuote:
    return selectors.prepay_quote(loan=loan, amount=asked.cleaned_data["prepay"], on=_today())


def _rate(asked: QuoteForm, loan: Loan) -> selectors.LoanQuote:
    return selectors.rate_quote(loan=loan, percent=asked.cleaned_data["percent"], on=_today())


def _today() -> date:
    return now().astimezone(IST).date()
