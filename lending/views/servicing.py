"""Running loans at the bank: the list, one loan, payments with preview, what needs two people, collections."""

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors, services
from lending.engine.book import NotPossible
from lending.forms import AnswerForm, ContactForm, ProposalForm, ReceiptForm
from lending.models import Loan
from lending.selectors.previews import effect
from lending.services import UnableToServe
from lending.services.servicing import act_for
from lending.views.statements import statement_csv, statement_pdf

COLLECTIONS_PER_PAGE = 50


@require_GET
@page_for(Capability.VIEW_LOANS, selectors.LOANS)
def loans(request: HttpRequest) -> HttpResponse:
    """The loans of the bank, the longest overdue first."""
    given = selectors.LOANS.kept(request.GET)
    found = selectors.loan_list(
        user=signed_in(request),
        tab=given.get("tab", "running"),
        search=given.get("q", ""),
        page=request.GET.get("page", "1"),
    )
    return render(request, "lending/loans.html", {"found": found})


@require_GET
@page_for(Capability.VIEW_LOANS)
def loan(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """One loan with everything about it."""
    return render(request, "lending/loan.html", _page(request, _loan(request, loan_id)))


@require_http_methods(["GET", "POST"])
@page_for(Capability.SERVICE_LOANS)
def receipt(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """A payment: first what it would do, then, on the second button, the posting."""
    chosen = _loan(request, loan_id)
    form = ReceiptForm(_typed(request), initial={"on": _today(), "amount": chosen.interest_due or None})
    context: dict[str, object] = {"loan": chosen, "form": form}
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "post":
                made = services.record_receipt(loan_id=loan_id, paid=form.paid, by=signed_in(request), at=now())
                messages.success(request, f"The payment {made} is booked.", extra_tags="good")
                return redirect("lending:loan", loan_id=loan_id)
            context |= _preview(chosen, form.paid)
        except (ApplicationError, NotPossible) as refusal:
            _refuse(form, refusal)
    return render(request, "lending/receipt.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.SERVICE_LOANS)
def proposal(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Ask a second person for an act; its effect is stored with the request."""
    chosen = _loan(request, loan_id)
    form = ProposalForm(_typed(request), today=_today())
    if request.method == "POST" and form.is_valid():
        try:
            services.propose(
                loan_id=loan_id, wish=form.wish, note=form.cleaned_data["note"], by=signed_in(request), at=now()
            )
            messages.success(request, "The request waits for a second person.", extra_tags="good")
            return redirect("lending:loan", loan_id=loan_id)
        except ApplicationError as refusal:
            _refuse(form, refusal)
    context = {"loan": chosen, "form": form}
    return render(request, "lending/proposal.html", context, status=422 if form.errors else 200)


@require_POST
@page_for(Capability.APPROVE_LOAN_ACTS)
def answer(request: HttpRequest, loan_id: UUID, proposal_id: UUID) -> HttpResponse:
    """The second person's yes or no."""
    form, chosen = AnswerForm(request.POST), _loan(request, loan_id)
    if not form.is_valid():
        return render(request, "lending/loan.html", _page(request, chosen, "Approve or reject."), status=422)
    approve = form.cleaned_data["verdict"] == "approve"
    try:
        services.answer_proposal(
            proposal_id=proposal_id,
            approve=approve,
            answer=form.cleaned_data["answer"],
            by=signed_in(request),
            at=now(),
        )
    except NotVisible:
        raise
    except ApplicationError as refusal:
        return render(request, "lending/loan.html", _page(request, chosen, refusal.message), status=refusal.status)
    messages.success(request, "Approved and carried out." if approve else "Rejected.", extra_tags="good")
    return redirect("lending:loan", loan_id=loan_id)


@require_GET
@page_for(Capability.SERVICE_LOANS, selectors.COLLECTIONS)
def collections(request: HttpRequest) -> HttpResponse:
    """Overdue loans with promises, the longest first."""
    queue = selectors.collection_queue(user=signed_in(request), at=now())
    rows = Paginator(queue, COLLECTIONS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "lending/collections.html", {"rows": rows, "may_call": services.may_contact(now())})


@require_http_methods(["GET", "POST"])
@page_for(Capability.SERVICE_LOANS)
def contact(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """What was said with a borrower."""
    chosen, form = _loan(request, loan_id), ContactForm(_typed(request))
    if request.method == "POST" and form.is_valid():
        try:
            said = services.Said(**form.cleaned_data)
            services.record_contact(loan_id=loan_id, said=said, by=signed_in(request), at=now())
            messages.success(request, "The contact is kept.", extra_tags="good")
            return redirect("lending:loan", loan_id=loan_id)
        except ApplicationError as refusal:
            _refuse(form, refusal)
    context = {"loan": chosen, "form": form, "may_call": services.may_contact(now())}
    return render(request, "lending/contact.html", context, status=422 if form.errors else 200)


@require_POST
@page_for(Capability.SERVICE_LOANS)
def grievance(request: HttpRequest, loan_id: UUID, grievance_id: UUID) -> HttpResponse:
    """The bank's answer to a complaint."""
    chosen = _loan(request, loan_id)
    try:
        services.answer_grievance(
            grievance_id=grievance_id, answer=request.POST.get("answer", ""), by=signed_in(request), at=now()
        )
    except NotVisible:
        raise
    except ApplicationError as refusal:
        return render(request, "lending/loan.html", _page(request, chosen, refusal.message), status=refusal.status)
    messages.success(request, "The answer is with the borrower.", extra_tags="good")
    return redirect("lending:loan", loan_id=loan_id)


@require_GET
@page_for(Capability.VIEW_LOANS)
def loan_statement_csv(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The statement as a table."""
    require_step_up(request, now())
    return statement_csv(_loan(request, loan_id))


@require_GET
@page_for(Capability.VIEW_LOANS)
def loan_statement_pdf(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The statement as a document."""
    require_step_up(request, now())
    return statement_pdf(_loan(request, loan_id), now())


def _preview(chosen: Loan, paid: services.Paid) -> dict[str, object]:
    """Dues by both orders of payment; any other purpose by what it changes."""
    if paid.purpose == "dues":
        return {"preview": selectors.receipt_preview(loan=chosen, amount=paid.amount, on=paid.on)}
    return {"figures": effect(loan=chosen, act=act_for(paid))}


@require_GET
@page_for(Capability.VIEW_LOANS)
def claim_pack(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Everything the guarantee trust asks for, as a zip."""
    require_step_up(request, now())
    chosen = _loan(request, loan_id)
    try:
        name, content = services.claim_pack(loan_id=loan_id, by=signed_in(request), at=now())
    except UnableToServe as refusal:
        return render(request, "lending/loan.html", _page(request, chosen, refusal.message), status=refusal.status)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _typed(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _loan(request: HttpRequest, loan_id: UUID) -> Loan:
    return selectors.visible_loan(user=signed_in(request), loan_id=loan_id)


def _page(request: HttpRequest, chosen: Loan, refusal: str = "") -> dict[str, object]:
    return {"view": selectors.loan_view(loan=chosen, user=signed_in(request)), "refusal": refusal}


def _refuse(form: Form, refusal: ApplicationError | NotPossible) -> None:
    if isinstance(refusal, NotVisible):
        raise refusal
    field = refusal.field if isinstance(refusal, InvalidInput) and refusal.field in form.fields else None
    form.add_error(field, refusal.message if isinstance(refusal, ApplicationError) else str(refusal))


def _today() -> date:
    return now().astimezone(IST).date()
