"""Work of scoring that the clock starts, or an administrator, and everybody can watch as a job."""

from django.db import transaction

from accounts.models import Job
from accounts.services import Run, runnable
from creditiq.kernel.events import publish
from scoring.events import ScoresRefreshed
from scoring.models import ScoreRun
from scoring.selectors.outcomes import matured_outcomes
from scoring.services.cards import NoChampion
from scoring.services.monitoring import Outcome, UnableToMonitor, monitor_model
from scoring.services.population import score_population


@runnable("scores.refresh", title="Refresh all scores and read the model")
def refresh_scores_as_job(run: Run) -> str:
    """Everybody is scored as of the moment the job was asked for, then drift, rates and known outcomes are read.

    Cut off and started again it goes on where it stopped. A house without a model, or with too few scores to read,
    says so.
    """
    as_of = Job.objects.get(pk=run.job_id).asked_at
    run.step("Measuring everybody")
    try:
        new = score_population(as_of=as_of, tell=lambda done, total: run.step("Scoring", done=done, total=total))
    except NoChampion as nothing:
        return str(nothing)
    if new:
        with transaction.atomic(durable=True):
            publish(ScoresRefreshed(run_id=ScoreRun.objects.latest("pk").pk))
    run.step("Reading the model")
    known = [Outcome(one.gstin, one.since, one.defaulted) for one in matured_outcomes(as_of)]
    try:
        report = monitor_model(as_of=as_of, outcomes=known)
    except UnableToMonitor as nothing:
        return f"{new} new scores. {nothing}"
    return f"{new} new scores, {len(report.readings)} readings of the model, {len(report.alarms)} of them to act on."
