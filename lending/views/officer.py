"""The queue and the case: where bank staff decide."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from lending import selectors, services
from lending.engine.letters.words import sentence
from lending.engine.reasons import REASONS, Effect
from lending.forms import WITHOUT_PEOPLE, DecisionForm, PayoutForm, WhatIfForm
from lending.models import Decision
from lending.selectors.casework import officers_of, schemes_for, what_if


@require_GET
@page_for(Capability.VIEW_QUEUE, selectors.APPLICATIONS)
def queue(request: HttpRequest) -> HttpResponse:
    """All applications the person may see, by tab."""
    context = {"queue": _queue(request), "officers": officers_of(signed_in(request))}
    return render(request, "lending/queue.html", context)


@require_GET
@page_for(Capability.VIEW_QUEUE, selectors.APPLICATIONS)
def queue_panel(request: HttpRequest) -> HttpResponse:
    """The table of the queue, refreshed when a score or a decision arrives."""
    context = {"queue": _queue(request), "officers": officers_of(signed_in(request))}
    return render(request, "lending/queue.html#panel", context)


@require_GET
@page_for(Capability.SANCTION, selectors.APPROVALS)
def approvals(request: HttpRequest) -> HttpResponse:
    """Recommended applications that wait for a second person."""
    return render(request, "lending/approvals.html", {"queue": _share(request, tab="recommended")})


@require_GET
@page_for(Capability.SANCTION, selectors.APPROVALS)
def approvals_panel(request: HttpRequest) -> HttpResponse:
    """The table of the approvals, refreshed like the queue."""
    return render(request, "lending/approvals.html#panel", {"queue": _share(request, tab="recommended")})


@require_GET
@page_for(Capability.VIEW_QUEUE)
def case(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """One application with all facts and the decision bar."""
    return render(request, "lending/case.html", case_page(request, application_id))


@require_GET
@page_for(Capability.VIEW_QUEUE)
def case_panel(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The facts of a case, refreshed when a score or a decision arrives; the bar with its note stays."""
    return render(request, "lending/case.html#facts", case_page(request, application_id))


@require_POST
@page_for(Capability.VIEW_QUEUE)
def decide(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take the step of the pressed button; a refusal is said on the page and keeps what was typed."""
    form = DecisionForm(request.POST)
    if form.is_valid():
        if form.cleaned_data["outcome"] == "sanction":
            require_step_up(request, now())
        try:
            decision = _decided(application_id, form, signed_in(request))
        except NotVisible:
            raise
        except ApplicationError as error:
            form.add_error(None, error.message)
            return render(request, "lending/case.html", case_page(request, application_id, form), status=error.status)
        messages.success(
            request, f"{decision.application}: {decision.get_outcome_display().lower()}.", extra_tags="good"
        )
        return redirect("lending:case", application_id=application_id)
    return render(request, "lending/case.html", case_page(request, application_id, form), status=422)


def _decided(application_id: UUID, form: DecisionForm, by: User) -> Decision:
    values = form.cleaned_data
    if values["outcome"] == "counter":
        return services.counter(
            application_id=application_id, amount=values["amount"], months=values["months"], by=by, at=now(),
            given=services.Given(tuple(values["reasons"]), values["note"]),
        )  # fmt: skip
    return services.decide(
        application_id=application_id, outcome=values["outcome"], reason_codes=values["reasons"],
        note=values["note"], by=by, at=now(),
    )  # fmt: skip


def _queue(request: HttpRequest) -> selectors.Queue:
    given = selectors.APPLICATIONS.kept(request.GET)
    return _share(request, tab=given.get("tab", "all"), search=given.get("q", ""))


def _share(request: HttpRequest, *, tab: str, search: str = "") -> selectors.Queue:
    return selectors.queue(
        user=signed_in(request),
        tab=tab,
        search=search,
        page=request.GET.get("page", "1"),
        at=now(),
    )


def case_page(
    request: HttpRequest,
    application_id: UUID,
    form: DecisionForm | None = None,
    said: ApplicationError | None = None,
) -> dict[str, object]:
    """What the page of a case needs; `said` is the refusal of an act beside the decision."""
    by, at = signed_in(request), now()
    opened = services.open_case(application_id=application_id, by=by, at=at)
    application = opened.application
    choices = [reason for code, reason in REASONS.items() if code not in WITHOUT_PEOPLE]
    asked = {"amount": application.amount, "months": application.months, "collateral": 0}
    trial = WhatIfForm(request.GET if "amount" in request.GET else None, initial=asked)
    changed = what_if(application=application, at=at, **trial.cleaned_data) if trial.is_valid() else None
    language = application.opened_by.language if application.opened_by else "en"
    return {
        "case": opened,
        "form": form,
        "said": said,
        "chosen": request.POST.getlist("reasons"),
        "reasons_for": [reason for reason in choices if reason.effect is Effect.FOR],
        "reasons_against": [
            (reason, sentence(reason.code, language)) for reason in choices if reason.effect is Effect.AGAINST
        ],
        "typed_note": request.POST.get("note", ""),
        "trial": trial,
        "changed": changed,
        "schemes": schemes_for(application, at),
        "payout": PayoutForm(),
        "letter": selectors.letter_view(application=application, language=language, at=at),
        "letter_language": language,
    }
