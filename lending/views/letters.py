"""The letter of a refusal: on paper, read by its owner, delivered by staff."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import InvalidInput, NotVisible
from lending import services
from lending.views.officer import case_page


@require_GET
@page_for(Capability.APPLY)
def letter_pdf(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """In the language asked for, else in the one it was written in."""
    letter = services.open_letter(application_id=application_id, by=signed_in(request), at=now())
    if letter is None:
        raise NotVisible
    paper = services.letter_pdf(letter, request.GET.get("language", letter.language))
    headers = {"Content-Disposition": f'attachment; filename="{letter.facts["number"]}-letter.pdf"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@require_POST
@page_for(Capability.APPLY)
def letter_read(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """The owner has read it."""
    services.acknowledge_letter(application_id=application_id, by=signed_in(request), at=now())
    return redirect("lending:own_application", application_id=application_id)


@require_POST
@page_for(Capability.DECLINE)
def letter_delivered(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """It went by post or by hand."""
    by, at, channel = signed_in(request), now(), request.POST.get("channel", "")
    try:
        services.deliver_letter(application_id=application_id, channel=channel, by=by, at=at)
    except InvalidInput as refusal:
        page = case_page(request, application_id, said=refusal)
        return render(request, "lending/case.html", page, status=refusal.status)
    messages.success(request, "The delivery is on record.", extra_tags="good")
    return redirect("lending:case", application_id=application_id)
