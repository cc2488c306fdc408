"""`manage.py verify_anchors`: whether every audit anchor's root on its chain is the root of our checkpoints."""

import json
import sys
from argparse import ArgumentParser

from django.core.management.base import BaseCommand

from wallets import selectors


class Command(BaseCommand):
    help = (
        "Read every audit anchor from its contract and compare its root with the one that the checkpoints in the "
        "database give. Exit status 1 when one differs or could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")

    def handle(self, **options: object) -> None:
        views = list(selectors.verify_anchors())
        lines = [
            {
                "batch": view.anchor.batch, "contract": view.anchor.contract.address, "root": view.anchor.root,
                "computed": view.computed, "on_chain": view.on_chain.root, "holds": view.holds, "reason": view.reason,
            }
            for view in views
        ]  # fmt: skip
        ok = all(view.holds for view in views)
        if options["json"]:
            self.stdout.write(json.dumps({"ok": ok, "anchors": lines}))
        else:
            for line in lines:
                self.stdout.write(f"{'holds' if line['holds'] else 'FAILS'}  batch {line['batch']}  {line['reason']}")
            self.stdout.write(f"{len(lines)} anchors")
        if not ok:
            sys.exit(1)
