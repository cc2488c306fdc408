"""What the risk manager's pages need of lending: a fraud rule held against past decisions."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from lending import services
from lending.forms import BacktestForm


@require_POST
@page_for(Capability.WORK_FRAUD)
def backtest(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Run it and go back to the rule."""
    form = BacktestForm(request.POST)
    if not form.is_valid():
        return _refused(request, "Give a first and a last day as dates.", 422)
    days = form.cleaned_data["since"], form.cleaned_data["until"]
    version = form.cleaned_data["version"]
    try:
        made = services.backtest_rule(rule_id=rule_id, version=version, days=days, by=signed_in(request), at=now())
    except NotVisible:
        raise
    except ApplicationError as error:
        return _refused(request, error.message, error.status)
    messages.success(request, f"{made.hits} of {made.screened} businesses would have matched.", extra_tags="good")
    return redirect(f"{reverse('fraud:rule', args=[rule_id])}?version={version}#backtests")


def _refused(request: HttpRequest, message: str, status: int) -> HttpResponse:
    return render(request, "components/refusal.html", {"message": message, "status": status}, status=status)
