"""Several nodes of one chain as one: the next answers when one does not, and two must agree on what others build on."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from wallets.chain.port import Block, Call, ChainNode, ChainUnreachable, Log, LogFilter, NoHistory, Receipt, Transaction

T = TypeVar("T")


class NodePool:
    """`ChainNode` over nodes in the order of the settings; one that failed is asked after those that did not.

    Where two nodes answer, they must name the same hash for the head and for the last block asked: one node alone
    cannot lead a reading onto a fork. Where only one answers, it is believed; it was asked who it is before.
    """

    def __init__(self, nodes: Sequence[ChainNode]) -> None:
        self.nodes = tuple(nodes)
        self._failures = [0] * len(self.nodes)

    def _ranked(self) -> list[int]:
        return sorted(range(len(self.nodes)), key=lambda place: (self._failures[place], place))

    def _first(self, question: Callable[[ChainNode], T]) -> T:
        """The first answer. Raises what the last node raised when none has one."""
        trouble: ChainUnreachable | NoHistory = ChainUnreachable("no node is configured")
        for place in self._ranked():
            try:
                answer = question(self.nodes[place])
            except ChainUnreachable as error:
                self._failures[place] += 1
                trouble = trouble if isinstance(trouble, NoHistory) else error
            except NoHistory as error:
                trouble = error
            else:
                self._failures[place] = 0
                return answer
        raise trouble

    def _answers(self, question: Callable[[ChainNode], T], most: int) -> list[T]:
        """What up to `most` nodes answer. Raises ChainUnreachable when none does."""
        found: list[T] = []
        trouble = ChainUnreachable("no node is configured")
        for place in self._ranked():
            try:
                found.append(question(self.nodes[place]))
                self._failures[place] = 0
            except ChainUnreachable as error:
                self._failures[place] += 1
                trouble = error
            if len(found) == most:
                break
        if not found:
            raise trouble
        return found

    def chain_id(self) -> int:
        return self._first(lambda node: node.chain_id())

    def genesis_hash(self) -> str:
        return self._first(lambda node: node.genesis_hash())

    def head(self) -> Block:
        """The highest block that two nodes have, under a hash on which they agree."""
        heads = sorted(self._answers(lambda node: node.head(), len(self.nodes)), key=lambda block: -block.number)
        if len(heads) == 1:
            return heads[0]
        return self.blocks([heads[1].number])[0]

    def blocks(self, numbers: Sequence[int]) -> tuple[Block, ...]:
        """Headers from one node; another confirms the last of them. A third decides between two that differ."""
        if not numbers:
            return ()
        last = numbers[-1:]
        seen = [blocks[0] for blocks in self._answers(lambda node: node.blocks(last), 2)]
        if len(seen) == 2 and seen[0].hash != seen[1].hash:
            seen = [blocks[0] for blocks in self._answers(lambda node: node.blocks(last), len(self.nodes))]
        hashes = [block.hash for block in seen]
        agreed = max(hashes, key=hashes.count)
        if len(seen) > 1 and hashes.count(agreed) < 2:
            raise ChainUnreachable("the nodes disagree about a block")
        return self._first(lambda node: _agreeing(node.blocks(numbers), agreed))

    def transactions(self, block: int) -> tuple[Transaction, ...]:
        return self._first(lambda node: node.transactions(block))

    def receipts(self, block: int) -> tuple[Receipt, ...]:
        return self._first(lambda node: node.receipts(block))

    def receipt(self, transaction_hash: str) -> Receipt | None:
        return self._first(lambda node: node.receipt(transaction_hash))

    def knows(self, transaction_hash: str) -> bool:
        """Whether any of them has it: one that does not may only be late."""
        return any(self._answers(lambda node: node.knows(transaction_hash), len(self.nodes)))

    def logs(self, sought: LogFilter) -> tuple[Log, ...]:
        return self._first(lambda node: node.logs(sought))

    def code(self, address: str, block: int | None = None) -> str:
        return self._first(lambda node: node.code(address, block))

    def call(self, call: Call, block: int | None = None) -> str:
        return self._first(lambda node: node.call(call, block))

    def calls(self, calls: Sequence[Call], block: int | None = None) -> tuple[str | None, ...]:
        return self._first(lambda node: node.calls(calls, block))

    def nonce(self, address: str, block: int | None = None) -> int:
        return self._first(lambda node: node.nonce(address, block))

    def balance(self, address: str, block: int | None = None) -> int:
        return self._first(lambda node: node.balance(address, block))

    def standings(self, address: str, blocks: Sequence[int]) -> tuple[tuple[int, int], ...]:
        return self._first(lambda node: node.standings(address, blocks))

    def send_raw(self, signed: str) -> str:
        return self._first(lambda node: node.send_raw(signed))

    def estimate(self, call: Call) -> int:
        return self._first(lambda node: node.estimate(call))

    def fees(self) -> tuple[int, int]:
        return self._first(lambda node: node.fees())


def _agreeing(blocks: tuple[Block, ...], agreed: str) -> tuple[Block, ...]:
    if blocks[-1].hash != agreed:
        raise ChainUnreachable("the node is on a fork of its own")
    return blocks
