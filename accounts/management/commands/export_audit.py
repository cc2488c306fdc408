"""`manage.py export_audit`: the audit chains as files that the stand-alone verifier reads."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand

from accounts import selectors, services
from accounts.audit import chain_owners
from creditiq.kernel.clock import now


class Command(BaseCommand):
    help = (
        "Write each audit chain with its checkpoints to FOLDER, one JSON object a line, and the verifier beside them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, **options: object) -> None:
        folder = Path(str(options["folder"]))
        folder.mkdir(parents=True, exist_ok=True)
        services.checkpoint_audit(at=now())
        (folder / "verify_audit.py").write_text(services.verifier(), encoding="utf-8")
        for owner in chain_owners():
            target = folder / f"{owner.uuid if owner else 'platform'}.jsonl"
            with target.open("wb") as lines:
                lines.writelines(selectors.exported_chain(owner))
            self.stdout.write(str(target))
