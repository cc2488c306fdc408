"""Recompute a published on-chain score from its evidence file, without a database."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from wallets.engine import evidence_json
from wallets.engine.likely_range import likely_range
from wallets.engine.onchain_model import serving
from wallets.engine.onchain_score import evaluate


class Command(BaseCommand):
    help = (
        "Recompute a 0-900 score from an evidence file. The last line is JSON: score, low, high, coverage, status, "
        "evidence_root, components[] and reason, likely (90 % band), model_version, model_hash, flags[]."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("evidence", type=Path, help="The evidence file (JSON).")

    def handle(self, *, evidence: Path, **_: object) -> None:
        try:
            rows = evidence_json.read(evidence.read_bytes())
        except (OSError, evidence_json.UnreadableEvidence) as error:
            raise CommandError(str(error)) from error
        model = serving()
        answer = asdict(evaluate(rows, model))
        band = likely_range(rows, model) if answer["score"] is not None else None
        self.stdout.write(json.dumps({**answer, "likely": band}, sort_keys=True))
