"""The owner's evidence page: what is shared, how fresh it is, and how a file fared."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Business
from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets import selectors, services
from wallets.engine.importers.upi_csv import TEMPLATE
from wallets.forms import UploadForm

LINES_PER_PAGE = 100


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
    return render(request, "wallets/evidence.html", {"page": page, "form": form}, status=422 if form.errors else 200)


def _receive(request: HttpRequest, business: Business, form: UploadForm) -> HttpResponse | None:
    sent = form.cleaned_data["file"]
    file = services.IncomingFile(sent.name, sent.read(), "upi_payments", form.cleaned_data["mode"])
    try:
        upload = services.receive_upload(business=business, file=file, by=signed_in(request), at=now())
    except ApplicationError as error:
        form.add_error("file", error.message)
        return None
    messages.success(request, f"“{upload.filename}” is in; its lines are being read.", extra_tags="good")
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
    found = selectors.visible_upload(user=signed_in(request), upload_id=upload_id)
    lines = Paginator(selectors.refusals(found), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wallets/upload.html", {"upload": found, "lines": lines})


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def upload_panel(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The upload's state and refused lines, refreshed when reading ends."""
    found = selectors.visible_upload(user=signed_in(request), upload_id=upload_id)
    lines = Paginator(selectors.refusals(found), LINES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "wallets/upload.html#result", {"upload": found, "lines": lines})


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def template(request: HttpRequest) -> HttpResponse:
    """The CSV template with two example lines."""
    headers = {"Content-Disposition": 'attachment; filename="upi-payments-template.csv"'}
    return HttpResponse(TEMPLATE, content_type="text/csv; charset=utf-8", headers=headers)
