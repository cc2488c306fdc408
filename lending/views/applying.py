"""An owner applies in four steps, each saved before the next, and follows the application to its end."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from accounts.selectors import own_business
from accounts.services import require_password
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors, services
from lending.forms import AcceptForm, ChoiceForm, NeedForm, NoteForm, PaperForm
from lending.models import LoanApplication, LoanProduct
from lending.selectors.casework import offers_of, what_if
from lending.selectors.followed import followed, paper_of
from lending.services import offering, papers, reviewing
from lending.services.applications import begin_draft, save_draft, submit


@require_http_methods(["GET", "POST"])
@page_for(Capability.APPLY)
def apply(request: HttpRequest) -> HttpResponse:
    """Step 1: the loan and the bank; a draft that was begun is offered again."""
    by = signed_in(request)
    business, at = own_business(by), now()
    banks, products = selectors.banks_open_to(business=business, at=at), list(LoanProduct.objects.offered())
    form = ChoiceForm(request.POST or None, products=products, banks=banks)
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_draft(business=business, organisation=form.chosen_bank, asked=form.asked, by=by, at=at)
            return redirect("lending:apply_need", application_id=draft.uuid)
        except ApplicationError as refusal:
            form.add_error(None, refusal.message)
    drafts = LoanApplication.objects.drafts().filter(business=business).select_related("product", "organisation")
    home = selectors.owner_home(business=business, at=at)
    context = {"home": home, "form": form, "banks": banks, "products": products, "drafts": drafts.order_by("-pk")}
    return render(request, "lending/apply.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.APPLY)
def need(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Step 2: how much, how long, for what. Without leaving the page what is typed is kept as it changes."""
    draft = _own(request, application_id)
    kept = {"amount": draft.amount, "months": draft.months, "purpose": draft.purpose}
    whole = "autosave" not in request.POST
    form = NeedForm(request.POST if request.method == "POST" else None, initial=kept)
    form.fields["purpose"].required = whole
    if request.method == "POST" and form.is_valid():
        try:
            asked = form.asked(draft.product.code)
            save_draft(application_id=draft.uuid, asked=asked, by=signed_in(request), at=now(), whole=whole)
            if whole:
                return redirect("lending:apply_papers", application_id=draft.uuid)
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except ApplicationError as refusal:
            return _page(request, draft, refusal)
        if not whole:
            return render(request, "lending/apply_need.html#saved", {"saved_at": now()})
    context = {"draft": draft, "form": form}
    return render(request, "lending/apply_need.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.APPLY)
def give_papers(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Step 3, and later from the application's page: papers, each kept as soon as it is sent."""
    draft = _own(request, application_id)
    form = PaperForm(request.POST, request.FILES) if request.method == "POST" else PaperForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            papers.attach_paper(
                application_id=draft.uuid, kind=form.cleaned_data["kind"], name=file.name, content=file.read(),
                by=signed_in(request), at=now(),
            )  # fmt: skip
            return redirect("lending:apply_papers", application_id=draft.uuid)
        except InvalidInput as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        except ApplicationError as refusal:
            return _page(request, draft, refusal)
    context = {"draft": draft, "form": form, "papers": draft.documents.defer("content").order_by("at", "pk")}
    return render(request, "lending/apply_papers.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(Capability.APPLY)
def send(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Step 4: what the policy says today, which leaves no mark, and sending."""
    draft, at, said = _own(request, application_id), now(), None
    if request.method == "POST":
        try:
            sent = submit(application_id=draft.uuid, by=signed_in(request), at=at)
            messages.success(request, f"{sent} is with {sent.organisation}.", extra_tags="good")
            return redirect("lending:own_application", application_id=sent.uuid)
        except ApplicationError as refusal:
            said = refusal
    check = what_if(application=draft, amount=draft.amount, months=draft.months, collateral=draft.amount * 0, at=at)
    context = {"draft": draft, "check": check, "said": said, "papers": draft.documents.count()}
    return render(request, "lending/apply_send.html", context, status=said.status if said else 200)


@require_GET
@page_for(Capability.APPLY)
def own_application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Where an application stands, what was said, the offer, and what the owner may do."""
    return _page(request, _own(request, application_id))


@require_GET
@page_for(Capability.APPLY)
def offers(request: HttpRequest) -> HttpResponse:
    """All offers side by side."""
    mine = offers_of(business_id=own_business(signed_in(request)).pk)
    return render(request, "lending/offers.html", {"offers": mine})


@require_POST
@page_for(Capability.APPLY)
def answer(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Answer what the bank asked."""
    by, at = signed_in(request), now()
    form = NoteForm(request.POST)
    return _act(
        request, application_id, form,
        lambda: reviewing.answer_bank(application_id=application_id, note=form.cleaned_data["note"], by=by, at=at),
    )  # fmt: skip


@require_POST
@page_for(Capability.APPLY)
def accept(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Accept the offer that was read."""
    by, at = signed_in(request), now()
    form = AcceptForm(request.POST)

    def sign() -> None:
        given = form.cleaned_data
        shown = require_password(request=request, user=by, password=given["password"])
        digest = given["sha256"]
        offering.accept_offer(application_id=application_id, sha256=digest, confirmed_by=shown, by=by, at=at)

    return _act(request, application_id, form, sign)


@require_POST
@page_for(Capability.APPLY)
def take(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take the other terms the bank offers: a new application with them is sent."""
    application = _own(request, application_id)
    try:
        made = services.take_counter(application_id=application_id, by=signed_in(request), at=now())
    except NotVisible:
        raise
    except ApplicationError as refusal:
        return _page(request, application, refusal)
    return redirect("lending:own_application", application_id=made.uuid)


@require_POST
@page_for(Capability.APPLY)
def withdraw(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Take the application back."""
    by, at = signed_in(request), now()
    form = NoteForm(request.POST)
    return _act(
        request, application_id, form,
        lambda: offering.withdraw(application_id=application_id, reason=form.cleaned_data["note"], by=by, at=at),
    )  # fmt: skip


@require_GET
@page_for(Capability.APPLY)
def key_facts_pdf(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The statement on paper, as it was made."""
    statement = followed(application=_own(request, application_id), user=signed_in(request)).statement
    if statement is None:
        raise NotVisible
    headers = {"Content-Disposition": f'attachment; filename="{statement.application.number}.pdf"'}
    return HttpResponse(bytes(statement.pdf), content_type="application/pdf", headers=headers)


@require_GET
@page_for(Capability.APPLY)
def own_paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """One of the owner's papers, as it was given."""
    return paper_answer(request, paper_id)


def paper_answer(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """A paper of an application the person may see; always to be saved, never shown inside our pages."""
    require_step_up(request, now(), only_staff=True)
    paper = paper_of(user=signed_in(request), paper_id=paper_id, at=now())
    headers = {"Content-Disposition": f'attachment; filename="{paper.file_name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(bytes(paper.content), content_type=paper.media_type, headers=headers)


def _own(request: HttpRequest, application_id: UUID) -> LoanApplication:
    return selectors.visible_application(user=signed_in(request), application_id=application_id, at=now())


def _act(
    request: HttpRequest, application_id: UUID, form: NoteForm | AcceptForm, act: Callable[[], object]
) -> HttpResponse:
    application = _own(request, application_id)
    if not form.is_valid():
        return _page(request, application, InvalidInput("Fill in what is asked for.", field="note", rule="note.empty"))
    try:
        act()
    except NotVisible:
        raise
    except ApplicationError as refusal:
        return _page(request, application, refusal)
    return redirect("lending:own_application", application_id=application_id)


def _page(request: HttpRequest, application: LoanApplication, said: ApplicationError | None = None) -> HttpResponse:
    by, at = signed_in(request), now()
    view = followed(application=application, user=by)
    opened = services.open_letter(application_id=application.uuid, by=by, at=at)
    letter = selectors.letter_view(application=application, language=by.language, at=at) if opened else None
    context = {"view": view, "said": said, "letter": letter}
    return render(request, "lending/own_application.html", context, status=said.status if said else 200)
