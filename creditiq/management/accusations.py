"""Who is rightly accused of what: typologies and shipped rules against the planted frauds of a world."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from creditiq.management.worlds import KnownWorld
from fraud.engine.evaluation import Evaluation
from fraud.engine.policy import DAY, FraudPolicy, reaches
from fraud.engine.population import NETWORK, PopulationScan
from fraud.engine.rules.expressions import facts_in, matches
from fraud.engine.rules.facts import facts_of
from fraud.engine.rules.shipped import SHIPPED
from fraud.engine.typologies.findings import Finding
from fraud.engine.typologies.registry import TYPOLOGIES, find_all

PAPER = "paper"
RINGS = frozenset(("circular", "hub"))
FALSE_PAPER = RINGS | {PAPER}
CLOCKWORK = frozenset(("robotic_cadence",))
MONEY = RINGS | CLOCKWORK | {"mule_hub"}
LINE = frozenset(("structuring", "split_invoices"))
SHOWN_BY: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("dormant_reactivation", "ghost_entity", "turnover_burst"), frozenset()),
    "hsn_repurposing": frozenset((PAPER,)),
    **dict.fromkeys(LINE, LINE),
    **dict.fromkeys(("robotic_cadence", "impossible_bursts"), CLOCKWORK),
    **dict.fromkeys(("goods_circle", "circle_through_outsiders"), RINGS),
    **dict.fromkeys(
        (
            "bills_without_invoices", "costly_distance", "implausible_distance", "implausible_vehicle",
            "impossible_transport", "receipts_gap", "unusual_transport", "zero_logistics_lag",
        ),
        FALSE_PAPER,
    ),
    **dict.fromkeys(
        (
            "fan_in_fan_out", "layering_chain", "mule_beneficiary", "mule_hub", "new_counterparty_burst",
            "rapid_in_out", "round_sums", "shared_address", "shell_profile", "smurfing",
        ),
        MONEY,
    ),
}  # fmt: skip
"""The planted frauds that show what a typology describes, beside the one of its own name: who splits invoices keeps
them under the same line as who structures bills, rings and paper traders send goods nowhere, and what moves by the
clock goes out as it came. PAPER is whoever trades on paper by profession, whatever the scheme of the season, and writes
goods on it that were never there. A typology without a line accuses nobody rightly."""
LOOK_BACK = 365
"""Days: what ended longer ago than any typology looks back is no guilt at the moment."""
USUAL_DUE = (60, 30)
DUE: Mapping[str, tuple[int, int]] = {"turnover_burst": (45, 15)}
"""A fraud is to be found once it is so many days old and as long as it ended so many days ago at most: two months,
but for a burst, which lasts no longer itself."""


def judge(world: KnownWorld, at: int, scan: PopulationScan, policy: FraudPolicy, found: Evaluation) -> None:
    """Count, at one moment, every typology by its findings and by its alerts, and every shipped rule that alerts."""
    right, due = _right(world, at), _due(world, at)
    findings = find_all(world.frames, at, policy)
    seen = _by_topic(findings)
    alerts = _by_topic(one for one in findings if _alerts(one, policy))
    for name in TYPOLOGIES:
        guilty = set().union(*(right.get(fraud, ()) for fraud in (name, *SHOWN_BY.get(name, ()))))
        wanted = due.get(name, set())
        if name in due or seen.get(name):
            found.typology(name, seen.get(name, set()), wanted, guilty | wanted)
        if alerts.get(name):
            found.alert(name, alerts[name], guilty | wanted)
    for slug, hits in _rule_hits(world, scan, findings).items():
        found.alert(f"rule:{slug}", hits, _shown_to(slug, right))


def _alerts(finding: Finding, policy: FraudPolicy) -> bool:
    return reaches(finding.severity, policy.alert_severity) and finding.typology not in policy.quiet_typologies


def _by_topic(findings: Iterable[Finding]) -> dict[str, set[int]]:
    seen: dict[str, set[int]] = {}
    for finding in findings:
        seen.setdefault(finding.typology, set()).add(finding.business)
    return seen


def _right(world: KnownWorld, at: int) -> dict[str, set[int]]:
    """Members of every fraud that lived within the look-back, by its name."""
    since = at - LOOK_BACK * DAY
    mine: dict[str, set[int]] = {PAPER: set(world.on_paper)}
    now = world.frauds.filter((pl.col("starts_at") <= at) & (pl.col("ends_at") >= since))
    for typology, members in now.select("typology", "members").iter_rows():
        mine.setdefault(typology, set()).update(members)
    for ring, typology, members in world.rings.select("ring", "typology", "members").iter_rows():
        mine.setdefault(typology, set()).update(world.guilty(ring, members, since, at))
    return mine


def _due(world: KnownWorld, at: int) -> dict[str, set[int]]:
    """Who should be seen under which typology, where the world tells: of a mule network the first is the hub, the
    others feed it; who sleeps is no case of reactivation before it sells again for a month."""
    due: dict[str, set[int]] = {name: set() for name in world.frauds["typology"].unique()}
    if "mule_hub" in due:
        due["mule_beneficiary"] = set()
    for typology, members, starts, ends in world.frauds.select(
        "typology", "members", "starts_at", "ends_at"
    ).iter_rows():
        age, ago = DUE.get(typology, USUAL_DUE)
        if starts > at - age * DAY or not at - ago * DAY <= ends:
            continue
        first = members[:1] if typology == "mule_hub" else members
        due[typology].update(first)
        if typology == "mule_hub":
            due["mule_beneficiary"].update(members[1:])
    if "dormant_reactivation" in due:
        sales = world.frames["gst_invoices"].filter(
            pl.col("occurred_at").is_between(at - 60 * DAY, at - 30 * DAY), direction="out"
        )
        due["dormant_reactivation"] &= set(sales["business"])
    return due


def _rule_hits(world: KnownWorld, scan: PopulationScan, findings: list[Finding]) -> dict[str, set[int]]:
    """Whom each shipped rule that raises alerts would name, were it live."""
    mine: dict[int, list[Finding]] = {}
    for finding in findings:
        mine.setdefault(finding.business, []).append(finding)
    register = {row["business"]: row for row in world.frames["businesses"].to_dicts()}
    hits: dict[str, set[int]] = {}
    trees = {rule.slug: rule.expression for rule in SHIPPED if rule.alerts}
    for business, values in scan.network.items():
        network = dict(zip(NETWORK, values, strict=True))
        facts = facts_of(network, mine.get(business, ()), complete=True, register=register[business])
        for slug, tree in trees.items():
            if matches(tree, facts):
                hits.setdefault(slug, set()).add(business)
    return hits


def _shown_to(slug: str, right: Mapping[str, set[int]]) -> set[int]:
    """Who is guilty of anything the rule asks about."""
    (rule,) = (one for one in SHIPPED if one.slug == slug)
    frauds: set[str] = set()
    for fact in facts_in(rule.expression):
        name = fact.removeprefix("typology.")
        frauds |= {name, *SHOWN_BY.get(name, ())} if name in TYPOLOGIES else RINGS
    return set().union(*(right.get(fraud, set()) for fraud in frauds))
