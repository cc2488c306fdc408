"""The payment network as a picture: who trades with whom, filtered, by community where it is too large to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

import polars as pl

from accounts.models import User
from creditiq.kernel.money import Rupees, from_paise, to_paise
from creditiq.kernel.wall import named
from fraud.engine.communities import communities
from fraud.models import PopulationScreening, Ring, RingMember, Screening
from fraud.selectors.layers import Sight, Span, pairs_of, sight_of, span_of, steps_of
from fraud.selectors.outside import OutsideMember, outside_lines, outside_members
from fraud.selectors.parties import Party, parties
from fraud.selectors.policy import policy_at
from fraud.selectors.queue import RingRow, rows_of
from fraud.selectors.rings import RingView, ring_view, visible_ring

NODE_BUDGET = 300
COMMUNITIES_PER_PAGE = 150
OFFERED_RINGS = 24
WITH_OUTSIDERS = ("", "upi")
"""Kinds of payments by which somebody outside is reached: by an address."""
NOTHING = Rupees(0)
LEVELS = (("", "Whatever can be drawn"), ("communities", "Communities"), ("businesses", "Businesses"))
READING = {"business": pl.Int64, "confidence": pl.Float64, "flag": pl.Float64, "pagerank": pl.Float64}


@dataclass(frozen=True)
class Shown:
    """What the person asked to see: confidence from, payments from (₹ per pair in the window), only held ones.

    `days` is the window (None: the policy's) unless `since` and `until` name its days; `kind` one of layers.KINDS;
    `level` one of LEVELS; `ring` leaves its members and whom they deal with, `community` one group by its number,
    `page` is the page of groups.
    """

    confidence: float = 0.0
    amount: Rupees = NOTHING
    flagged_only: bool = False
    days: int | None = None
    community: int | None = None
    page: int = 1
    since: date | None = None
    until: date | None = None
    kind: str = ""
    level: str = ""
    ring: UUID | None = None


class Node(NamedTuple):
    """A business in the picture, or a member of its ring outside; `ring` is that of which it is a suspected member."""

    party: Party
    confidence: float
    flagged: bool
    pagerank: float
    ring: UUID | None
    community: int
    outside: bool = False


class Link(NamedTuple):
    """Everything one business paid another in the window, and the steps of the replay in which it paid."""

    payer: Party
    payee: Party
    amount: Rupees
    payments: int
    steps: tuple[int, ...]


class Community(NamedTuple):
    """Businesses that mostly pay each other; numbers hold for one screening and window, most suspected first."""

    number: int
    businesses: int
    flagged: int
    confidence: float


class Flow(NamedTuple):
    """Everything the businesses of one community paid those of another in the window."""

    payer: int
    payee: int
    amount: Rupees
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Topology:
    """The picture: `matching` nodes passed the filter, at most NODE_BUDGET of them are shown.

    `communities` are a page of the groups of those that passed, `flows` what they paid each other; they are the
    picture (`overview`) when there are more nodes than the budget and no group was chosen. `steps` are the first days
    of the steps of the replay.
    """

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    matching: int
    total: int
    screening: PopulationScreening | None
    days: int
    shown: Shown
    communities: tuple[Community, ...] = ()
    flows: tuple[Flow, ...] = ()
    groups: int = 0
    steps: tuple[date, ...] = ()

    @property
    def known(self) -> tuple[Node, ...]:
        """The businesses, without the parties outside."""
        return tuple(node for node in self.nodes if not node.outside)

    @property
    def overview(self) -> bool:
        """Whether communities are drawn instead of businesses."""
        if self.shown.community is not None:
            return False
        return self.shown.level == "communities" or (not self.shown.level and self.matching > NODE_BUDGET)

    @property
    def pages(self) -> int:
        """Pages of communities."""
        return max(1, -(-self.groups // COMMUNITIES_PER_PAGE))


def topology(*, user: User, shown: Shown, at: datetime) -> Topology:
    """Businesses and the payments between them up to the last full scan, surest and heaviest first.

    Somebody from a bank sees a business without consent only as a pseudonym on a payment that touches one of theirs.
    """
    days = shown.days or policy_at(at).policy.trade_days
    ring = visible_ring(user=user, ring_id=shown.ring) if shown.ring else None
    screening = PopulationScreening.objects.filter(as_of__lte=at).order_by("-as_of").first()
    if screening is None:
        return Topology((), (), 0, 0, None, days, shown)
    span = span_of(screening, since=shown.since, until=shown.until, days=days)
    sight = sight_of(user, at)
    pairs = pairs_of(sight, screening, span, shown.kind)
    rings = _rings()
    readings = _numbered(_readings(sight, pairs, rings), pairs)
    passing = _passing(readings if ring is None else _around(ring, readings, pairs), shown)
    groups = _groups(passing)
    page = groups.slice((shown.page - 1) * COMMUNITIES_PER_PAGE, COMMUNITIES_PER_PAGE)
    wanted = passing if shown.community is None else passing.filter(pl.col("number") == shown.community)
    heavy = pairs.filter(pl.col("amount_paise") >= to_paise(shown.amount))
    nodes, links = _drawn(user, wanted.head(NODE_BUDGET), heavy, rings, Picked(shown, span, sight))
    return Topology(
        nodes=nodes,
        links=links,
        matching=wanted.height,
        total=readings.height,
        screening=screening,
        days=span.days,
        shown=shown,
        communities=tuple(Community(*row) for row in page.iter_rows()),
        flows=_flows(heavy, passing, page),
        groups=groups.height,
        steps=span.begins,
    )


class Picked(NamedTuple):
    """What was asked for, the days it came to, and with whose eyes."""

    shown: Shown
    span: Span
    sight: Sight


def _drawn(
    user: User, drawn: pl.DataFrame, heavy: pl.DataFrame, rings: Mapping[int, RingMember], picked: Picked
) -> tuple[tuple[Node, ...], tuple[Link, ...]]:
    """The businesses and what passed between them, with the outside members of their rings."""
    rows = list(drawn.select(*READING, "number").iter_rows())
    number_of = {row[0]: row[-1] for row in rows}
    known = parties(user, number_of)
    beyond: tuple[OutsideMember, ...] = ()
    if picked.shown.kind in WITH_OUTSIDERS:
        beyond = outside_members({key: rings[key].ring for key in number_of if key in rings})
    nodes = (
        *(
            Node(known[key], confidence, flag > 0, rank, rings[key].ring.uuid if key in rings else None, number)
            for key, confidence, flag, rank, number in rows
        ),
        *(Node(each.party, 0.0, False, 0.0, each.ring.uuid, number_of[each.beside], outside=True) for each in beyond),
    )
    beside = outside_lines(beyond, known, picked.span, picked.sight)
    kept = heavy.filter(pl.col("payer").is_in(list(number_of)), pl.col("payee").is_in(list(number_of)))
    links = (
        *(
            Link(known[one], known[two], from_paise(paise), count, steps_of(mask))
            for one, two, paise, count, mask in kept.iter_rows()
        ),
        *(Link(*line) for line in beside if line.amount >= picked.shown.amount),
    )
    return nodes, links


def _around(ring: Ring, readings: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The readings of the members of a ring and of everybody they dealt with."""
    members = list(named(ring.members.filter(current=True)).values_list("business_id", flat=True))
    touching = pairs.filter(pl.col("payer").is_in(members) | pl.col("payee").is_in(members))
    near = {*members, *touching["payer"], *touching["payee"]}
    return readings.filter(pl.col("business").is_in(near))


def _readings(sight: Sight, pairs: pl.DataFrame, rings: Mapping[int, RingMember]) -> pl.DataFrame:
    """The latest screening of everybody on the picture; what is missing reads as zero here.

    A suspected member of a ring through somebody outside is flagged though its screening knows customers alone.
    """
    latest = Screening.objects.known_at(sight.at).latest_of_each()
    if sight.mine is not None:
        latest = latest.filter(business_id__in={*sight.mine, *pairs["payer"], *pairs["payee"]})
    rows = latest.values_list("business_id", "fraud_confidence", "fraud_ring_flag", "pagerank_score")
    found = pl.DataFrame(list(rows), schema=READING, orient="row").with_columns(pl.col(pl.Float64).fill_null(0.0))
    wider = {key: member.confidence for key, member in rings.items() if member.ring.outsiders}
    surer = pl.col("business").replace_strict(wider, default=0.0, return_dtype=pl.Float64)
    return found.with_columns(
        pl.max_horizontal("confidence", surer), pl.max_horizontal("flag", (surer > 0).cast(pl.Float64))
    )


def _numbered(readings: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The readings with the number of each one's community: most suspected first, then the largest.

    Businesses without a payment in the window are one community of their own.
    """
    labelled = readings.join(communities(pairs), on="business", how="left").with_columns(pl.col("label").fill_null(-1))
    size = labelled.group_by("label").agg(
        pl.col("flag").sum(), pl.col("confidence").max().alias("surest"), pl.len().alias("size")
    )
    order = size.sort(["flag", "surest", "size", "label"], descending=[True, True, True, False])
    numbers = order.with_row_index("number", offset=1).select("label", pl.col("number").cast(pl.Int64))
    return labelled.join(numbers, on="label").drop("label")


def _passing(readings: pl.DataFrame, shown: Shown) -> pl.DataFrame:
    chosen = readings.filter(pl.col("confidence") >= shown.confidence)
    if shown.flagged_only:
        chosen = chosen.filter(pl.col("flag") > 0)
    return chosen.sort(["confidence", "pagerank", "business"], descending=[True, True, False])


def _groups(passing: pl.DataFrame) -> pl.DataFrame:
    """Columns of Community, by number, of those that passed."""
    return (
        passing.group_by("number")
        .agg(pl.len().alias("businesses"), (pl.col("flag") > 0).sum().alias("flagged"), pl.col("confidence").max())
        .sort("number")
    )


def _flows(pairs: pl.DataFrame, passing: pl.DataFrame, page: pl.DataFrame) -> tuple[Flow, ...]:
    """Payments between the communities of the page, summed."""
    listed = passing.join(page.select("number"), on="number", how="semi").select("business", "number")
    ends = pairs.join(listed.rename({"business": "payer", "number": "one"}), on="payer").join(
        listed.rename({"business": "payee", "number": "two"}), on="payee"
    )
    apart = ends.filter(pl.col("one") != pl.col("two")).group_by("one", "two")
    sums = apart.agg(pl.col("amount_paise").sum(), pl.col("steps").bitwise_or()).sort("one", "two")
    return tuple(Flow(one, two, from_paise(paise), steps_of(mask)) for one, two, paise, mask in sums.iter_rows())


def _rings() -> dict[int, RingMember]:
    """The part of each business in the surest suspected ring."""
    everybody = named(RingMember.objects.filter(current=True, suspect=True))  # those one may not see stay pseudonyms
    members = everybody.select_related("ring").defer("ring__evidence")
    return {member.business_id: member for member in members.order_by("confidence", "pk")}


def suspected_rings(*, user: User) -> tuple[RingRow, ...]:
    """The rings a person can choose from beside the overview, surest first."""
    rings = Ring.objects.visible_to(user).filter(suspect=True).order_by("-confidence", "pk")
    return rows_of(list(rings[:OFFERED_RINGS]), user)


def featured_ring(*, user: User, ring_id: UUID | None, offered: tuple[RingRow, ...]) -> RingView | None:
    """The ring to draw beside the overview: the one asked for, else the first offered; None when there is none."""
    if ring_id is None and not offered:
        return None
    return ring_view(user=user, ring_id=ring_id or offered[0].ring.uuid)
