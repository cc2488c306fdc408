"""Work of fraud that an administrator can start and watch as a job."""

from accounts.services import Run, runnable
from fraud.services.population import screen_population


@runnable("fraud.screen", title="Screen everybody for rings")
def screen_population_as_job(run: Run) -> str:
    """The full scan of everybody who shares evidence with the platform."""
    run.step("Reading transfers and searching for rings")
    screen_population(as_of=run.at)
    return "Everybody is screened; the fraud queue shows what was found."
