"""The owner's page of official sources: connect, prove, watch, stop, end."""

from collections.abc import Callable
from uuid import UUID

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from creditiq.kernel.speech import told
from wallets import selectors, services
from wallets.forms import CodeForm, SourceForm


@require_http_methods(["GET", "POST"])
@page_for(Capability.SHARE_EVIDENCE)
def sources(request: HttpRequest) -> HttpResponse:
    """Every official source with how far its connection is; POST asks one of them to let the business in."""
    form = SourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _connect(request, form):
        return redirect("wallets:sources")
    return _page(request, form=form, status=422 if request.method == "POST" else 200)


def _connect(request: HttpRequest, form: SourceForm) -> bool:
    at, values, by = now(), form.cleaned_data, signed_in(request)
    span = selectors.last_months(int(values["months"]), at)
    address = get_client_ip_address(request) or "127.0.0.1"
    wanted = services.SourceSignIn(values["source"], values["handle"], span, address)
    try:
        services.connect_source(business=own_business(by), wanted=wanted, by=by, at=at)
    except ApplicationError as error:
        form.add_error(getattr(error, "field", "handle"), error.message)
        return False
    return True


def _page(request: HttpRequest, *, part: str = "", status: int = 200, form: SourceForm | None = None) -> HttpResponse:
    page = selectors.sources_page(business=own_business(signed_in(request)), at=now())
    context = {"page": page, "cards": [(card, _form_of(card, form)) for card in page.cards], "code_form": CodeForm()}
    return render(request, f"wallets/sources.html{part}", context, status=status)


def _form_of(card: selectors.SourceCard, sent: SourceForm | None) -> SourceForm:
    """The form of a source: what was sent for it with its errors, else an empty one."""
    if sent is not None and sent.is_bound and sent.data.get("source") == card.source:
        return sent
    return SourceForm(initial={"source": card.source}, auto_id=f"{card.source}_%s")


@require_GET
@page_for(Capability.SHARE_EVIDENCE)
def sources_panel(request: HttpRequest) -> HttpResponse:
    """The same, refreshed while something moves."""
    return _page(request, part="#sources")


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def code(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Sign in with the code that the source sent."""
    return _step(
        request,
        lambda: services.confirm_otp(
            connection_id=connection_id, code=request.POST.get("code", "").strip(), by=signed_in(request), at=now()
        ),
    )


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def approved(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Back from the aggregator."""
    by = signed_in(request)
    return _step(request, lambda: services.return_from_consent(connection_id=connection_id, by=by, at=now()))


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def fetch(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Go on with what was stopped."""
    by = signed_in(request)
    return _step(request, lambda: services.ask_fetch(connection_id=connection_id, by=by, at=now()))


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def stop(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Stop fetching; what is here stays."""
    by = signed_in(request)
    return _step(request, lambda: services.stop_fetch(connection_id=connection_id, by=by, at=now()))


@require_POST
@page_for(Capability.SHARE_EVIDENCE)
def end(request: HttpRequest, connection_id: UUID) -> HttpResponse:
    """Forget the sign-in."""
    by = signed_in(request)
    return _step(request, lambda: services.end_connection(connection_id=connection_id, by=by, at=now()))


def _step(request: HttpRequest, act: Callable[[], object]) -> HttpResponse:
    """Do it and show the page; what the source or we refuse is said above it. Not there is still 404."""
    try:
        act()
    except (services.UnableToConnect, InvalidInput) as error:
        messages.warning(request, told(error.message), extra_tags="warn")
        return _page(request, status=error.status)
    return redirect("wallets:sources")
