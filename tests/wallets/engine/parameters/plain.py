"""What the oracles of the parameters read: the evidence of one wallet on one chain, in the plainest way."""

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
