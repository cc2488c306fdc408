"""The queues as files."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, require_step_up, signed_in
from creditiq.kernel.clock import now
from fraud import selectors, services

SHARES = {"rings": "tab", "alerts": "state", "cases": "share", "disputes": "share", "names": "tab"}
"""What the page of each queue calls its share in the address."""


@require_GET
@page_for(Capability.VIEW_FRAUD)
def queue_csv(request: HttpRequest, queue: str) -> HttpResponse:
    """One share of a queue with the columns one ticked; none ticked: all."""
    require_step_up(request, now())
    asked = selectors.Asked(request.GET.get(SHARES[queue], ""), tuple(request.GET.getlist("column")))
    text = services.export_queue(queue=queue, asked=asked, by=signed_in(request), at=now())
    headers = {"Content-Disposition": f'attachment; filename="{queue}.csv"', "Cache-Control": "no-store"}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=headers)
