"""Pages of scores: the owner's report, the live panel, the analyst's explorer."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import Capability, page_for, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from scoring import charts, selectors, services
from scoring.forms import ExplorerForm, StepForm


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def report(request: HttpRequest) -> HttpResponse:
    """The owner's score report."""
    return render(request, "scoring/report.html", _report(selectors.report_page(own_business(signed_in(request)))))


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def report_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, fetched again whenever a score is issued."""
    return render(
        request, "scoring/report.html#report", _report(selectors.report_page(own_business(signed_in(request))))
    )


@require_POST
@page_for(Capability.REQUEST_SCORE)
def request_again(request: HttpRequest) -> HttpResponse:
    """Ask for a fresh score of the owner's business."""
    services.request_score(business_id=own_business(signed_in(request)).pk, by=signed_in(request), at=now())
    return redirect("scoring:report")


@require_GET
@page_for(Capability.VIEW_SCORE)
def panel(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """The score of a business as a fragment, fetched again whenever a score is issued."""
    business = selectors.visible_business(user=signed_in(request), business_id=business_id)
    return render(request, "scoring/panel.html", _report(selectors.report_page(business)))


@require_GET
@page_for(Capability.VIEW_SCORE)
def points_table(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """The points table with the bins a business falls in."""
    business = selectors.visible_business(user=signed_in(request), business_id=business_id)
    run = selectors.latest_run(business.pk)
    paper = selectors.paper_of(run) if run else None
    return render(request, "scoring/points_table.html", {"business": business, "run": run, "paper": paper})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def models(request: HttpRequest) -> HttpResponse:
    """Every model version with its headline figures."""
    return render(request, "scoring/models.html", {"versions": selectors.versions()})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def model(request: HttpRequest, version: str) -> HttpResponse:
    """One version: its card as a page, with charts and tables, its life and the acts that may follow."""
    return render(request, "scoring/model.html", _model(request, version, StepForm()))


@require_POST
@page_for(Capability.EXPLORE_SCORES)
def model_step(request: HttpRequest, version: str) -> HttpResponse:
    """One step in the life of a version."""
    form = StepForm(request.POST)
    if form.is_valid():
        try:
            services.step_version(version=version, by=signed_in(request), at=now(), **form.cleaned_data)
        except NotVisible:
            raise
        except ApplicationError as refusal:
            form.add_error(None, refusal.message)
            return render(request, "scoring/model.html", _model(request, version, form), status=refusal.status)
        return redirect("scoring:model", version=version)
    return render(request, "scoring/model.html", _model(request, version, form), status=422)


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def signals(request: HttpRequest) -> HttpResponse:
    """Every signal against its training."""
    page = selectors.signal_page(family=request.GET.get("family", ""))
    return render(request, "scoring/signals.html", {"page": page, "trend": charts.trend(page.history, "the score")})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def signal(request: HttpRequest, feature: str) -> HttpResponse:
    """One signal: its distribution now and at training, over time, and the firms behind it."""
    detail = selectors.signal_detail(user=signed_in(request), feature=feature)
    drawn = {"bins": charts.distribution(detail), "trend": charts.trend(detail.history, detail.entry.label)}
    return render(request, "scoring/signal.html", {"detail": detail, **drawn})


@require_GET
@page_for(Capability.EXPLORE_SCORES)
def explorer(request: HttpRequest) -> HttpResponse:
    """One firm's parts, the cohort's strongest features, and how one feature acts."""
    form = ExplorerForm(request.GET)
    asked = form.asked()
    page = selectors.explorer_page(
        user=signed_in(request), business_id=asked.business_id, band=asked.band, text=asked.text
    )
    drawn = charts.explorer(page, asked.feature)
    shown = form.showing(request.GET, drawn.get("feature"))
    return render(request, "scoring/explorer.html", {"page": page, "form": shown, **drawn})


@require_GET
@login_required
def glossary(request: HttpRequest) -> HttpResponse:
    """What every figure behind a score means, for everyone signed in."""
    return render(request, "scoring/glossary.html", {"glossary": selectors.glossary(request.GET.get("family", ""))})


def _model(request: HttpRequest, version: str, form: StepForm) -> dict[str, object]:
    report = selectors.version_report(version)
    life = selectors.life_of(version=version, user=signed_in(request))
    return {"report": report, "drawn": charts.of_version(report), "life": life, "form": form}


def _report(page: selectors.ReportPage) -> dict[str, object]:
    if page.run is None or page.run.score is None:
        return {"page": page}
    return {"page": page, "rows": charts.waterfall_rows(page.run), "sum": charts.waterfall_sum(page.run)}
