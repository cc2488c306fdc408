"""Plotly figures and cytoscape networks of fraud. Colours are token names; the browser knows the theme."""

from dataclasses import dataclass

import numpy as np
from django.urls import reverse

from creditiq.kernel.clock import IST
from creditiq.kernel.money import LAKH, Rupees, short_inr
from fraud.engine.layout import force_layout
from fraud.selectors.patterns import EwbDistribution, ReceivablesGap
from fraud.selectors.rings import Payment, RingView
from fraud.selectors.topology import Node, Topology

Figure = dict[str, object]
RANKED = 15
SMALLEST, LARGEST = 4, 9
WIDTH = 230
DOTS = {"no ring": ("circle", "good"), "suspected ring": ("diamond", "bad"), "outside party": ("square", "ink-3")}


def topology_figure(picture: Topology) -> Figure:
    """The network in three dimensions: payments as lines, businesses as dots, suspects as red diamonds."""
    place = {node.party.business_id: number for number, node in enumerate(picture.nodes)}
    ends = [(place[link.payer.business_id], place[link.payee.business_id]) for link in picture.links]
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    points = _spread(force_layout(tail, head, len(picture.nodes))).round(3)
    suspects = {number for number, node in enumerate(picture.nodes) if node.flagged}
    round_trips = [end for end in ends if suspects.issuperset(end)]
    trade = [end for end in ends if not suspects.issuperset(end)]
    when = {end: link.steps for end, link in zip(ends, picture.links, strict=True)}
    lines = [
        _lines(trade, points, name="payments", line={"color": "line-strong", "width": 1}),
        _lines(round_trips, points, name="payments between suspects", line={"color": "bad", "width": 4}),
    ]
    steps = [[when[end] for end in some] for some in (trade, round_trips) if some]
    clean = [node for node in picture.nodes if not node.flagged and not node.outside]
    flagged = [node for node in picture.nodes if node.flagged]
    outside = [node for node in picture.nodes if node.outside]
    dots = [_dots(clean, place, points, "no ring"), _dots(flagged, place, points, "suspected ring")]
    dots.append(_dots(outside, place, points, "outside party"))
    return _space([*lines, *dots], _replay(picture, steps))


def _space(traces: list[Figure], replay: Figure) -> Figure:
    """Traces in three dimensions without axes, and what the replay of the time needs."""
    hidden = {"visible": False}
    return {
        "data": [trace for trace in traces if trace["x"]],
        "layout": {
            "showlegend": True,
            "scene": {"xaxis": hidden, "yaxis": hidden, "zaxis": hidden, "aspectmode": "cube"},
        },
        "replay": replay,
    }


def _replay(picture: Topology, lines: list[list[tuple[int, ...]]]) -> Figure:
    """The days of the steps in words, and of each of the first traces the steps of every line in it."""
    return {"steps": [f"{day:%d %b %Y}" for day in picture.steps], "lines": lines}


def _spread(points: np.ndarray) -> np.ndarray:
    """The same directions with the crowded middle drawn wider: the distance from it to the power of 0.6."""
    distance = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), 1e-6)
    return points * distance**-0.4


def community_figure(picture: Topology, address: str) -> Figure:
    """The network by community: a dot each, larger for more businesses, red diamonds where some are held.

    Picking one opens it: `address` is the page with the filter, ready for the number of a community.
    """
    place = {one.number: at for at, one in enumerate(picture.communities)}
    ends = [(place[flow.payer], place[flow.payee]) for flow in picture.flows]
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    points = _spread(force_layout(tail, head, len(picture.communities))).round(3)
    lines = _lines(ends, points, name="payments between communities", line={"color": "line-strong", "width": 1})
    groups = (("no ring", False), ("with a suspected ring", True))
    dots = [_communities(picture, place, points, name, address, held=held) for name, held in groups]
    steps = [[flow.steps for flow in picture.flows]] if ends else []
    return _space([lines, *dots], _replay(picture, steps))


def flat_network(picture: Topology, address: str) -> Figure:
    """The same pictures in two dimensions, for components/network.html: communities or businesses at their places."""
    return _flat_communities(picture, address) if picture.overview else _flat_businesses(picture)


def _flat_businesses(picture: Topology) -> Figure:
    place = {node.party.business_id: number for number, node in enumerate(picture.nodes)}
    ends = [(place[link.payer.business_id], place[link.payee.business_id]) for link in picture.links]
    nodes = [
        {
            "label": node.party.name,
            "confidence": round(node.confidence, 3),
            "flagged": node.flagged,
            "hub": node.outside,
            "text": _told(node).replace("<br>", ": "),
            "url": reverse("fraud:ring", args=[node.ring]) if node.ring else "",
        }
        for node in picture.nodes
    ]
    texts = [
        f"{link.payer.name} → {link.payee.name}: {short_inr(link.amount)} in {link.payments}" for link in picture.links
    ]
    amounts = [link.amount for link in picture.links]
    steps = [link.steps for link in picture.links]
    return _flat(picture, nodes, ends, [_pair(*one) for one in zip(amounts, texts, steps, strict=True)])


