"""What staff do with a case besides deciding it: take it, ask, set conditions, verify papers, pay out."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors
from lending.forms import NoteForm, PayoutForm
from lending.selectors.followed import my_decisions, reviews_waiting
from lending.services import papers, paying_out, reviewing
from lending.views.applying import paper_answer
from lending.views.officer import case_page

Act = Callable[[], object]
REVIEWS_PER_PAGE = 50


@require_POST
@page_for(Capability.RECOMMEND)
def claim(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take a case nobody has."""
    by, at, version = signed_in(request), now(), request.POST.get("version", "")
    number = int(version) if version.isdecimal() and len(version) < 9 else -1
    return _act(
        request, application_id, "The case is yours.",
        lambda: reviewing.claim(application_id=application_id, version=number, by=by, at=at),
    )  # fmt: skip


@require_POST
@page_for(Capability.VIEW_QUEUE)
def assign(request: HttpRequest) -> HttpResponse:
    """Give the chosen cases to an officer."""
    try:
        chosen, officer = [UUID(one) for one in request.POST.getlist("applications")], UUID(request.POST["officer"])
        count = reviewing.assign(application_ids=chosen, to=officer, by=signed_in(request), at=now())
    except (ValueError, KeyError):
        messages.error(request, "Choose applications and an officer.", extra_tags="bad")
    except ApplicationError as refusal:
        messages.error(request, refusal.message, extra_tags="bad")
    else:
        messages.success(request, f"{count} assigned.", extra_tags="good")
    return redirect("lending:queue")


@require_POST
@page_for(Capability.RECOMMEND)
def ask(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Ask the owner; the clock stands still."""
    by, at, note = signed_in(request), now(), _note(request)
    return _act(
        request, application_id, "The owner is asked. The clock stands still until the answer.",
        lambda: reviewing.ask_owner(application_id=application_id, note=note, by=by, at=at),
    )  # fmt: skip


@require_POST
@page_for(Capability.VIEW_QUEUE)
def condition(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Set a condition to be met before the payment."""
    by, at, text = signed_in(request), now(), _note(request)
    return _act(
        request, application_id, "The condition is set.",
        lambda: reviewing.add_condition(application_id=application_id, text=text, by=by, at=at),
    )  # fmt: skip


@require_POST
@page_for(Capability.VIEW_QUEUE)
def condition_met(request: HttpRequest, condition_id: UUID) -> HttpResponse:
    """Say that a condition is met."""
    met = reviewing.meet_condition(condition_id=condition_id, by=signed_in(request), at=now())
    return redirect("lending:case", application_id=met.application.uuid)


@require_GET
@page_for(Capability.VIEW_QUEUE)
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A paper of an application, to be saved."""
    return paper_answer(request, paper_id)


@require_POST
@page_for(Capability.RECOMMEND)
def verify(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """Say that a paper was held against its original."""
    verified = papers.verify_paper(paper_id=paper_id, by=signed_in(request), at=now())
    return redirect("lending:case", application_id=verified.application.uuid)


@require_POST
@page_for(Capability.SERVICE_LOANS)
def order(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Prepare the payment."""
    form, by, at = PayoutForm(request.POST), signed_in(request), now()
    if not form.is_valid():
        wrong = next(iter(form.errors))
        refusal = InvalidInput(f"{form.fields[wrong].label}: fill this in.", field=wrong, rule="payout.incomplete")
        return render(
            request, "lending/case.html", case_page(request, application_id, said=refusal), status=refusal.status
        )
    to = paying_out.Beneficiary(**form.cleaned_data)
    return _act(
        request, application_id, "The payment waits for its checker.",
        lambda: paying_out.order_payment(application_id=application_id, to=to, by=by, at=at),
    )  # fmt: skip


@require_POST
@page_for(Capability.APPROVE_LOAN_ACTS)
def answer_order(request: HttpRequest, application_id: UUID, order_id: UUID) -> HttpResponse:
    """Release or refuse the payment of somebody else."""
    by, at, note = signed_in(request), now(), _note(request)
    if request.POST.get("verdict") == "release":
        require_step_up(request, at)
        return _act(
            request, application_id, "Paid out.",
            lambda: paying_out.release_payment(order_id=order_id, by=by, at=at),
        )  # fmt: skip
    return _act(
        request, application_id, "The payment was sent back.",
        lambda: paying_out.refuse_payment(order_id=order_id, note=note, by=by, at=at),
    )  # fmt: skip


@require_GET
@page_for(Capability.RECOMMEND, selectors.DECISIONS)
def decisions(request: HttpRequest) -> HttpResponse:
    """What the person decided, and what became of it."""
    mine = my_decisions(user=signed_in(request), at=now(), page=request.GET.get("page", "1"))
    return render(request, "lending/my_decisions.html", {"mine": mine})


@require_GET
@page_for(Capability.REVIEW_CREDIT, selectors.REVIEWS)
def reviews(request: HttpRequest) -> HttpResponse:
    """Recommended cases a credit analyst may read."""
    waiting = reviews_waiting(user=signed_in(request), at=now())
    page = Paginator(waiting, REVIEWS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "lending/reviews.html", {"rows": page})


@require_http_methods(["GET", "POST"])
@page_for(Capability.REVIEW_CREDIT)
def review(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One case with the verdict and its evidence, and the analyst's memo."""
    by, at, said = signed_in(request), now(), None
    form = NoteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note = form.cleaned_data["note"]
            read = reviewing.review_credit(application_id=application_id, note=note, by=by, at=at)
        except NotVisible:
            raise
        except ApplicationError as refusal:
            said = refusal
        else:
            messages.success(request, f"{read} goes back to the checker with your memo.", extra_tags="good")
            return redirect("lending:reviews")
    page = case_page(request, application_id, said=said)
    status = said.status if said else 422 if form.errors else 200
    return render(request, "lending/review.html", {**page, "form": form}, status=status)


def _note(request: HttpRequest) -> str:
    form = NoteForm(request.POST)
    return str(form.cleaned_data["note"]) if form.is_valid() else ""


def _act(request: HttpRequest, application_id: UUID, done: str, act: Act) -> HttpResponse:
    selectors.visible_application(user=signed_in(request), application_id=application_id, at=now())
    try:
        act()
    except NotVisible:
        raise
    except ApplicationError as refusal:
        page = case_page(request, application_id, said=refusal)
        return render(request, "lending/case.html", page, status=refusal.status)
    messages.success(request, done, extra_tags="good")
    return redirect("lending:case", application_id=application_id)
