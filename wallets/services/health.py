"""What the health page and the metrics say of the streams, and of the list that HSN codes are held against."""

from collections.abc import Mapping

from wallets.engine.importers.tariff import master_name
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


def hsn_master(*, unusable: str) -> Mapping[str, object]:
    """The list that this process holds codes against; `unusable`: why it is not the house's own, if that broke."""
    return {"ok": not unusable, "name": master_name(), **({"error": unusable} if unusable else {})}
