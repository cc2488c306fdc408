"""Work of accounts that can be a job."""

from accounts.services.checkpoints import verify_audit
from accounts.services.jobs import Run, runnable
from accounts.services.reminders import plan_reminders
from creditiq.kernel.errors import ApplicationError


class ChainBroken(ApplicationError):
    """An audit chain does not verify."""

    code = "chain_broken"


@runnable("reminders.plan", title="Fill the GST calendar")
def plan_reminders_as_job(run: Run) -> str:
    """Reminders of the next two months for every business that somebody speaks for."""
    run.step("Looking up what is due")
    return f"{plan_reminders(at=run.at)} new reminders."


@runnable("audit.verify", title="Verify the audit chains")
def verify_audit_as_job(run: Run) -> str:
    """Recompute every hash of every chain. Raises ChainBroken."""
    run.step("Recomputing every hash")
    verdict = verify_audit(at=run.at)
    if not verdict.ok:
        broken = ", ".join(reading.chain for reading in verdict.chains if reading.broken_at is not None)
        raise ChainBroken(f"The chain of {broken} does not verify. Call the auditor before anything else.")
    return f"{verdict.entries} entries in {len(verdict.chains)} chains verify."
