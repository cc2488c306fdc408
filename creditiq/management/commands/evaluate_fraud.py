"""manage.py evaluate_fraud: the screening against a world whose truth is known (fraud.md §3)."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from creditiq.management.accusations import judge
from creditiq.management.worlds import KnownWorld, moments, read_world
from fraud.engine.evaluation import Evaluation, calibration_error, precision_of, rates_of, reliability, ring_auc
from fraud.engine.policy import DAY, FraudPolicy
from fraud.engine.population import flagged_members, screen_population


class Command(BaseCommand):
    """Screen the world as of its end and of every so many days before, and compare with the truth."""

    help = (
        "DIR holds a world that `simulate` wrote, or the source system's parquet files. An account is one business at "
        "one moment; it is guilty while its ring sent money through it in the ring window. The last line is JSON: "
        "businesses, truth, flagged, precision, recall, by_typology{precision, recall}, by_camouflage, "
        "alerts{accounts, precision} of every typology and shipped rule that raised one, hard_negative_flags, "
        "ring_auc, seconds; and moments, hard_negatives, reliability[{from, to, accounts, confidence, guilty}] of the "
        "members of rings, calibration_error."
    )
    requires_system_checks = ()  # reads files only

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--world", type=Path, required=True, metavar="DIR")
        parser.add_argument("--every-days", type=int, default=90, help="between one moment and the next")
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, *, world: Path, every_days: int, **options: object) -> None:
        """Read, screen, compare, print."""
        started = time.perf_counter()
        try:
            known = read_world(world)
        except (FileNotFoundError, ValueError) as problem:
            raise CommandError(str(problem)) from problem
        policy, found = FraudPolicy(), Evaluation()
        looks = moments(known, every_days, policy.ring_days)
        for at in looks:
            _look(known, at, policy, found)
        report = _report(known, found) | {"moments": len(looks), "seconds": round(time.perf_counter() - started, 2)}
        if not options["json"]:
            self.stdout.write(f"precision {report['precision']}, recall {report['recall']} on {len(looks)} moments")
        self.stdout.write(json.dumps(report))


def _look(world: KnownWorld, at: int, policy: FraudPolicy, found: Evaluation) -> None:
    """Screen at one moment and count."""
    scan = screen_population(world.frames, at, policy)
    flagged = flagged_members(scan.rings, policy)
    since = at - policy.ring_days * DAY
    truth = {
        ring: (typology, level, world.guilty(ring, members, since, at))
        for ring, typology, level, members in world.rings.select(
            "ring", "typology", "camouflage", "members"
        ).iter_rows()
    }
    guilty = {member for _, _, members in truth.values() for member in members}
    found.rings.add(flagged, guilty)
    found.judged += [(values[1] or 0.0, business in guilty) for business, values in scan.network.items()]
    honest = world.hard_negatives - guilty
    found.hard_negative_flags += len(flagged & honest)
    found.hard_negatives += len(honest)
    for level in {level for _, level, _ in truth.values()}:
        mine = {member for _, its, members in truth.values() if its == level for member in members}
        found.camouflage(level, flagged, mine, guilty - mine)
    for name in {name for name, _, _ in truth.values()}:
        mine = {member for its, _, members in truth.values() if its == name for member in members}
        found.typology(name, flagged - (guilty - mine), mine)
    judge(world, at, scan, policy, found)


def _report(world: KnownWorld, found: Evaluation) -> dict[str, object]:
    auc = ring_auc(found.judged)
    return {
        "businesses": len(world.frames["businesses"]),
        "truth": found.rings.guilty,
        "flagged": found.rings.flagged,
        **found.rings.rates(),
        "by_typology": rates_of(found.by_typology),
        "alerts": precision_of(found.alerts),
        "by_camouflage": rates_of(found.by_camouflage),
        "hard_negative_flags": found.hard_negative_flags,
        "hard_negatives": found.hard_negatives,
        "ring_auc": None if auc is None else round(auc, 4),
        "reliability": reliability(found.judged),
        "calibration_error": calibration_error(found.judged),
    }
