"""Pages of scores: the owner's report, the live panel, the analyst's explorer."""

from datetime import datetime
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import Flag, FlagName
from accounts.permissions import Capability, page_for, require_step_up, signed_in
from accounts.selectors import own_business
from creditiq.kernel.clock import now
from creditiq.kernel.errors import ApplicationError, NotVisible
from scoring import charts, selectors, services
from scoring.forms import ChangesForm, ExplorerForm, StepForm
from scoring.models import ShareLink
from wallets.selectors import latest_number


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def report(request: HttpRequest) -> HttpResponse:
    """The owner's score report, its reasons in the language chosen."""
    return render(request, "scoring/report.html", _own_report(request))


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def report_pdf(request: HttpRequest) -> HttpResponse:
    """The same to keep, as tagged PDF in the language chosen. 409 while there is no number."""
    run = selectors.latest_run(own_business(signed_in(request)).pk)
    if run is None:
        raise services.NoNumber("There is no score to print yet.")
    language = selectors.spoken(request.GET.get("language") or get_language())
    document = services.print_report(run=run, language=language, by=signed_in(request), at=now())
    headers = {"Content-Disposition": f'attachment; filename="score-report-{language}.pdf"'}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def report_panel(request: HttpRequest) -> HttpResponse:
    """The same without the shell, fetched again whenever a score is issued."""
    return render(request, "scoring/report.html#report", _own_report(request))


@require_GET
@page_for(Capability.VIEW_OWN_SCORE)
def assistant(request: HttpRequest) -> HttpResponse:
    """Questions about the owner's own score, answered from the stored run with its sources; none is stored."""
    by = signed_in(request)
    run = selectors.latest_run(own_business(by).pk)
    language = selectors.spoken(request.GET.get("language") or get_language())
    question = request.GET.get("q", "").strip()[: services.LONGEST_QUESTION]
    answer = None
    if run is not None and run.score and question:
        answer = services.ask_assistant(run=run, question=question, language=language, by=by, at=now())
    context = {"run": run, "question": question, "answer": answer, "language": language}
    return render(request, "scoring/assistant.html", context | {"languages": selectors.languages()})


@require_POST
@page_for(Capability.REQUEST_SCORE)
def request_again(request: HttpRequest) -> HttpResponse:
    """Ask for a fresh score of the owner's business."""
    services.request_score(business_id=own_business(signed_in(request)).pk, by=signed_in(request), at=now())
    return redirect("scoring:report")


@require_http_methods(["GET", "POST"])
@page_for(Capability.VIEW_OWN_SCORE)
def shares(request: HttpRequest) -> HttpResponse:
    """The links by which the owner shows a score; a new one."""
    business, by, at = own_business(signed_in(request)), signed_in(request), now()
    run = selectors.latest_run(business.pk)
    if request.method == "POST":
        if run is None:
            raise services.NoNumber("There is no score to share yet.")
        days = request.POST.get("days", "")
        services.share_score(run=run, days=int(days) if days.isdecimal() else 0, by=by, at=at)
        return redirect("scoring:shares")
    rows = [_link_row(request, link, at) for link in selectors.share_links(business.pk)]
    return render(request, "scoring/shares.html", {"run": run, "links": rows})


def _link_row(request: HttpRequest, link: ShareLink, at: datetime) -> dict[str, object]:
    url = reverse("scoring:shared", args=[services.token_of(link)])
    live = link.revoked_at is None and link.expires_at > at
    return {"link": link, "live": live, "url": url, "address": request.build_absolute_uri(url)}


