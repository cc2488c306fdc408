"""Plotly figures and cytoscape networks of fraud. Colours are token names; the browser knows the theme."""

import numpy as np
from django.urls import reverse

from creditiq.kernel.clock import IST
from creditiq.kernel.money import short_inr
from fraud.engine.layout import force_layout
from fraud.selectors.rings import Payment, RingView
from fraud.selectors.topology import Node, Topology

Figure = dict[str, object]
RANKED = 15
SMALLEST, LARGEST = 4, 9


def topology_figure(picture: Topology) -> Figure:
    """The network in three dimensions: payments as lines, businesses as dots, suspects as red diamonds."""
    place = {node.party.business_id: number for number, node in enumerate(picture.nodes)}
    ends = [(place[link.payer.business_id], place[link.payee.business_id]) for link in picture.links]
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    points = _spread(force_layout(tail, head, len(picture.nodes))).round(3)
    suspects = {number for number, node in enumerate(picture.nodes) if node.flagged}
    round_trips = [end for end in ends if suspects.issuperset(end)]
    trade = [end for end in ends if not suspects.issuperset(end)]
    lines = [
        _lines(trade, points, name="payments", line={"color": "line-strong", "width": 1}),
        _lines(round_trips, points, name="payments between suspects", line={"color": "bad", "width": 4}),
    ]
    clean = [node for node in picture.nodes if not node.flagged]
    flagged = [node for node in picture.nodes if node.flagged]
    dots = [_dots(clean, place, points, "no ring"), _dots(flagged, place, points, "suspected ring")]
    hidden = {"visible": False}
    return {
        "data": [trace for trace in (*lines, *dots) if trace["x"]],
        "layout": {
            "showlegend": True,
            "scene": {"xaxis": hidden, "yaxis": hidden, "zaxis": hidden, "aspectmode": "cube"},
        },
    }


def _spread(points: np.ndarray) -> np.ndarray:
    """The same directions with the crowded middle drawn wider: the distance from it to the power of 0.6."""
    distance = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-6)
    return points * distance**-0.4


def _lines(ends: list[tuple[int, int]], points: np.ndarray, *, name: str, line: dict[str, object]) -> Figure:
    x, y, z = (
        [value for one, other in ends for value in (float(points[one, axis]), float(points[other, axis]), None)]
        for axis in range(3)
    )
    return {
        "type": "scatter3d", "mode": "lines", "x": x, "y": y, "z": z, "name": name, "line": line, "hoverinfo": "skip",
    }  # fmt: skip


def _dots(nodes: list[Node], place: dict[int, int], points: np.ndarray, name: str) -> Figure:
    suspected = name != "no ring"
    at = points[[place[node.party.business_id] for node in nodes]] if nodes else np.zeros((0, 3))
    return {
        "type": "scatter3d", "mode": "markers", "name": name,
        "x": at[:, 0].tolist(), "y": at[:, 1].tolist(), "z": at[:, 2].tolist(),
        "text": [_told(node) for node in nodes],
        "customdata": [reverse("fraud:ring", args=[node.ring]) if node.ring else "" for node in nodes],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "diamond" if suspected else "circle",
            "color": "bad" if suspected else "good",
            "size": [round(SMALLEST + (LARGEST - SMALLEST) * node.confidence, 1) for node in nodes],
        },
    }  # fmt: skip


def _told(node: Node) -> str:
    return f"{node.party.name}<br>confidence {node.confidence:.2f}, weight {node.pagerank:.1f}"


def rank_figure(picture: Topology) -> Figure:
    """PageRank bars: the heaviest businesses of the picture, suspects in red; 1 is an average business."""
    ranked = sorted(picture.nodes, key=lambda node: (-node.pagerank, node.party.business_id))[:RANKED][::-1]
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [round(node.pagerank, 2) for node in ranked],
                "y": [node.party.name for node in ranked],
                "marker": {"color": ["bad" if node.flagged else "good" for node in ranked]},
                "hovertemplate": "%{y}: %{x:.1f} × the average<extra></extra>",
            }
        ],
        "layout": {"xaxis": {"title": "Weight in the network, 1 is average"}, "yaxis": {"showgrid": False}},
    }


def rank_rows(picture: Topology) -> list[tuple[str, str, str]]:
    """The same as a table."""
    ranked = sorted(picture.nodes, key=lambda node: (-node.pagerank, node.party.business_id))[:RANKED]
    return [(node.party.name, f"{node.pagerank:.1f}", f"{node.confidence:.2f}") for node in ranked]


def ring_network(view: RingView) -> Figure:
    """The members and the payments of the laps on the page, for the 2-D drawing with replay."""
    drawn = {member.party.business_id: member for member in view.members}
    hub = max(view.members, key=lambda member: member.member.recurrence, default=None)
    payments = sorted((payment for lap in view.laps for payment in lap.payments), key=lambda payment: payment.at)
    nodes = [
        {
            "id": str(business),
            "label": member.party.name,
            "confidence": round(member.member.confidence, 3),
            "flagged": member.member.suspect,
            "text": f"{member.party.name}: confidence {member.member.confidence:.2f}, "
            f"{member.member.recurrence:.0f} laps{', the most of all members' if member is hub else ''}",
        }
        for business, member in drawn.items()
    ]
    inside = [p for p in payments if p.payer.business_id in drawn and p.payee.business_id in drawn]
    return {"nodes": nodes, "edges": [_edge(payment) for payment in inside]}


def _edge(payment: Payment) -> Figure:
    at = payment.at.astimezone(IST)
    told = f"{at:%d %b %Y, %H:%M}"
    return {
        "source": str(payment.payer.business_id),
        "target": str(payment.payee.business_id),
        "amount": float(payment.amount),
        "amount_text": short_inr(payment.amount),
        "at": at.isoformat(),
        "at_text": told,
        "text": f"{payment.payer.name} paid {payment.payee.name} {short_inr(payment.amount)} on {told}",
    }
