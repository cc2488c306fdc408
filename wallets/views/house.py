"""Pages about what the house does on chains: contracts, transactions, gas, anchors of the audit trail."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from wallets import selectors, services
from wallets.chain.artefacts import artefact
from wallets.forms import CallForm, ContractForm, ReasonForm, SourceReadForm, SpendingForm
from wallets.models import TransactionState
from wallets.views.lists import ANCHORS, CONTRACTS, TRANSACTIONS
from wallets.views.onchain import while_chains_are_on

PAGE_SIZE = 25


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN, TRANSACTIONS)
def transactions(request: HttpRequest) -> HttpResponse:
    """Everything the house sent, and what waits."""
    state = TRANSACTIONS.kept(request.GET).get("state", "")
    context = {
        "page": Paginator(selectors.house_transactions(state=state), PAGE_SIZE).get_page(request.GET.get("page")),
        "state": state,
        "states": [("", "All"), *TransactionState.choices],
        "setup": selectors.house_setup(),
    }
    return render(request, "wallets/house_transactions.html", context)


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN)
def transaction(request: HttpRequest, transaction_id: UUID) -> HttpResponse:
    """One transaction with all its attempts."""
    return render(request, "wallets/house_transaction.html", _transaction(request, transaction_id, SpendingForm()))


@require_POST
@while_chains_are_on
@page_for(Capability.RUN_CHAIN)
def spending(request: HttpRequest, transaction_id: UUID) -> HttpResponse:
    """Ask that one transaction may cost more."""
    form, by = SpendingForm(request.POST), signed_in(request)
    context = _transaction(request, transaction_id, form)
    if form.is_valid():
        try:
            asked = services.propose_spending(**form.cleaned_data, transaction_id=transaction_id, by=by, at=now())
            return _asked(request, asked)
        except ApplicationError as error:
            form.add_error(None, error.message)
    return render(request, "wallets/house_transaction.html", context, status=422)


def _transaction(request: HttpRequest, transaction_id: UUID, form: SpendingForm) -> dict[str, object]:
    return {
        "view": selectors.transaction_view(transaction_id=transaction_id), "form": form,
        "may_run": can(signed_in(request), Capability.RUN_CHAIN),
    }  # fmt: skip


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN, CONTRACTS)
def contracts(request: HttpRequest) -> HttpResponse:
    """The registry of our contracts, and the form to register one."""
    return render(request, "wallets/house_contracts.html", _contracts(request, ContractForm()))


@require_POST
@while_chains_are_on
@page_for(Capability.RUN_CHAIN, CONTRACTS)
def register(request: HttpRequest) -> HttpResponse:
    """Write down the wish to have a contract."""
    form = ContractForm(request.POST)
    context = _contracts(request, form)
    if form.is_valid():
        values = form.cleaned_data
        caps = services.Caps(values["fee_cap"], values["spend_cap"], values["day_cap"])
        try:
            made = services.register_contract(
                name=values["name"], chain=values["chain"], caps=caps, by=signed_in(request), at=now()
            )
            return redirect("wallets:house_contract", contract_id=made.uuid)
        except ApplicationError as error:
            form.add_error(None, error.message)
    return render(request, "wallets/house_contracts.html", context, status=422)


def _contracts(request: HttpRequest, form: ContractForm) -> dict[str, object]:
    setup = selectors.house_setup()
    return {
        "page": Paginator(selectors.contracts(), PAGE_SIZE).get_page(request.GET.get("page")),
        "form": form.offering(setup.chains), "setup": setup, "may_run": can(signed_in(request), Capability.RUN_CHAIN),
    }  # fmt: skip


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN)
def contract(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """One contract."""
    return render(request, "wallets/house_contract.html", _contract(request, contract_id, CallForm(), ReasonForm()))


@require_POST
@while_chains_are_on
@page_for(Capability.RUN_CHAIN)
def deploy(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Rehearse, or ask a second person to agree to deploying."""
    form, by = ReasonForm(request.POST), signed_in(request)
    context = _contract(request, contract_id, CallForm(), form)
    if form.is_valid():
        try:
            if request.POST.get("step") == "rehearse":
                context["rehearsed"] = services.rehearse_deployment(contract_id=contract_id, by=by)
                return render(request, "wallets/house_contract.html", context)
            reason = form.cleaned_data["reason"]
            return _asked(request, services.propose_deployment(contract_id=contract_id, reason=reason, by=by, at=now()))
        except ApplicationError as error:
            form.add_error(None, error.message)
    return render(request, "wallets/house_contract.html", context, status=422)


@require_POST
@while_chains_are_on
@page_for(Capability.AGREE_TO_CHAIN)
def source_read(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Write down who has read the source."""
    form = SourceReadForm(request.POST)
    context = _contract(request, contract_id, CallForm(), ReasonForm())
    if not form.is_valid():
        return render(request, "wallets/house_contract.html", {**context, "source": form}, status=422)
    services.record_audit(contract_id=contract_id, **form.cleaned_data, by=signed_in(request), at=now())
    messages.success(request, "Written down.", extra_tags="good")
    return redirect("wallets:house_contract", contract_id=contract_id)


@require_POST
@while_chains_are_on
@page_for(Capability.RUN_CHAIN)
def call(request: HttpRequest, contract_id: UUID) -> HttpResponse:
    """Ask a second person to agree to one call."""
    form, by = CallForm(request.POST), signed_in(request)
    context = _contract(request, contract_id, form, ReasonForm())
    if form.is_valid():
        values = form.cleaned_data
        try:
            asked = services.propose_call(
                contract_id=contract_id, function=values["function"], arguments=form.given(), reason=values["reason"],
                by=by, at=now(),
            )  # fmt: skip
            return _asked(request, asked)
        except ApplicationError as error:
            form.add_error(None, error.message)
    return render(request, "wallets/house_contract.html", context, status=422)


def _contract(request: HttpRequest, contract_id: UUID, form: CallForm, reason: ReasonForm) -> dict[str, object]:
    view = selectors.contract_view(contract_id=contract_id)
    known = artefact(view.contract.name).functions.values()
    return {
        "view": view, "form": form.offering(each.name for each in known if not each.view), "reason": reason,
        "signatures": [each.signature for each in known if not each.view],
        "may_run": can(signed_in(request), Capability.RUN_CHAIN),
        "may_agree": can(signed_in(request), Capability.AGREE_TO_CHAIN),
        "source": SourceReadForm(initial={"status": view.contract.audit_status}),
    }  # fmt: skip


def _asked(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    messages.success(request, "Asked. It happens when a second person agrees.", extra_tags="good")
    return redirect("accounts:approval", approval_id=approval_id)


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN)
def gas(request: HttpRequest) -> HttpResponse:
    """What it cost."""
    return render(request, "wallets/house_gas.html", {"report": selectors.gas_report(at=now())})


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN, ANCHORS)
def anchors(request: HttpRequest) -> HttpResponse:
    """The batches of the audit trail that stand on a chain."""
    page = Paginator(selectors.anchors(), PAGE_SIZE).get_page(request.GET.get("page"))
    sent = selectors.transactions_of(list(page))
    rows = [(anchor, sent.get(anchor.purpose)) for anchor in page]
    return render(request, "wallets/house_anchors.html", {"page": page, "rows": rows})


@require_GET
@while_chains_are_on
@page_for(Capability.VIEW_CHAIN)
def anchor(request: HttpRequest, anchor_id: UUID) -> HttpResponse:
    """One batch, proved while the page is made."""
    return render(request, "wallets/house_anchor.html", {"view": selectors.anchor_view(anchor_id=anchor_id)})
