"""manage.py lock_features: features.lock and what is derived with it, from the declarations."""

from django.core.management.base import BaseCommand

from scoring.engine.features import generate


class Command(BaseCommand):
    """Write features.lock, features.sql and catalogue.json."""

    help = "Writes the order and digests of the features, their SQL and their catalogue (`make features-lock`)."
    requires_system_checks = ()

    def handle(self, **_: object) -> None:
        """Write, and name what changed."""
        changed = generate.write()
        self.stdout.write(f"written: {', '.join(changed)}" if changed else "the lock is up to date")
