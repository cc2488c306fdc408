"""Rebuild a stored decision from the records and compare it byte for byte."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.errors import NotVisible
from lending import selectors, services


class Command(BaseCommand):
    """Prints {decision, identical, differences[{path, stored, rebuilt}]}; fails when they are not identical."""

    help = (
        "Rebuild features, score, reasons and verdict of a decision as known at its moment and compare the bytes. "
        "With --json the last line is {decision, identical, differences[{path, stored, rebuilt}]}. "
        "Exit status 1 when anything differs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("decision", type=UUID, metavar="ID", help="public id of the decision")
        parser.add_argument("--json", action="store_true", help="print one line of JSON")

    def handle(self, *args: object, **options: object) -> None:
        try:
            decision = selectors.stored_decision(decision_id=UUID(str(options["decision"])))
        except NotVisible as missing:
            raise CommandError(missing.message) from missing
        replay = services.replay_decision(decision=decision)
        if options["json"]:
            found = [asdict(difference) for difference in replay.differences]
            answer = {"decision": replay.subject, "identical": replay.identical, "differences": found}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self._tell(replay)
        if not replay.identical:
            raise CommandError("The rebuilt decision differs from the stored one.", returncode=1)

    def _tell(self, replay: services.Replay) -> None:
        verdict = "identical, byte for byte" if replay.identical else "DIFFERENT"
        self.stdout.write(f"decision {replay.subject}: {verdict}")
        self.stdout.write(f"stored  {replay.stored_sha256}\nrebuilt {replay.rebuilt_sha256}")
        for difference in replay.differences:
            self.stdout.write(f"  {difference.path}: {difference.stored!r} -> {difference.rebuilt!r}")
