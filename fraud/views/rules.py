"""Rules: the list, one version with its cases and back-tests, writing a draft, and its steps."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.permissions import Capability, can, page_for, signed_in
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from fraud import selectors, services
from fraud.engine.rules.facts import FACTS
from fraud.forms import PeriodForm, RuleActForm, RuleForm

DONE = {
    "submit": "The draft is in review. Somebody else puts it in force.", "shadow": "It runs in shadow now.",
    "publish": "The version is in force.", "retire": "The version is retired.",
}  # fmt: skip


@require_GET
@page_for(Capability.VIEW_FRAUD, selectors.RULES)
def rules(request: HttpRequest) -> HttpResponse:
    """Every rule with its newest version and the one in force."""
    user = signed_in(request)
    listed = selectors.rule_list(user=user, page=request.GET.get("page", "1"))
    return render(request, "fraud/rules.html", {"listed": listed, "may_work": can(user, Capability.WORK_FRAUD)})


@require_GET
@page_for(Capability.VIEW_FRAUD)
def rule(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """One version against the live one."""
    return _rule(request, rule_id, RuleActForm())


@require_POST
@page_for(Capability.WORK_FRAUD)
def act(request: HttpRequest, rule_id: UUID) -> HttpResponse:
    """Hand in, put in shadow or in force, retire; a refusal is said on the page."""
    form = RuleActForm(request.POST)
    if not form.is_valid():
        return _rule(request, rule_id, form, 422)
    values = form.cleaned_data
    try:
        services.rule_act(rule_id=rule_id, by=signed_in(request), at=now(), **values)
    except NotVisible:
        raise
    except ApplicationError as error:
        form.add_error(None, error.message)
        return _rule(request, rule_id, form, error.status)
    messages.success(request, DONE[values["act"]], extra_tags="good")
    return redirect(_address(rule_id, values["version"]))


@require_http_methods(["GET", "POST"])
@page_for(Capability.WORK_FRAUD)
def write(request: HttpRequest) -> HttpResponse:
    """A new draft; `?rule=` begins with the newest version of a rule."""
    if request.method == "GET":
        return _write(request, RuleForm(initial=_initial(request)))
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _write(request, form, 422)
    try:
        version = services.write_rule(draft=form.draft, by=signed_in(request), at=now())
    except ApplicationError as error:
        known = isinstance(error, InvalidInput) and error.field in form.fields
        form.add_error(error.field if isinstance(error, InvalidInput) and known else None, error.message)
        return _write(request, form, error.status)
    messages.success(request, "The draft is kept.", extra_tags="good")
    return redirect(_address(version.rule.uuid, version.version))


def _address(rule_id: UUID, version: int) -> str:
    return f"{reverse('fraud:rule', args=[rule_id])}?version={version}"


def _initial(request: HttpRequest) -> dict[str, object]:
    try:
        rule_id = UUID(request.GET.get("rule", ""))
    except ValueError:
        return {"expression": "", "cases": ""}
    view = selectors.rule_view(user=signed_in(request), rule_id=rule_id)
    row = view.version
    return {
        "title": view.rule.title, "slug": view.rule.slug, "severity": row.severity, "expression": row.expression,
        "cases": row.cases,
    }  # fmt: skip


def _write(request: HttpRequest, form: RuleForm, status: int = 200) -> HttpResponse:
    return render(request, "fraud/write_rule.html", {"form": form, "facts": FACTS.items()}, status=status)


def _rule(request: HttpRequest, rule_id: UUID, form: RuleActForm, status: int = 200) -> HttpResponse:
    named = str(form.data.get("version", "")) if form.is_bound else request.GET.get("version", "")
    number = int(named) if named.isascii() and named.isdigit() and len(named) < 6 else None
    view = selectors.rule_view(user=signed_in(request), rule_id=rule_id, version=number)
    context = {
        "view": view,
        "form": form,
        "period": PeriodForm(),
        "may_work": can(signed_in(request), Capability.WORK_FRAUD),
        "condition": json.dumps(view.version.expression, indent=2, ensure_ascii=False),
    }
    return render(request, "fraud/rule.html", context, status=status)
