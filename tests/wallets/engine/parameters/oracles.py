"""The 24 parameters worked out again from raw rows, in the plainest way, for evidence of one wallet on one chain.

They share nothing with the product but the evidence rows and the price look-up.
"""

import math
from collections import Counter, defaultdict
from itertools import pairwise

from wallets.engine.evidence import Evidence
from wallets.engine.pricing import PriceBook

DAY = 86_400
STAKED = {"lido", "reth", "staking_rewards", "masterchef", "erc4626", "lido_queue", "beacon_deposit"}
ZERO = "0x" + "0" * 40


def address(word: str) -> str:
    return "0x" + word[-40:]


def words(data: str) -> list[int]:
    return [int(data[2 + 64 * place : 66 + 64 * place], 16) for place in range((len(data) - 2) // 64)]


class Plain:
    """The evidence with the few look-ups every oracle needs."""

    def __init__(self, evidence: Evidence) -> None:
        self.e = evidence
        self.me = evidence.wallets[0].address
        self.book = PriceBook(evidence.prices, evidence.tokens)
        self.kinds = {row.address: row.kind for row in evidence.contracts}
        self.names = {row.address: row.protocol for row in evidence.contracts}
        self.sent = [t for t in evidence.transactions if t.sender == self.me and t.recipient != self.me]

    def logs(self, topic: str, kind: str | None = None) -> list:
        found = [log for log in self.e.logs if log.topics and log.topics[0].startswith(topic)]
        found = [log for log in found if kind is None or self.kinds.get(log.address) == kind]
        return sorted(found, key=lambda log: (log.at, log.block, log.index))

    def _rows(self) -> list[list]:
        """[at, hash, from, to, asset, amount] across the wallet's border."""
        rows = []
        for t in self.e.transactions:
            if t.ok and t.value and self.kinds.get(t.recipient) != "weth" and self.kinds.get(t.sender) != "weth":
                rows.append([t.at, t.hash, t.sender, t.recipient, "eip155:1/native", t.value])
        for log in self.logs("0xddf252ad"):
            if len(log.topics) == 3:
                who = (address(log.topics[1]), address(log.topics[2]))
                rows.append([log.at, log.hash, *who, f"eip155:1/{log.address}", words(log.data)[0]])
        rows = [row for row in rows if (row[2] == self.me) != (row[3] == self.me) and row[5] > 0]
        return sorted(rows, key=lambda row: (row[0], row[1], row[4], row[5]))

    def moves(self) -> list[tuple[int, str, str, int, float | None, bool]]:
        """(at, other, asset, amount, usd, incoming) net of what came back from the same party within a day."""
        rows = self._rows()
        whole = [row[5] for row in rows]
        for later, row in enumerate(rows):
            for earlier in range(later):
                one, other = rows[earlier], row
                same = {one[2], one[3]} == {other[2], other[3]} and one[4] == other[4] and one[2] != other[2]
                if same and other[0] - one[0] <= DAY:
                    gone = min(one[5], other[5])
                    one[5] -= gone
                    other[5] -= gone
        net = []
        for row, amount in zip(rows, whole, strict=True):
            usd = self.book.usd(row[4], amount, row[0])
            coming = row[3] == self.me
            part = None if usd is None else usd * row[5] / amount
            if row[5]:
                net.append((row[0], row[2] if coming else row[3], row[4], row[5], part, coming))
        return net

    def usd_moves(self) -> list[tuple[int, str, str, int, float, bool]]:
        return [row for row in self.moves() if row[4] is not None]

    def held(self) -> dict[str, float | None]:
        return {row.asset: self.book.usd(row.asset, row.amount, self.e.as_of) for row in self.e.balances}

    def stakes(self) -> list[tuple[str, int, int | None, float]]:
        """(contract, start, end, usd) of every stake in the one contract at a time that the stories use."""
        events = []
        for log in self.logs("0x96a25c8c", "lido"):
            if address(log.topics[1]) == self.me:
                events.append((log.at, log.address, words(log.data)[0], "eip155:1/native"))
        asset = {row.address: row.asset for row in self.e.contracts}
        for log in self.logs("0x9e71bc8e", "staking_rewards"):
            events.append((log.at, log.address, words(log.data)[0], asset[log.address]))
        out = [(log.at, log.address, words(log.data)[0]) for log in self.logs("0x7084f547", "staking_rewards")]
        rows = [[contract, at, None, amount, self.book.usd(name, amount, at)] for at, contract, amount, name in events]
        rows.sort(key=lambda row: row[1])
        for at, contract, amount in out:
            for row in sorted(rows, key=lambda row: row[1]):
                if row[0] == contract and row[2] is None and amount and row[1] <= at:
                    part = min(amount, row[3])
                    amount -= part
                    share = row[4] * part / row[3]
                    if part < row[3]:
                        rows.append([contract, row[1], None, row[3] - part, row[4] - share])
                    row[2:] = [at, part, share]
        return [(row[0], row[1], row[2], row[4] or 0.0) for row in rows]

    def overlap(self, since: int) -> float:
        total = 0.0
        for _, start, end, usd in self.stakes():
            total += usd * max(0, min(end or self.e.as_of, self.e.as_of) - max(start, since))
        return total

    def acts(self) -> list[tuple[str, str]]:
        """(protocol, topic) of everything the wallet did with a protocol, for the events that the stories use."""
        found = []
        for log in self.e.logs:
            kind, topic = self.kinds.get(log.address), log.topics[0][:10]
            mine = any(address(word) == self.me for word in log.topics[1:])
            believed = {
                "aave_v3_pool": {"0x2b627736", "0xb3d08482", "0xa534c8db", "0x3115d144", "0xe413a321"},
                "lido": {"0x96a25c8c"},
                "staking_rewards": {"0x9e71bc8e", "0x7084f547", "0xe2403640"},
                "uniswap_v2_pair": {"0xd78ad95f"},
            }.get(kind or "", set())
            mints = (
                kind == "uniswap_v2_pair"
                and topic == "0xddf252ad"
                and (address(log.topics[1]) == ZERO or address(log.topics[2]) in {ZERO, log.address})
            )
            if mine and (topic in believed or mints):
                found.append((self.names[log.address], topic))
        rebases = self.logs("0xff08c3ef", "lido")
        return found + [("lido", "reward")] * sum(self._gain(log) > 0 for log in rebases)

    def _gain(self, log: object) -> int:
        shares = sum(
            words(row.data)[0] * (1 if address(row.topics[2]) == self.me else -1)
            for row in self.logs("0x9d9c9092", "lido")
            if (row.at, row.block, row.index) < (log.at, log.block, log.index)
        )
        _, before, ether, after, ether_after, _ = words(log.data)
        return shares * ether_after // after - shares * ether // before


def age(p: Plain) -> dict:
    ok = [t.at for t in p.sent if t.ok]
    return {"days": (p.e.as_of - min(ok)) / DAY if ok else None}


def active_wallets(p: Plain) -> dict:
    return {"wallets": float(any(t.ok and t.at > p.e.as_of - 180 * DAY for t in p.sent) and p.e.wallets[0].verified)}


def verification(p: Plain) -> dict:
    return {"share": 1.0 if p.e.wallets[0].verified else 0.0}


def transactions(p: Plain) -> dict:
    return {"count": float(sum(t.ok for t in p.sent))}


def volume(p: Plain) -> dict:
    rows = p.usd_moves()
    if not any(not row[5] for row in rows):
        return {"usd": 0.0, "gross_usd": 0.0}
    total = sum(row[4] for row in rows)
    by = Counter()
    for row in rows:
        by[row[1]] += row[4]
    entropy = -sum(usd / total * math.log(usd / total) for usd in by.values() if usd)
    return {"usd": total * min(1, (math.exp(entropy) - 1) / 2), "gross_usd": total}


def average_value(p: Plain) -> dict:
    amounts = sorted(row[4] for row in p.usd_moves())
    if not amounts:
        return {"median": None, "trimmed_mean": None}
    middle = len(amounts) // 2
    median = amounts[middle] if len(amounts) % 2 else (amounts[middle - 1] + amounts[middle]) / 2
    cut = int(len(amounts) * 0.01)
    kept = amounts[cut : len(amounts) - cut]
    return {"median": median, "trimmed_mean": sum(kept) / len(kept)}


def frequency(p: Plain) -> dict:
    good = 0
    for month in range(12):
        newest, oldest = (p.e.as_of - edge * 365.25 / 12 * DAY for edge in (month, month + 1))
        weeks = {t.at // (7 * DAY) for t in p.sent if t.ok and oldest < t.at <= newest}
        good += len(weeks) >= 2
    return {"share": good / 12}


def in_out(p: Plain) -> dict:
    coming = sum(row[4] for row in p.usd_moves() if row[5])
    going = sum(row[4] for row in p.usd_moves() if not row[5])
    return {"ratio": coming / going if going else None}


def stablecoins(p: Plain) -> dict:
    stable = {token.asset for token in p.e.tokens if token.stable}
    rows = p.usd_moves()
    total = sum(row[4] for row in rows)
    counted = sum(row[4] * min(1, p.book.price(row[2], row[0])) for row in rows if row[2] in stable)
    return {"share": counted / total if total else None}


def staked(p: Plain) -> dict:
    return {"usd": p.overlap(p.e.as_of - 180 * DAY) / (180 * DAY)}


def duration(p: Plain) -> dict:
    total = sum(row[3] for row in p.stakes())
    return {"days": p.overlap(0) / DAY / total if total else 0.0}


def staking_contracts(p: Plain) -> dict:
    return {"contracts": float(len({row[0] for row in p.stakes()}))}


def rewards(p: Plain) -> dict:
    since = p.e.as_of - 365 * DAY
    paid = 0.0
    for log in p.logs("0xff08c3ef", "lido"):
        if log.at > since:
            paid += p.book.usd("eip155:1/native", max(p._gain(log), 0), log.at) or 0
    asset = {row.address: row.token0 or row.asset for row in p.e.contracts}
    for log in p.logs("0xe2403640", "staking_rewards"):
        if log.at > since:
            paid += p.book.usd(asset[log.address], words(log.data)[0], log.at) or 0
    mean = p.overlap(since) / (365 * DAY)
    return {"yield": paid / mean if mean else 0.0}


def protocols(p: Plain) -> dict:
    used = Counter(name for name, _ in p.acts())
    total = sum(used.values())
    entropy = -sum(n / total * math.log(n / total) for n in used.values()) if used else 0
    return {"count": float(len(used)), "entropy": entropy / math.log(len(used)) if len(used) > 1 else 0.0}


def drained(p: Plain) -> set[str]:
    depth = defaultdict(list)
    for log in p.logs("0x1c411e9a", "uniswap_v2_pair"):
        one, two = words(log.data)
        depth[log.address].append((log.at, math.sqrt(one) * math.sqrt(two)))
    return {
        pool
        for pool, points in depth.items()
        if any(b < 0.05 * a and 0 <= t2 - t1 <= 30 * DAY
               for n, (t1, a) in enumerate(points) for t2, b in points[n:])
    }  # fmt: skip


def liquidity(p: Plain) -> dict:
    total = 0.0
    for log in p.logs("0xddf252ad", "uniswap_v2_pair"):
        if log.address in drained(p):
            continue
        usd = p.book.usd(f"eip155:1/{log.address}", words(log.data)[0], log.at) or 0.0
        if address(log.topics[1]) == ZERO and address(log.topics[2]) == p.me:
            total += usd * (p.e.as_of - log.at) / DAY
    return {"usd_days": total}


def farming(p: Plain) -> dict:
    kinds = {token.asset: token.kind for token in p.e.tokens}
    asset = {row.address: row.asset for row in p.e.contracts}
    stakes = [log for log in p.logs("0x9e71bc8e", "staking_rewards") if kinds.get(asset[log.address]) == "lp"]
    return {"stakes": float(len({log.at // DAY for log in stakes}))}


def log_scale(x: float, low: float, middle: float, high: float) -> float:
    if x <= low:
        return 0
    if x >= high:
        return 1
    if x < middle:
        return math.log(x / low) / math.log(middle / low) / 2
    return 0.5 + math.log(x / middle) / math.log(high / middle) / 2


def borrowing(p: Plain) -> dict:
    def mine(topic: str, place: int) -> list:
        return [log for log in p.logs(topic, "aave_v3_pool") if address(log.topics[place]) == p.me]

    loans, back = mine("0xb3d08482", 2), mine("0xa534c8db", 2)
    if not loans:
        return dict.fromkeys(("health", "repaid", "liquidations", "tenure"))
    assets = {log.topics[1] for log in loans}
    owed = rated = closed = 0.0
    for asset in assets:
        name = f"eip155:1/{address(asset)}"
        taken = [(log.at, words(log.data)[1]) for log in loans if log.topics[1] == asset]
        paid = sum(words(log.data)[0] for log in back if log.topics[1] == asset)
        usd = sum(p.book.usd(name, amount, at) for at, amount in taken)
        whole = sum(amount for _, amount in taken)
        old = sum(amount for at, amount in taken if at <= p.e.as_of - 30 * DAY)
        owed += usd * old / whole
        rated += usd * min(paid, old) / whole
        closed += paid >= 0.99 * whole
    points = sorted((row.at, row.factor) for row in p.e.health)
    health = None
    if points:
        spans = [
            (f, min(b - a, 30 * DAY)) for (a, f), (b, _) in zip(points, [*points[1:], (p.e.as_of, 0)], strict=True)
        ]
        safe = sum(span for factor, span in spans if factor >= 1.1) / sum(span for _, span in spans)
        health = (safe + log_scale(min(f for _, f in points), 1.0, 1.25, 2.0)) / 2
    hits = 0.0
    for log in mine("0xe413a321", 3):
        day = [
            float(r.usd) for r in sorted(p.e.prices) if r.asset == "eip155:1/native" and log.at - DAY <= r.at <= log.at
        ]
        fall = min(0.5, max(0, 1 - day[-1] / max(day))) if day else 0
        hits += 0.5 ** ((p.e.as_of - log.at) / DAY / 365) * (1 - fall)
    days = (p.e.as_of - min(log.at for log in loans)) / DAY
    count = min(1, closed / 6) if closed <= 3 else min(1, 0.5 + (closed - 3) / 14)
    long = min(1, days / 360) if days <= 180 else min(1, 0.5 + (days - 180) / 1080)
    return {
        "health": health, "repaid": rated / owed if owed else None, "liquidations": math.exp(-hits),
        "tenure": (count + long) / 2,
    }  # fmt: skip


def diversity(p: Plain) -> dict:
    listed = {token.asset for token in p.e.tokens if token.listed}
    worth = [usd for asset, usd in p.held().items() if usd is not None and usd >= 1 and asset in listed]
    return {"tokens": sum(worth) ** 2 / sum(usd * usd for usd in worth) if worth else 0.0}


def blue_chips(p: Plain) -> dict:
    blue = {token.asset for token in p.e.tokens if token.blue_chip}
    known = {asset: usd for asset, usd in p.held().items() if usd is not None}
    total = sum(known.values())
    return {"share": sum(usd for asset, usd in known.items() if asset in blue) / total if total else None}


def volatility(p: Plain) -> dict:
    rows = [row for row in p.e.balances if (p.held()[row.asset] or 0) >= 1]
    values = []
    for day in range(180, -1, -1):
        worth = [p.book.usd(row.asset, row.amount, p.e.as_of - day * DAY) for row in rows]
        if worth and None not in worth:
            values.append(sum(worth))
    if len(values) < 30:
        return {"volatility": None, "drawdown": None}
    steps = [math.log(b / a) for a, b in pairwise(values)]
    mean = sum(steps) / len(steps)
    spread = math.sqrt(sum((step - mean) ** 2 for step in steps) / (len(steps) - 1) * 365)
    return {"volatility": spread, "drawdown": max(1 - b / max(values[: n + 1]) for n, b in enumerate(values))}


def rug_exposure(p: Plain) -> dict:
    bad = {row.address for row in p.e.risks} | drained(p)
    out = [row for row in p.usd_moves() if not row[5]]
    total = sum(row[4] for row in out)
    lost = sum(row[4] for row in out if row[1] in bad or row[2].split("/")[1] in bad)
    return {"clean_share": 1 - lost / total if total else None}


def high_gas(p: Plain) -> dict:
    if not p.sent:
        return {"high_gas_share": None, "failed_share": None}
    rated = [t for t in p.sent if t.price_p95 is not None]
    dear = [t for t in rated if t.gas_price > t.price_p95]
    failed = [t for t in p.sent if not t.ok]
    return {"high_gas_share": len(dear) / len(rated) if rated else None, "failed_share": len(failed) / len(p.sent)}


def approvals(p: Plain) -> dict:
    last = {}
    for log in p.logs("0x8c5be1e5"):
        if len(log.topics) == 3 and address(log.topics[1]) == p.me:
            last[(log.address, log.topics[2])] = words(log.data)[0]
    weight = 0.0
    for (token, spender), amount in last.items():
        who = address(spender)
        if amount >= 2**128 and who in {row.address for row in p.e.risks}:
            weight += 3
        elif amount >= 2**128:
            rich = (p.held().get(f"eip155:1/{token}") or 0) >= 1
            weight += (0.25 if who in p.kinds else 1) * (1 if rich else 0.25)
    return {"weighted": weight}


def nfts(p: Plain) -> dict:
    by = defaultdict(list)
    for log in p.logs("0xddf252ad"):
        if len(log.topics) == 4:
            by[(log.address, log.topics[3])].append((log.hash, address(log.topics[1]), address(log.topics[2])))
    signed = {t.hash for t in p.sent if t.ok}
    count = 0
    for moves in by.values():
        to = {there for _, here, there in moves if here == p.me}
        back = {here for _, here, there in moves if there == p.me and here != ZERO}
        count += any(name in signed and p.me in (here, there) for name, here, there in moves) and not to & back
    return {"pieces": float(count)}


ORACLES = {
    function.__name__: function
    for function in (
        age, active_wallets, verification, transactions, volume, average_value, frequency, in_out, stablecoins, staked,
        duration, staking_contracts, rewards, protocols, liquidity, farming, borrowing, diversity, blue_chips,
        volatility, rug_exposure, high_gas, approvals, nfts,
    )
}  # fmt: skip
