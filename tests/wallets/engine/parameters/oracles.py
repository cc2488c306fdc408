"""The 24 parameters worked out again from raw rows, in the plainest way, for evidence of one wallet on one chain.

They share nothing with the product but the evidence rows and the price look-up.
"""

import math
from collections import Counter, defaultdict
from itertools import pairwise

from tests.wallets.engine.parameters.plain import DAY, ZERO, Plain, address, words


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