def _flat_communities(picture: Topology, address: str) -> Figure:
    place = {one.number: at for at, one in enumerate(picture.communities)}
    ends = [(place[flow.payer], place[flow.payee]) for flow in picture.flows]
    nodes = [
        {
            "label": f"Community {one.number}",
            "confidence": round(one.confidence, 3),
            "flagged": bool(one.flagged),
            "text": f"Community {one.number}: {one.businesses} businesses, {one.flagged} held",
            "url": f"{address}{one.number}",
        }
        for one in picture.communities
    ]
    texts = [f"Community {flow.payer} → {flow.payee}: {short_inr(flow.amount)}" for flow in picture.flows]
    amounts = [flow.amount for flow in picture.flows]
    steps = [flow.steps for flow in picture.flows]
    return _flat(picture, nodes, ends, [_pair(*one) for one in zip(amounts, texts, steps, strict=True)])


def _pair(amount: Rupees, text: str, steps: tuple[int, ...]) -> Figure:
    return {"amount": float(amount), "amount_text": short_inr(amount), "text": text, "steps": steps}


def _flat(picture: Topology, nodes: list[Figure], ends: list[tuple[int, int]], pairs: list[Figure]) -> Figure:
    tail, head = np.array(ends, dtype=np.int64).reshape(-1, 2).T
    points = _spread(force_layout(tail, head, len(nodes)))
    points = (points * WIDTH / np.abs(points[:, :2]).max(initial=1e-6)).round(1)
    placed = [
        {**node, "id": str(at), "x": float(points[at, 0]), "y": float(points[at, 1])} for at, node in enumerate(nodes)
    ]
    edges = [{**pair, "source": str(one), "target": str(two)} for pair, (one, two) in zip(pairs, ends, strict=True)]
    return {"nodes": placed, "edges": edges, "steps": [f"{day:%d %b %Y}" for day in picture.steps]}


def _communities(
    picture: Topology, place: dict[int, int], points: np.ndarray, name: str, address: str, *, held: bool
) -> Figure:
    rows = [one for one in picture.communities if bool(one.flagged) == held]
    at = points[[place[one.number] for one in rows]] if rows else np.zeros((0, 3))
    return {
        "type": "scatter3d", "mode": "markers", "name": name,
        "x": at[:, 0].tolist(), "y": at[:, 1].tolist(), "z": at[:, 2].tolist(),
        "text": [f"Community {one.number}<br>{one.businesses} businesses, {one.flagged} held" for one in rows],
        "customdata": [f"{address}{one.number}" for one in rows],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": "diamond" if held else "circle",
            "color": "bad" if held else "good",
            "size": [round(SMALLEST + 3 * np.log10(one.businesses), 1) for one in rows],
        },
    }  # fmt: skip


def _lines(ends: list[tuple[int, int]], points: np.ndarray, *, name: str, line: dict[str, object]) -> Figure:
    x, y, z = (
        [value for one, other in ends for value in (float(points[one, axis]), float(points[other, axis]), None)]
        for axis in range(3)
    )
    return {
        "type": "scatter3d", "mode": "lines", "x": x, "y": y, "z": z, "name": name, "line": line, "hoverinfo": "skip",
    }  # fmt: skip


def _dots(nodes: list[Node], place: dict[int, int], points: np.ndarray, name: str) -> Figure:
    symbol, colour = DOTS[name]
    at = points[[place[node.party.business_id] for node in nodes]] if nodes else np.zeros((0, 3))
    return {
        "type": "scatter3d", "mode": "markers", "name": name,
        "x": at[:, 0].tolist(), "y": at[:, 1].tolist(), "z": at[:, 2].tolist(),
        "text": [_told(node) for node in nodes],
        "customdata": [reverse("fraud:ring", args=[node.ring]) if node.ring else "" for node in nodes],
        "hovertemplate": "%{text}<extra></extra>",
        "marker": {
            "symbol": symbol,
            "color": colour,
            "size": [round(SMALLEST + (LARGEST - SMALLEST) * node.confidence, 1) for node in nodes],
        },
    }  # fmt: skip


def _told(node: Node) -> str:
    if node.outside:
        return f"{node.party.name}<br>an address nobody verified, in a suspected ring"
    return f"{node.party.name}<br>confidence {node.confidence:.2f}, weight {node.pagerank:.1f}"


