"""What stands behind a request: stock statements and charged assets, on one page of the case."""

from collections.abc import Callable, Mapping
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from accounts.permissions import Capability, can, page_for, require, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from lending import selectors, services
from lending.forms.securities import AssetForm, RegistrationForm, StockForm, ValuationForm
from lending.selectors.securities import securities_of

FORMS: Mapping[str, type[Form]] = {
    "stock": StockForm, "asset": AssetForm, "register": RegistrationForm, "value": ValuationForm,
}  # fmt: skip


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_QUEUE)
def securities(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Everything behind the request; an officer adds a stock statement or a charged asset."""
    form = _typed(request)
    if request.method == "POST":
        require(signed_in(request), Capability.RECOMMEND)
        if form.is_valid() and _kept(request, form, lambda by: _write(application_id, form, by)):
            return redirect("lending:securities", application_id=application_id)
    return _page(request, application_id, form)


@require_POST
@page_for(Capability.RECOMMEND)
def security(request: HttpRequest, application_id: UUID, collateral_id: UUID) -> HttpResponse:
    """Register the charge of an asset, or write down what it is worth."""
    form = _typed(request)
    if form.is_valid() and _kept(request, form, lambda by: _add(collateral_id, form, by)):
        return redirect("lending:securities", application_id=application_id)
    return _page(request, application_id, form)


def _page(request: HttpRequest, application_id: UUID, form: Form) -> HttpResponse:
    by = signed_in(request)
    application = selectors.visible_application(user=by, application_id=application_id, at=now())
    context = {
        "application": application,
        "found": securities_of(application),
        "may": can(by, Capability.RECOMMEND, application) and (application.is_open or application.is_offered),
        "stock": form if isinstance(form, StockForm) else StockForm(),
        "asset": form if isinstance(form, AssetForm) else AssetForm(),
        "refused": _refusal(form) if isinstance(form, RegistrationForm | ValuationForm) else "",
    }
    return render(request, "lending/securities.html", context, status=422 if form.errors else 200)


def _refusal(form: Form) -> str:
    """The first thing that is wrong, with the name of its field."""
    for field, wrong in form.errors.items():
        return f"{form.fields[field].label}: {wrong[0]}" if field in form.fields else str(wrong[0])
    return ""


def _typed(request: HttpRequest) -> Form:
    data: QueryDict | None = request.POST if request.method == "POST" else None
    return FORMS.get(request.POST.get("form", ""), StockForm)(data)


def _write(application_id: UUID, form: Form, by: User) -> object:
    if isinstance(form, StockForm):
        on = form.cleaned_data["on"]
        return services.state_stock(application_id=application_id, on=on, assets=form.assets, by=by, at=now())
    if isinstance(form, AssetForm):
        return services.charge_asset(application_id=application_id, asset=form.asset, by=by, at=now())
    raise InvalidInput("Choose what to write down.", field="", rule="security.form")


def _add(collateral_id: UUID, form: Form, by: User) -> object:
    if isinstance(form, RegistrationForm):
        return services.register_charge(collateral_id=collateral_id, **form.cleaned_data, by=by, at=now())
    if isinstance(form, ValuationForm):
        return services.value_asset(collateral_id=collateral_id, **form.cleaned_data, by=by, at=now())
    raise InvalidInput("Choose what to write down.", field="", rule="security.form")


def _kept(request: HttpRequest, form: Form, act: Callable[[User], object]) -> bool:
    try:
        act(signed_in(request))
    except NotVisible:
        raise
    except InvalidInput as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
    except ApplicationError as refusal:
        form.add_error(None, refusal.message)
    else:
        messages.success(request, "Written down.", extra_tags="good")
        return True
    return False
