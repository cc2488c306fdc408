"""`manage.py seed_demo`: banks, people, a simulated economy, a trained model, everybody screened and scored."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from creditiq.management.demo.seeding import seed
from creditiq.management.progress import Progress


class Command(BaseCommand):
    help = "Create the demo, or go on with one that was broken off. Refused where DEMO is off, as in production."

    def handle(self, **_: object) -> None:
        """Every step with its seconds."""
        if not settings.DEMO:
            raise CommandError("DEMO is off here: demo accounts have a known password.")
        seed(Progress(self.stdout))