def rank_figure(picture: Topology) -> Figure:
    """PageRank bars: the heaviest businesses of the picture, suspects in red; 1 is an average business."""
    ranked = sorted(picture.known, key=lambda node: (-node.pagerank, node.party.business_id))[:RANKED][::-1]
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
    ranked = sorted(picture.known, key=lambda node: (-node.pagerank, node.party.business_id))[:RANKED]
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
    nodes += [
        {
            "id": str(party.business_id),
            "label": party.name,
            "confidence": 0.0,
            "flagged": False,
            "hub": True,
            "text": f"{party.name}: an address nobody verified",
        }
        for party in view.outsiders
    ]
    known = {*drawn, *(party.business_id for party in view.outsiders)}
    inside = [p for p in payments if p.payer.business_id in known and p.payee.business_id in known]
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


@dataclass(frozen=True)
class Chart:
    """What components/figure.html takes."""

    title: str
    caption: str
    figure: Figure
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def bills_chart(found: EwbDistribution) -> Chart:
    """Bills per ₹2,500 with the band just under ₹50,000 hatched, and the curve expected without structuring."""
    names = [f"₹ {one.low_rupees / 1000:g}k" for one in found.bins]
    bars = {
        "type": "bar", "name": "bills", "x": names, "y": [one.bills for one in found.bins],
        "marker": {
            "color": ["bad" if one.just_under else "accent" for one in found.bins],
            "pattern": {"shape": ["/" if one.just_under else "" for one in found.bins]},
        },
        "hovertemplate": "from %{x}: %{y} bills<extra></extra>",
    }  # fmt: skip
    curve = {
        "type": "scatter", "mode": "lines", "name": "expected", "x": names,
        "y": [None if one.expected is None else round(one.expected, 2) for one in found.bins],
        "line": {"color": "ink-2", "width": 2, "dash": "dot"}, "hovertemplate": "expected %{y:.1f}<extra></extra>",
    }  # fmt: skip
    under = found.found.under
    told = "no bill is near the line" if found.found.index is None else f"z = {found.found.index:.1f}"
    return Chart(
        title=f"Just under ₹50,000: {under or 'none'} of {found.found.bills} e-way bills ({told})",
        caption="Outward bills of the last 180 days by value. Hatched: ₹45,000 to ₹50,000. Dotted: what bills of "
        "neighbouring values let one expect.",
        figure={
            "data": [bars, curve],
            "layout": {
                "xaxis": {"title": "value from", "type": "category"},
                "yaxis": {"title": "bills", "rangemode": "tozero"}, "height": 320,
            },
        },
        columns=("Value from", "Bills", "Expected"),
        rows=tuple(
            (name, str(one.bills), "–" if one.expected is None else f"{one.expected:.1f}")
            for name, one in zip(names, found.bins, strict=True)
        ),
    )  # fmt: skip


def gap_chart(found: ReceivablesGap) -> Chart:
    """Invoiced and received by month as bars, what is missing as a line."""
    months = [f"{month.start:%b %Y}" for month in found.months]
    invoiced = [float(month.invoiced / LAKH) for month in found.months]
    received = [float(month.received / LAKH) for month in found.months]
    missing = [round(bill - paid, 3) for bill, paid in zip(invoiced, received, strict=True)]
    return Chart(
        title=f"Invoices against receipts: {_gap_told(found.gap)}",
        caption="Invoices with tax less credit notes, and receipts on all rails, by month in lakh rupees. Solid: "
        "invoiced; hatched: received; line: the gap.",
        figure={
            "data": [
                _bars("invoiced", months, invoiced, "accent", ""),
                _bars("received", months, received, "good", "/"),
                {
                    "type": "scatter", "mode": "lines+markers", "name": "gap", "x": months, "y": missing,
                    "line": {"color": "bad", "width": 2}, "hovertemplate": "gap ₹ %{y:.2f} lakh<extra></extra>",
                },
            ],
            "layout": {
                "barmode": "group", "showlegend": True, "height": 320, "legend": {"orientation": "h", "x": 0, "y": 1.2},
                "xaxis": {"type": "category"}, "yaxis": {"title": "₹ lakh"},
            },
        },
        columns=("Month", "Invoiced", "Received", "Gap"),
        rows=tuple(
            (name, short_inr(month.invoiced), short_inr(month.received), _share(month.gap))
            for name, month in zip(months, found.months, strict=True)
        ),
    )  # fmt: skip


def _gap_told(gap: float | None) -> str:
    if gap is None:
        return "nothing was invoiced"
    short = f"{gap:.0%} of what was invoiced did not come in"
    return short if gap >= 0 else f"{-gap:.0%} more came in than was invoiced"


def _share(gap: float | None) -> str:
    return "–" if gap is None else f"{gap:.0%}"


def _bars(name: str, x: list[str], y: list[float], tone: str, hatch: str) -> Figure:
    return {
        "type": "bar", "name": name, "x": x, "y": y, "marker": {"color": tone, "pattern": {"shape": hatch}},
        "hovertemplate": f"{name} ₹ %{{y:.2f}} lakh<extra></extra>",
    }  # fmt: skip
