"""`manage.py check_chain_sources`: ask every configured node and indexer who it is, now."""

from django.core.management.base import BaseCommand, CommandError

from creditiq.kernel.clock import now
from wallets import services
from wallets.models import ChainEndpoint


class Command(BaseCommand):
    help = "Ask every configured node and indexer of every chain who it is; only those that pass are read from."

    def handle(self, **_: object) -> None:
        """One line for each; an error when something is configured and nothing may be used."""
        healthy = services.check_endpoints(at=now())
        rows = ChainEndpoint.objects.select_related("chain").order_by("chain__number", "kind", "number")
        for row in rows:
            state = f"block {row.checked_block}" if row.healthy else row.trouble
            self.stdout.write(f"{row.chain.key}\t{row.kind} {row.number}\t{state}")
        if rows and not healthy:
            raise CommandError("No configured source may be used.")
        self.stdout.write(f"{healthy} of {len(rows)} may be used")
