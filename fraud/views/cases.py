"""Cases: the queue, one case, and what people do in it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import IST, now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from fraud import selectors, services
from fraud.forms import CaseActForm
from fraud.models import CaseOutcome, StrReport

Act = Callable[[UUID, Mapping[str, object], User, datetime], object]
DONE = {
    "assign": "The case has somebody.", "note": "The note is kept.", "link": "It is linked.",
    "snooze": "The alert is quiet until then.", "propose": "A second person has to confirm now.",
    "agree": "The case is closed.", "return": "The case is open again.", "draft": "The draft is ready to read.",
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_FRAUD, selectors.CASES)
def cases(request: HttpRequest) -> HttpResponse:
    """The queue of cases; a POST opens a case about a ring or a business."""
    if request.method == "POST":
        return _open(request)
    found = {"queue": _queue(request), "may_work": _may_work(request)}
    return render(request, "fraud/cases.html", found)


def _open(request: HttpRequest) -> HttpResponse:
    about = services.About(_uuid(request.POST.get("ring")), _uuid(request.POST.get("business")))
    try:
        case = services.open_case(about=about, by=signed_in(request), at=now())
    except NotVisible:
        raise
    except ApplicationError as error:
        return render(
            request, "components/refusal.html", {"message": error.message, "status": error.status}, status=error.status
        )
    return redirect("fraud:case", case_id=case.uuid)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


def _queue(request: HttpRequest) -> selectors.CaseQueue:
    share, page = selectors.CASES.kept(request.GET).get("share", ""), request.GET.get("page", "1")
    return selectors.case_queue(user=signed_in(request), share=share, page=page, at=now())


def _may_work(request: HttpRequest) -> bool:
    return can(signed_in(request), Capability.WORK_FRAUD)


@require_POST
@page_for(Capability.WORK_FRAUD)
def take(request: HttpRequest) -> HttpResponse:
    """Lock and next: the most urgent case nobody has is mine."""
    try:
        case = services.take_next(by=signed_in(request), at=now())
    except services.UnableToWorkOnCase as error:
        messages.info(request, error.message)
        return redirect("fraud:cases")
    return redirect("fraud:case", case_id=case.uuid)


@require_GET
@page_for(Capability.VIEW_FRAUD)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: evidence, trail, links, what can be done."""
    return _case(request, case_id, CaseActForm())


def _case(request: HttpRequest, case_id: UUID, form: CaseActForm, status: int = 200) -> HttpResponse:
    user = signed_in(request)
    view = selectors.case_view(user=user, case_id=case_id, at=now())
    context = {
        "view": view, "form": form, "may_work": _may_work(request), "proposer": view.case.proposed_by_id == user.pk,
        "acted": form.data.get("act", "") if form.is_bound else "",
    }  # fmt: skip
    return render(request, "fraud/case.html", context, status=status)


@require_POST
@page_for(Capability.WORK_FRAUD)
def act(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Do one thing in a case; a refusal is said on the page and keeps what was typed."""
    form = CaseActForm(request.POST)
    if not form.is_valid():
        return _case(request, case_id, form, 422)
    name = form.cleaned_data["act"]
    try:
        done = ACTS[name](case_id, form.cleaned_data, signed_in(request), now())
    except NotVisible:
        raise
    except ApplicationError as error:
        form.add_error(
            error.field if isinstance(error, InvalidInput) and error.field in form.fields else None, error.message
        )
        return _case(request, case_id, form, error.status)
    messages.success(request, DONE[name], extra_tags="good")
    return redirect("fraud:report", done.uuid) if isinstance(done, StrReport) else redirect("fraud:case", case_id)


def _assign(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    to = values["to"]
    return services.assign_case(case_id=case_id, to=to if isinstance(to, UUID) else by.uuid, by=by, at=at)


def _note(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    return services.note_in_case(case_id=case_id, text=str(values["text"]), by=by, at=at)


def _link(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    target, why = str(values["target"]), str(values["why"])
    return services.link_case(case_id=case_id, target=target, why=why, by=by, at=at)


def _snooze(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    day = values["until"]
    # Without a day the end is now, and the service says that it must lie ahead.
    until = datetime.combine(day + timedelta(days=1), time(), IST) if isinstance(day, date) else at
    return services.snooze_case(case_id=case_id, until=until, reason=str(values["reason"]), by=by, at=at)


def _propose(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    if not values["outcome"]:
        raise InvalidInput("Choose an outcome.", field="outcome", rule="case.outcome")
    closing = services.Closing(CaseOutcome(str(values["outcome"])), str(values["finding"]))
    return services.propose_closing(case_id=case_id, closing=closing, by=by, at=at)


def _agree(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    return services.answer_closing(case_id=case_id, agreed=True, note=str(values["note"]), by=by, at=at)


def _return(case_id: UUID, values: Mapping[str, object], by: User, at: datetime) -> object:
    return services.answer_closing(case_id=case_id, agreed=False, note=str(values["note"]), by=by, at=at)


def _draft(case_id: UUID, _: Mapping[str, object], by: User, at: datetime) -> object:
    return services.draft_report(case_id=case_id, by=by, at=at)


ACTS: Mapping[str, Act] = {
    "assign": _assign, "note": _note, "link": _link, "snooze": _snooze, "propose": _propose, "agree": _agree,
    "return": _return, "draft": _draft,
}  # fmt: skip
