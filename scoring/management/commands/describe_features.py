"""manage.py describe_features: the glossary of features."""

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from scoring.engine.features import glossary


class Command(BaseCommand):
    """Print every feature with its definition, unit, window, range and direction of risk."""

    help = "Prints the glossary of features as Markdown, or as JSON with --json."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option."""
        parser.add_argument("--json", action="store_true", help="a JSON list in column order")

    def handle(self, **options: object) -> None:
        """Print."""
        told = json.dumps(glossary.rows(), ensure_ascii=False, indent=1) if options["json"] else glossary.markdown()
        self.stdout.write(told)
