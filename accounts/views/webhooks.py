"""A tenant's webhooks: addresses, secrets shown once, every call, and sending again."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import selectors
from accounts.forms.programs import WebhookForm
from accounts.models import WebhookDeliveryState
from accounts.permissions import Capability, may_call, page_for, require_step_up, signed_in
from accounts.services import webhooks as hooks
from accounts.views.forms import complain
from accounts.views.house_lists import WEBHOOKS
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError

PER_PAGE = 25
MANAGE = Capability.BUILD_PROGRAMS


@require_http_methods(["GET", "POST"])
@page_for(MANAGE, WEBHOOKS)
def webhooks(request: HttpRequest) -> HttpResponse:
    """The addresses; by the form a new one."""
    person = signed_in(request)
    known = hooks.announcements_for(person)
    form = WebhookForm(request.POST if request.method == "POST" else None, events=_choices(known))
    if form.is_valid():
        require_step_up(request, now())
        try:
            made = hooks.create_webhook(terms=hooks.WebhookTerms(**form.cleaned_data), by=person, at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            return _shown_once(request, made)
    page = Paginator(selectors.webhooks(user=person), PER_PAGE).get_page(request.GET.get("page"))
    context = {"form": form, "rows": page, "may_change": may_call(person, MANAGE, "POST")}
    return render(request, "accounts/webhooks.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@page_for(MANAGE)
def webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """One address with its calls; by the form another address or other news."""
    person = signed_in(request)
    shown = selectors.webhook(user=person, webhook_id=webhook_id)
    choices = _choices(hooks.announcements_for(person))
    now_set: dict[str, object] = {"url": shown.url, "events": shown.events}
    form = WebhookForm(request.POST if request.method == "POST" else None, events=choices, initial=now_set)
    if form.is_valid():
        require_step_up(request, now())
        try:
            terms = hooks.WebhookTerms(**form.cleaned_data)
            hooks.change_webhook(webhook_id=webhook_id, terms=terms, by=person, at=now())
        except ApplicationError as error:
            complain(form, error)
        else:
            messages.success(request, "Changed. The next call goes there.", extra_tags="good")
            return redirect("accounts:webhook", webhook_id)
    context = {
        "shown": shown,
        "form": form,
        "may_change": may_call(person, MANAGE, "POST"),
        **_calls(request, shown.uuid),
    }
    return render(request, "accounts/webhook.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(MANAGE)
def delivery(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """One call: what was sent and what came of each try."""
    person = signed_in(request)
    shown = selectors.delivery(user=person, webhook_id=webhook_id, delivery_id=delivery_id)
    context = {"shown": shown, "webhook_id": webhook_id, "may_change": may_call(person, MANAGE, "POST")}
    return render(request, "accounts/webhook_delivery.html", context)


@require_POST
@page_for(MANAGE)
def rotate_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """A new secret."""
    person = signed_in(request)
    selectors.webhook(user=person, webhook_id=webhook_id)
    require_step_up(request, now())
    return _shown_once(request, hooks.rotate_webhook_secret(webhook_id=webhook_id, by=person, at=now()))


@require_POST
@page_for(MANAGE)
def switch_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """On or off."""
    on = request.POST.get("on") == "1"
    hooks.switch_webhook(webhook_id=webhook_id, on=on, by=signed_in(request), at=now())
    messages.success(request, "Switched on." if on else "Switched off. What waits is kept.", extra_tags="good")
    return redirect("accounts:webhook", webhook_id)


@require_POST
@page_for(MANAGE)
def end_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Remove it."""
    hooks.end_webhook(webhook_id=webhook_id, by=signed_in(request), at=now())
    messages.success(request, "Removed. The address is called no more.", extra_tags="good")
    return redirect("accounts:webhooks")


@require_POST
@page_for(MANAGE)
def ping_webhook(request: HttpRequest, webhook_id: UUID) -> HttpResponse:
    """Send webhook.test."""
    try:
        hooks.ping_webhook(webhook_id=webhook_id, by=signed_in(request), at=now())
    except hooks.UnableToDeliver as error:
        messages.error(request, error.message, extra_tags="warn")
    else:
        messages.success(request, "A test is on its way. The list of calls shows what comes of it.", extra_tags="good")
    return redirect("accounts:webhook", webhook_id)


@require_POST
@page_for(MANAGE)
def redeliver(request: HttpRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    """Send the same news again."""
    try:
        hooks.redeliver(webhook_id=webhook_id, delivery_id=delivery_id, by=signed_in(request), at=now())
    except hooks.UnableToDeliver as error:
        messages.error(request, error.message, extra_tags="warn")
    else:
        messages.success(request, "It is sent again within seconds.", extra_tags="good")
    return redirect("accounts:webhook", webhook_id)


def _choices(known: tuple[hooks.Announced, ...]) -> list[tuple[str, str]]:
    return [(one.name, f"{one.name}: {one.says}") for one in known]


def _calls(request: HttpRequest, webhook_id: UUID) -> dict[str, object]:
    state = request.GET.get("state", "")
    rows = selectors.deliveries(user=signed_in(request), webhook_id=webhook_id, state=state)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"rows": page, "state": state, "states": [("", "All"), *WebhookDeliveryState.choices]}


def _shown_once(request: HttpRequest, made: hooks.MadeWebhook) -> HttpResponse:
    answer = render(request, "accounts/webhook_made.html", {"made": made})
    answer["Cache-Control"] = "no-store"
    return answer
