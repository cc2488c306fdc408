from fraud.selectors.network import Standing, held_businesses, network_block, network_frame, standing
from fraud.selectors.queue import FraudQueue, RingRow, fraud_queue, rows_of
from fraud.selectors.rings import RingView, ring_view, visible_ring
from fraud.selectors.screenings import latest_screening
from fraud.selectors.topology import Shown, Topology, featured_ring, suspected_rings, topology

__all__ = [
    "FraudQueue",
    "RingRow",
    "RingView",
    "Shown",
    "Standing",
    "Topology",
    "featured_ring",
    "fraud_queue",
    "held_businesses",
    "latest_screening",
    "network_block",
    "network_frame",
    "ring_view",
    "rows_of",
    "standing",
    "suspected_rings",
    "topology",
    "visible_ring",
]