@require_POST
@page_for(Capability.VIEW_OWN_SCORE)
def revoke(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """End a link at once."""
    by = signed_in(request)
    services.revoke_share(link_id=link_id, business_id=own_business(by).pk, by=by, at=now())
    return redirect("scoring:shares")


@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """A score somebody was shown, without signing in: number, range and reasons, none of the evidence."""
    link = services.open_share(token=token, at=now())
    language = selectors.spoken(request.GET.get("language") or get_language())
    told = [reason for reason in selectors.told_reasons(link.run, language) if reason.top]
    context = {"link": link, "run": link.run, "told": told, "language": language}
    answer = render(request, "scoring/shared.html", context | {"languages": selectors.languages()})
    answer["Cache-Control"], answer["Referrer-Policy"] = "no-store", "no-referrer"
    return answer


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
    paper = selectors.paper_of(run, selectors.spoken(get_language())) if run else None
    return render(request, "scoring/points_table.html", {"business": business, "run": run, "paper": paper})


@require_GET
@page_for(Capability.VIEW_SCORE)
def changes(request: HttpRequest, business_id: UUID) -> HttpResponse:
    """Why a score changed between two answers, by default the last two numbers."""
    business = selectors.visible_business(user=signed_in(request), business_id=business_id)
    form = ChangesForm(request.GET, past=selectors.history(business.pk))
    context: dict[str, object] = {"business": business, "form": form, "pair": form.pair()}
    if form.pair() is not None:
        context |= _changed(request, form)
    return render(request, "scoring/changes.html", context)


def _changed(request: HttpRequest, form: ChangesForm) -> dict[str, object]:
    """The moves, or why the two cannot be compared."""
    first, second = (selectors.visible_run(user=signed_in(request), run_id=run_id) for run_id in form.pair() or ())
    try:
        found = services.compare_runs(first, second, at=now())
    except ApplicationError as refused:
        return {"refused": refused.message}
    moves = selectors.told_difference(found, selectors.spoken(get_language()))
    return {"found": found, "moves": moves, "first": first, "second": second}


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
@page_for(Capability.EXPLORE_SCORES, selectors.EXPLORER)
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
@page_for(Capability.EXPLORE_SCORES)
def cohort_csv(request: HttpRequest) -> HttpResponse:
    """The cohort's exact parts, a row per firm; under 1,000 firms."""
    require_step_up(request, now())
    form = ExplorerForm(request.GET)
    cohort = selectors.cohort(user=signed_in(request), band=form.asked().band)
    headers = {"Content-Disposition": 'attachment; filename="cohort.csv"'}
    return HttpResponse(selectors.cohort_csv(cohort), content_type="text/csv; charset=utf-8", headers=headers)


@require_GET
@login_required
def glossary(request: HttpRequest) -> HttpResponse:
    """What every figure behind a score means, for everyone signed in."""
    return render(request, "scoring/glossary.html", {"glossary": selectors.glossary(request.GET.get("family", ""))})


def _own_report(request: HttpRequest) -> dict[str, object]:
    """The report of the owner's business with reasons in the language of the address, else of the person."""
    page = selectors.report_page(own_business(signed_in(request)))
    language = selectors.spoken(request.GET.get("language") or get_language())
    on_chain = Flag.objects.is_on(FlagName.BLOCKCHAIN)
    chosen = {
        "language": language,
        "languages": selectors.languages(),
        "past": selectors.history(page.business.pk),
        "story": charts.story(_chronicle(request, page)),
        "wallet_score": latest_number(user=signed_in(request)) if on_chain else None,
    }
    if page.run is None or page.run.score is None:
        return _report(page) | chosen
    told = [reason for reason in selectors.told_reasons(page.run, language) if reason.top]
    return _report(page) | chosen | {"told": told, "percentile": selectors.score_percentile(page.run)}


def _chronicle(request: HttpRequest, page: selectors.ReportPage) -> selectors.Chronicle:
    return selectors.chronicle(user=signed_in(request), business_id=page.business.uuid, at=now())


def _model(request: HttpRequest, version: str, form: StepForm) -> dict[str, object]:
    report = selectors.version_report(version)
    life = selectors.life_of(version=version, user=signed_in(request))
    return {"report": report, "drawn": charts.of_version(report), "life": life, "form": form}


def _report(page: selectors.ReportPage) -> dict[str, object]:
    if page.run is None or page.run.score is None:
        return {"page": page}
    return {
        "page": page,
        "rows": charts.waterfall_rows(page.run, selectors.spoken(get_language())),
        "sum": charts.waterfall_sum(page.run),
    }
