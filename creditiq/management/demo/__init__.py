"""The demo: banks and people, a simulated economy, a trained model, everybody screened and scored."""

from creditiq.management.demo.ledger import is_complete
from creditiq.management.demo.seeding import seed

__all__ = ["is_complete", "seed"]
