"""The portfolio: the book of loans as one page, and the SMA and NPA return as table and document."""

import csv
import io
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.documents import pdf
from creditiq.kernel.money import format_inr
from lending import selectors
from lending.forms import ShockForm
from lending.services.returns import harmless


@require_GET
@page_for(Capability.VIEW_PORTFOLIO, selectors.BOOK)
def portfolio(request: HttpRequest) -> HttpResponse:
    """Standings, bands, concentration, vintages, movements, appetite, both provisions and shocks."""
    form = ShockForm(request.GET if "fall" in request.GET else None, initial={"fall": 30})
    fall = form.cleaned_data["fall"] / 100 if form.is_valid() else None
    context = {"book": _book(request, fall), "form": form}
    return render(request, "lending/portfolio.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_PORTFOLIO)
def portfolio_csv(request: HttpRequest) -> HttpResponse:
    """The SMA and NPA return: every loan that is behind or bad, with the id of the snapshot."""
    require_step_up(request, now())
    book, text = _book(request), io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["snapshot", "loan", "borrower", "outstanding", "overdue", "days", "standing", "npa_since", "held"])
    for row in book.watched:
        since = row.npa_date.isoformat() if row.npa_date else ""
        figures = (row.outstanding, row.overdue, row.dpd, row.standing, since, row.held)
        rows.writerow([book.snapshot, row.account, harmless(row.borrower), *figures])
    headers = {"Content-Disposition": f'attachment; filename="sma-npa-{book.on}.csv"'}
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@page_for(Capability.VIEW_PORTFOLIO)
def portfolio_pdf(request: HttpRequest) -> HttpResponse:
    """The same on paper."""
    require_step_up(request, now())
    book = _book(request)
    facts = {
        "on": f"{book.on:%d %b %Y}" if book.on else "no day closed yet",
        "snapshot": book.snapshot,
        "figures": [
            ["Loans", str(book.loans)],
            ["Outstanding", format_inr(book.outstanding, places=2)],
            ["Non-performing", f"{format_inr(book.non_performing, places=2)} ({book.npa_percent} %)"],
            ["Held", format_inr(book.held, places=2)],
        ],
        "rows": [
            [
                row.account,
                row.borrower,
                format_inr(row.outstanding, places=2),
                format_inr(row.overdue, places=2),
                str(row.dpd),
                row.standing,
                format_inr(row.held, places=2),
            ]
            for row in book.watched
        ],
    }
    headers = {"Content-Disposition": f'attachment; filename="sma-npa-{book.on}.pdf"'}
    return HttpResponse(pdf("lending/return.typ", facts, at=now()), content_type="application/pdf", headers=headers)


def _book(request: HttpRequest, fall: float | None = None) -> selectors.Portfolio:
    by, on = signed_in(request), _today()
    return selectors.portfolio(user=by, on=on) if fall is None else selectors.portfolio(user=by, on=on, fall=fall)


def _today() -> date:
    return now().astimezone(IST).date()
