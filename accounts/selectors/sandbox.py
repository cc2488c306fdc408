"""What is in the sandbox."""

from dataclasses import dataclass

from accounts.models import Business, Job, Organisation
from creditiq.kernel.wall import named


@dataclass(frozen=True)
class SandboxShown:
    """The made-up businesses of now, and the newest reset, if there was one."""

    exists: bool
    businesses: tuple[Business, ...]
    job: Job | None


def sandbox() -> SandboxShown:
    """For everybody who is signed in: nothing in it is anybody's."""
    present = Business.register.filter(is_made_up=True, memberships__isnull=False).distinct().order_by("pk")
    job = named(Job.objects.filter(work="sandbox.reset")).order_by("-asked_at", "-pk").first()
    return SandboxShown(Organisation.objects.filter(is_sandbox=True).exists(), tuple(present), job)
