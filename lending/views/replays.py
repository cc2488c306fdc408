"""The replay page: what was decided is rebuilt from the records of its moment and compared byte for byte."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from lending import services
from lending.forms import ReplayForm


@require_http_methods(["GET", "POST"])
@page_for(Capability.REPLAY)
def replay(request: HttpRequest) -> HttpResponse:
    """Name a decision, a score, or a business with a moment; the answer says whether every byte is the same."""
    form = ReplayForm(request.POST if request.method == "POST" else None)
    answer = None
    if form.is_valid():
        try:
            answer = services.replay(subject=form.subject(), by=signed_in(request), at=now())
        except ApplicationError as error:
            form.add_error(None, error.message)
    status = 422 if form.errors else 200
    return render(request, "lending/replay.html", {"form": form, "answer": answer}, status=status)
