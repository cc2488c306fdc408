"""The audit explorer, one entry with its proof, evidence packs, and what is on record about oneself."""

import json

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from accounts import selectors, services
from accounts.forms import PackForm, TrailForm
from accounts.permissions import Capability, can, page_for, require_step_up, signed_in
from accounts.views.forms import first_error
from accounts.views.house_lists import TRAIL
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.hashing import canonical_json

ENTRIES_PER_PAGE = 50
EVERYTHING = selectors.TrailFilter()


@require_GET
@page_for(Capability.VIEW_AUDIT, TRAIL)
def explorer(request: HttpRequest) -> HttpResponse:
    """The trail with filters."""
    form = TrailForm(TRAIL.kept(request.GET))
    wanted = selectors.TrailFilter(**form.cleaned_data) if form.is_valid() else EVERYTHING
    rows = selectors.trail(user=signed_in(request), oversees=True, wanted=wanted)
    context = {
        "form": form,
        "filtered": wanted != EVERYTHING,
        "rows": Paginator(rows, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
        "checkpoints": selectors.audit_checkpoints(user=signed_in(request))[:3],
        "pack": PackForm(),
    }
    return render(request, "accounts/audit.html", context, status=422 if form.errors else 200)


@require_GET
@page_for(Capability.VIEW_AUDIT)
def entry(request: HttpRequest, entry_hash: str) -> HttpResponse:
    """One entry: everything its hash covers."""
    found = selectors.audit_entry(user=signed_in(request), oversees=True, entry_hash=entry_hash)
    content = json.dumps(found.content, indent=2, ensure_ascii=False)
    return render(request, "accounts/audit_entry.html", {"entry": found, "content": content})


@require_GET
@login_required
def proof(request: HttpRequest, entry_hash: str) -> HttpResponse:
    """The inclusion proof of an entry, as a file."""
    person = signed_in(request)
    found = selectors.audit_entry(user=person, oversees=can(person, Capability.VIEW_AUDIT), entry_hash=entry_hash)
    name = f"proof-{found.seq}-{found.hash[:8]}.json"
    attached = {"Content-Disposition": f'attachment; filename="{name}"'}
    proved = canonical_json(selectors.inclusion_proof(found))
    return HttpResponse(proved, content_type="application/json", headers=attached)


@require_GET
@login_required
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that checks a proof or a trail, as a file."""
    attached = {"Content-Disposition": 'attachment; filename="verify_audit.py"'}
    return HttpResponse(services.verifier(), content_type="text/x-python; charset=utf-8", headers=attached)


@require_POST
@page_for(Capability.VIEW_AUDIT)
def pack(request: HttpRequest) -> HttpResponse:
    """An evidence pack of what the filters show, as a zip."""
    form = PackForm(request.POST)
    if not form.is_valid():
        return render(request, "components/refusal.html", {"status": 422, "message": first_error(form)}, status=422)
    require_step_up(request, now())
    filters = TrailForm(TRAIL.kept(request.GET))
    wanted = selectors.TrailFilter(**filters.cleaned_data) if filters.is_valid() else EVERYTHING
    try:
        made = services.export_pack(wanted=wanted, reason=form.cleaned_data["reason"], by=signed_in(request), at=now())
    except ApplicationError as error:
        messages.error(request, error.message, extra_tags="bad")
        return redirect(f"{reverse('accounts:audit')}?{request.GET.urlencode()}")
    attached = {"Content-Disposition": 'attachment; filename="evidence-pack.zip"'}
    return HttpResponse(made, content_type="application/zip", headers=attached)


@require_GET
@login_required
def own_trail(request: HttpRequest) -> HttpResponse:
    """What is on record about oneself and one's business, each with a proof to keep."""
    rows = selectors.trail(user=signed_in(request), oversees=False, wanted=EVERYTHING)
    page = Paginator(rows, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/own_trail.html", {"rows": page})
