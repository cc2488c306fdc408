"""manage.py dead_letters: what came over the streams and could not be stored, and trying it again."""

import json
from argparse import ArgumentParser
from dataclasses import asdict

from django.core.management.base import BaseCommand

from creditiq.kernel.clock import now
from wallets import services


class Command(BaseCommand):
    """List the dead letters, or replay them after a repair."""

    help = (
        "List entries of the streams that could not be stored, oldest first, with the rule and the reason. --replay "
        "puts them back onto their streams, all or those named. With --json the last line has dead (how many there "
        "are), replayed, and letters[{id, stream, entry, gstin, rule, reason, deliveries, at}]."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--replay", nargs="*", metavar="ID", help="all of them, or these")
        parser.add_argument("--most", type=int, default=100, help="letters to list")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, replay: list[str] | None, most: int, as_json: bool, **_: object) -> None:
        """Replay if asked, then list what is there."""
        replayed = 0 if replay is None else services.replay_dead_letters(at=now(), only=replay)
        letters = services.dead_letters(most=most)
        if as_json:
            shown = [{**asdict(letter), "at": letter.at.isoformat()} for letter in letters]
            self.stdout.write(json.dumps({"dead": services.dead_count(), "replayed": replayed, "letters": shown}))
            return
        for letter in letters:
            self.stdout.write(f"{letter.id}  {letter.stream}  {letter.gstin}  {letter.rule}  {letter.reason}")
        self.stdout.write(f"{replayed:,} replayed, {services.dead_count():,} dead letters")
