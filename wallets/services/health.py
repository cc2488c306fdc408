"""What the health page and the metrics say of the streams."""

from collections.abc import Mapping

from wallets.services.streams import dead_count, standing


def streams() -> Mapping[str, object]:
    """Lag (never handed out), pending (handed out, not settled) and dead letters; the lag also by stream."""
    found = standing()
    return {
        "lag": sum(it.lag for it in found.values()),
        "pending": sum(it.pending for it in found.values()),
        "dead": dead_count(),
        **{f"lag_{stream.partition(':')[2]}": it.lag for stream, it in found.items()},
    }
