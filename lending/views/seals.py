"""The seal of a loan: the fingerprints of its agreement on a chain, proved while the page is made."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Flag, FlagName
from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from creditiq.kernel.hashing import canonical_json
from lending import selectors, services
from lending.forms import CoSignatureForm, SignerForm


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_OWN_LOANS)
def own_seal(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The owner's: with the wallet to co-sign with, and the signature."""
    view = _view(request, loan_id)
    posted = request.POST if request.method == "POST" else None
    signing = posted if posted is not None and posted.get("step") == "signature" else None
    naming = posted if posted is not None and signing is None else None
    wallet = SignerForm(naming).offering(view.wallets)
    signature = CoSignatureForm(signing)
    if posted is not None:
        if view.seal is None:
            raise NotVisible
        form = wallet if naming is not None else signature
        if form.is_valid() and _done(request, loan_id, form):
            return redirect("lending:own_seal", loan_id=loan_id)
    context = {"view": view, "wallet": wallet, "signature": signature, "is_owner": True}
    return render(request, "lending/seal.html", context, status=200 if posted is None else 422)


def _done(request: HttpRequest, loan_id: UUID, form: SignerForm | CoSignatureForm) -> bool:
    by, values = signed_in(request), form.cleaned_data
    try:
        if isinstance(form, SignerForm):
            services.offer_co_signature(loan_id=loan_id, **values, by=by, at=now())
            said = "Your wallet is named on the chain within minutes. Then sign."
        else:
            services.bring_co_signature(loan_id=loan_id, **values, by=by, at=now())
            said = "Your signature goes onto the chain within minutes."
    except ApplicationError as error:
        form.add_error(None, error.message)
        return False
    messages.success(request, said, extra_tags="good")
    return True


@require_GET
@page_for(Capability.VIEW_OWN_LOANS)
def own_seal_file(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """Salt, digests and recipe: what the owner needs to check it alone."""
    view = _view(request, loan_id)
    if view.seal is None:
        raise NotVisible
    attached = {"Content-Disposition": f'attachment; filename="seal-{view.loan.account_no}.json"'}
    content = canonical_json(selectors.seal_file(view))
    return HttpResponse(content, content_type="application/json", headers=attached)


@require_GET
@page_for(Capability.VIEW_LOANS)
def loan_seal(request: HttpRequest, loan_id: UUID) -> HttpResponse:
    """The bank's look at the same."""
    return render(request, "lending/seal.html", {"view": _view(request, loan_id), "is_owner": False})


def _view(request: HttpRequest, loan_id: UUID) -> selectors.SealView:
    if not Flag.objects.is_on(FlagName.BLOCKCHAIN):
        raise NotVisible
    person = signed_in(request)
    return selectors.seal_view(loan=selectors.visible_loan(user=person, loan_id=loan_id), user=person)
