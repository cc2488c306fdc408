"""What would make a score better: the way to the next band, and dials to try."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from accounts.permissions import Capability, page_for, signed_in
from creditiq.kernel.clock import now
from lending import selectors
from scoring import selectors as scoring
from scoring import services as scores
from scoring.models import ScoreRun


@require_GET
@page_for(Capability.VIEW_SCORE)
def what_if(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """Scored again on the model with other figures; nothing is stored, and the address keeps what was set."""
    business = scoring.visible_business(user=signed_in(request), business_id=business_id)
    run = scoring.latest_run(business.pk)
    context: dict[str, object] = {"business": business, "run": run}
    if run is not None and run.score is not None:
        context |= _tried(run, request.GET.dict())
    asked_for = request.headers.get("HX-Request") and not request.headers.get("HX-History-Restore-Request")
    part = "#tried" if asked_for and "trial" in context else ""
    return render(request, f"lending/what_if.html{part}", context)


def _tried(run: ScoreRun, asked: dict[str, str]) -> dict[str, object]:
    language, at = scoring.spoken(get_language()), now()
    dials = scores.dials(run)
    setting = scoring.setting_of(dials, asked)
    trial, plan = scores.try_out(run, setting.values), scores.plan_of(run)
    after = trial.after
    found: dict[str, object] = {
        "dials": scoring.shown_dials(dials, asked, setting, language),
        "setting": setting,
        "trial": trial,
        "parts": scoring.told_parts_of_trial(trial.parts, language)[:6],
        "worth": selectors.worth_of(run=run, score=after.score, pd=after.pd, band=after.band, at=at),
        "plan": plan,
    }
    if plan is not None:
        found["steps"] = scoring.told_plan(plan, language)
        found["plan_worth"] = selectors.worth_of(
            run=run, score=plan.after.score, pd=plan.after.pd, band=plan.after.band, at=at
        )
    return found
