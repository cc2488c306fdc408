"""Ready before the first task: the compiled search is loaded once per worker."""

from fraud.engine.flow import scan_transfers
from fraud.engine.policy import FraudPolicy
from fraud.engine.transfers import no_edges


def warm() -> None:
    """Search an empty history: loads numba and the compiled kernels, or compiles them on a new machine."""
    scan_transfers(no_edges(), FraudPolicy())
