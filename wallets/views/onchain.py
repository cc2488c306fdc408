"""Pages about wallets: list, one wallet, its proof, its permissions, scores, and the networks."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Flag, FlagName
from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput
from wallets import charts, selectors, services
from wallets.forms import AttestForm, NetworksForm, ShareForm, SignatureForm, WalletFileForm, WalletForm

_P = ParamSpec("_P")
Page = Callable[Concatenate[HttpRequest, _P], HttpResponseBase]


def while_chains_are_on(view: Page[_P]) -> Page[_P]:
    """With ENABLE_BLOCKCHAIN off the page is not there."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponseBase:
        if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "POST"])
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def wallets(request: HttpRequest) -> HttpResponse:
    """The person's wallets and scores, and the form to add one."""
    by = signed_in(request)
    form = WalletForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            wallet = services.add_wallet(**form.cleaned_data, by=by, at=now())
            return redirect("wallets:wallet", wallet_id=wallet.uuid)
        except InvalidInput as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        except ApplicationError as error:
            form.add_error(None, error.message)
    lines = selectors.wallet_lines(user=by)
    context = {
        "lines": lines, "scores": selectors.own_scores(user=by)[:10], "form": form,
        "warnings": selectors.standing_warnings(user=by),
    }  # fmt: skip
    return render(request, "wallets/wallets.html", context, status=422 if form.errors else 200)


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def wallet(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """One wallet: proof, history, coverage, files."""
    return _wallet(request, wallet_id)


def _wallet(request: HttpRequest, wallet_id: UUID, status: int = 200, **more: object) -> HttpResponse:
    view = selectors.wallet_view(user=signed_in(request), wallet_id=wallet_id)
    sync = selectors.sync_progress(user=signed_in(request), wallet_id=wallet_id)
    context = {"view": view, "wallet": view.line.wallet, "sync": sync, "file_form": WalletFileForm(), **more}
    return render(request, "wallets/wallet.html", context, status=status)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def sync(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """Have the history read from the chain."""
    try:
        services.ask_sync(wallet_id=wallet_id, by=signed_in(request), at=now())
    except services.UnableToSync as error:
        messages.warning(request, error.message, extra_tags="warn")
        return _wallet(request, wallet_id, status=error.status)
    return redirect("wallets:wallet", wallet_id=wallet_id)


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def sync_panel(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """How far the reading is; an open page asks every two seconds while one runs, and is drawn anew when it ends."""
    progress = selectors.sync_progress(user=signed_in(request), wallet_id=wallet_id)
    answer = render(request, "wallets/_sync.html", {"sync": progress})
    if not progress.running:
        answer["HX-Refresh"] = "true"
    return answer


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def challenge(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """A message to sign, by the wallet in the browser or by hand."""
    made = services.issue_challenge(wallet_id=wallet_id, host=request.get_host(), by=signed_in(request), at=now())
    form = SignatureForm(initial={"message": made.message})
    return _wallet(request, wallet_id, challenge=made, form=form)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def proof(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """The signed message comes back; its nonce works once, so a wrong one needs a new message."""
    form = SignatureForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "A signature is needed; ask for a new message and sign it.", extra_tags="warn")
        return _wallet(request, wallet_id, status=422)
    try:
        services.prove_ownership(wallet_id=wallet_id, **form.cleaned_data, by=signed_in(request), at=now())
    except services.UnableToProve as error:
        messages.warning(request, error.message, extra_tags="warn")
        return _wallet(request, wallet_id, status=error.status)
    messages.success(request, "The wallet is proved to be yours.", extra_tags="good")
    return redirect("wallets:wallet", wallet_id=wallet_id)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def import_file(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """A history as a file."""
    form = WalletFileForm(request.POST, request.FILES)
    by = signed_in(request)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        file = services.WalletUpload(sent.name, sent.read(), form.cleaned_data["kind"])
        try:
            taken = services.import_wallet_file(wallet_id=wallet_id, file=file, by=by, at=now())
            messages.success(request, f"{taken.rows} rows of “{taken.filename}” are in.", extra_tags="good")
            return redirect("wallets:wallet", wallet_id=wallet_id)
        except InvalidInput as error:
            form.add_error("file", error.message)
    return _wallet(request, wallet_id, status=422, file_form=form)


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def remove(request: HttpRequest, dropped_id: UUID) -> HttpResponse:
    """Stop watching."""
    services.remove_wallet(wallet_id=dropped_id, by=signed_in(request), at=now())
    messages.info(request, "The wallet is off your list.")
    return redirect("wallets:wallets")


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def approvals(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """Who may take what, with the call that ends it."""
    view = selectors.wallet_view(user=signed_in(request), wallet_id=wallet_id)
    return render(request, "wallets/approvals.html", {"view": view, "wallet": view.line.wallet})


@require_POST
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def score(request: HttpRequest, wallet_id: UUID) -> HttpResponse:
    """Score one wallet from what is known now."""
    try:
        made = services.score_wallets(wallet_ids=[wallet_id], by=signed_in(request), at=now())
    except ApplicationError as error:
        if error.status == 404:
            raise
        messages.warning(request, error.message, extra_tags="warn")
        return _wallet(request, wallet_id, status=error.status)
    return redirect("wallets:onchain_score", onchain_id=made.uuid)


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def onchain_score(request: HttpRequest, onchain_id: UUID) -> HttpResponse:
    """A score: number, bounds, parts, reasons, flags, what forging it would cost."""
    by = signed_in(request)
    view = selectors.score_view(user=by, score_id=onchain_id)
    steps = (
        services.compare_scores(score_id=onchain_id, other_id=view.earlier.uuid, by=by)
        if view.earlier and view.score.value is not None
        else ()
    )
    context = {"view": view, "score": view.score, "rows": charts.groups(view.parts), "steps": steps}
    context["attest_form"] = AttestForm()
    context["share_form"] = ShareForm().offering(selectors.lenders())
    context["shares"] = selectors.shares_of(user=by, score_id=onchain_id, at=now())
    return render(request, "wallets/onchain_score.html", context)


@require_GET
@while_chains_are_on
@page_for(Capability.LINK_WALLETS)
def networks(request: HttpRequest) -> HttpResponse:
    """The 76 networks and what is honestly known of each."""
    form = NetworksForm(request.GET)
    found = selectors.networks(**form.sought())
    return render(request, "wallets/networks.html", {"chains": found, "form": form})
