"""The owner's evidence page, reconciliation, and the analyst's explorer of businesses and their records."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Business
from accounts.permissions import Capability, page_for, require_step_up, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from wallets import charts, selectors, services
from wallets.engine.importers.catalogue import TABLES
from wallets.engine.importers.templates import CONTENT_TYPES, template_file
from wallets.engine.spreadsheet import sheet
from wallets.forms import DirectoryForm, GrainForm, RevealForm, UploadForm
from wallets.models import UploadState
from wallets.views.lists import DIRECTORY

LINES_PER_PAGE = 100
UNMATCHED_PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@page_for(Capability.SHARE_EVIDENCE)
def evidence(request: HttpRequest) -> HttpResponse:
    """Sources with their freshness, the upload form, and the uploads so far."""
    business = own_business(signed_in(request))
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        answer = _receive(request, business, form)
        if answer:
            return answer
    page = selectors.evidence_page(business=business, as_of=now())
    context = {"page": page, "form": form, "tables": TABLES.values()}
    return render(request, "wallets/evidence.html", context, status=422 if form.errors else 200)


def _receive(request: HttpRequest, business: Business, form: UploadForm) -> HttpResponse | None:
    sent = form.cleaned_data["file"]
    file = services.IncomingFile(sent.name, sent.read(), form.cleaned_data["kind"], form.cleaned_data["mode"])
    try:
        upload = services.receive_upload(business=business, file=file, by=signed_in(request), at=now())
    except ApplicationError as error:
        form.add_error("file", error.message)
        return None
    if upload.state == UploadState.RECEIVED:
        messages.success(request, f"“{upload.filename}” is in; its lines are being read.", extra_tags="good")
    else:
        messages.info(request, f"“{upload.filename}” came in before; this is what became of it.")
    return redirect("wallets:upload", upload_id=upload.uuid)


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def uploads_panel(request: HttpRequest) -> HttpResponse:
    """The list of uploads, refreshed when one has been read."""
    business = own_business(signed_in(request))
    page = selectors.evidence_page(business=business, as_of=now())
    return render(request, "wallets/evidence.html#uploads", {"page": page})


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def upload(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """One upload with its counts and refused lines."""
    return _upload(request, upload_id)


def _upload(request: HttpRequest, upload_id: UUID, *, part: str = "", status: int = 200) -> HttpResponse:
    user, at = signed_in(request), now()
    found = selectors.visible_upload(user=user, upload_id=upload_id)
    lines = Paginator(selectors.refusals(found), LINES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "upload": found,
        "lines": lines,
        "known": selectors.known_before(found),
        "sums": selectors.told_sums(found, user=user, at=at),
        "accounts": selectors.accounts_told(found, user=user, as_of=at),
        "job": selectors.reading_job(found),
    }
    return render(request, f"wallets/upload.html{part}", context, status=status)


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def upload_panel(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The upload's state and refused lines, refreshed when reading ends."""
    return _upload(request, upload_id, part="#result")


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def template(request: HttpRequest) -> HttpResponse:
    """The template of a kind of record, with two example lines; of UPI payments unless another is asked for.

    `?format=` xlsx or parquet; CSV otherwise.
    """
    table = TABLES.get(request.GET.get("kind", ""), TABLES["upi_payments"])
    asked = request.GET.get("format", "")
    form = asked if asked in CONTENT_TYPES else "csv"
    headers = {"Content-Disposition": f'attachment; filename="{table.kind.replace("_", "-")}-template.{form}"'}
    return HttpResponse(template_file(table, form), content_type=CONTENT_TYPES[form], headers=headers)


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def cancel(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Take back a file that waits to be read."""
    try:
        services.cancel_upload(upload_id=upload_id, by=signed_in(request), at=now())
    except services.UnableToCancel as error:
        messages.warning(request, error.message, extra_tags="warn")
        return _upload(request, upload_id, status=error.status)
    return redirect("wallets:upload", upload_id=upload_id)


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def rejections_csv(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The reject report as a file that a spreadsheet shows and never runs."""
    found = selectors.visible_upload(user=signed_in(request), upload_id=upload_id)
    headers = {"Content-Disposition": f'attachment; filename="refused-{upload_id}.csv"'}
    text = sheet(selectors.REJECTION_COLUMNS, selectors.rejection_lines(selectors.refusals(found)))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@page_for(Capability.EXPLORE_SCORES, DIRECTORY)
def directory(request: HttpRequest) -> HttpResponse:
    """The businesses one may see, found by GSTIN or name, by sector, state and size."""
    form = DirectoryForm(DIRECTORY.kept(request.GET))
    page = request.GET.get("page", "1")
    found = selectors.directory(user=signed_in(request), sought=form.sought(), page=page, at=now())
    return render(request, "wallets/directory.html", {"directory": found, "form": form.offering(found)})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def entity(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """One business: registration, movement, freshness and its latest records with their provenance."""
    grain = GrainForm(request.GET).asked()
    page = services.look_at_business(business_id=business_id, grain=grain, by=signed_in(request), at=now())
    return render(request, "wallets/entity.html", _entity(page, RevealForm()))


@require_POST
@page_for(Capability.EXPLORE_SCORES)
def reveal(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """The same page with personal details in full, for this answer only."""
    form, grain, by = RevealForm(request.POST), GrainForm(request.GET).asked(), signed_in(request)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            page = services.reveal_personal_fields(business_id=business_id, reason=reason, grain=grain, by=by, at=now())
            return render(request, "wallets/entity.html", _entity(page, RevealForm()))
        except InvalidInput as error:
            form.add_error("reason", error.message)
    page = services.look_at_business(business_id=business_id, grain=grain, by=by, at=now())
    return render(request, "wallets/entity.html", _entity(page, form), status=422)


def _entity(page: selectors.EntityPage, form: RevealForm) -> dict[str, object]:
    drawn = [
        (source, charts.movement(source.series, source.label) if source.series else None) for source in page.sources
    ]
    return {"page": page, "sources": drawn, "form": form}


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def own_reconciliation(request: HttpRequest) -> HttpResponse:
    """The owner's invoices, e-way bills and receipts side by side."""
    by = signed_in(request)
    page = services.look_at_reconciliation(business=own_business(by), by=by, at=now())
    return render(request, "wallets/reconciliation.html", _reconciled(request, page))


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def own_reconciliation_csv(request: HttpRequest) -> HttpResponse:
    """What misses its match, as a file."""
    by = signed_in(request)
    return _unmatched_csv(services.look_at_reconciliation(business=own_business(by), by=by, at=now()))


@require_GET
@page_for(Capability.VIEW_EVIDENCE)
def reconciliation(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """The same of a business one may see, under its live consent."""
    by = signed_in(request)
    business = selectors.seen_business(user=by, business_id=business_id)
    page = services.look_at_reconciliation(business=business, by=by, at=now())
    return render(request, "wallets/reconciliation.html", {**_reconciled(request, page), "other": True})


@require_GET
@page_for(Capability.VIEW_EVIDENCE)
def reconciliation_csv(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """What misses its match, as a file."""
    require_step_up(request, now(), only_staff=True)
    by = signed_in(request)
    business = selectors.seen_business(user=by, business_id=business_id)
    return _unmatched_csv(services.look_at_reconciliation(business=business, by=by, at=now()))


def _reconciled(request: HttpRequest, page: selectors.ReconciliationPage) -> dict[str, object]:
    side = page.side(request.GET.get("side", ""))
    pages = Paginator(range(side.open), UNMATCHED_PER_PAGE).get_page(request.GET.get("page"))
    lines = side.lines(max(pages.start_index() - 1, 0), UNMATCHED_PER_PAGE)
    return {"page": page, "side": side, "pages": pages, "lines": lines}


def _unmatched_csv(page: selectors.ReconciliationPage) -> HttpResponse:
    headers = {"Content-Disposition": 'attachment; filename="unmatched.csv"'}
    text = sheet(selectors.RECONCILIATION_COLUMNS, selectors.unmatched_lines(page))
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
