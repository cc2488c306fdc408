"""The definition of a temporal cycle, word for word, in plain Python: the oracle of the compiled search."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


class Edge(NamedTuple):
    """One payment of the oracle: row is its number in the input."""

    tail: int
    head: int
    time: float
    row: int


def edges_of(rows: Sequence[tuple[int, int, float]]) -> list[Edge]:
    """Number the rows and drop self loops."""
    return [Edge(*row, number) for number, row in enumerate(rows) if row[0] != row[1]]


def cycles_from(path: list[Edge], edges: list[Edge], window: float, lengths: range, ties: str) -> Iterator[tuple]:
    """Every cycle that continues `path`, as edge numbers in time order."""
    first, last = path[0], path[-1]
    if last.head == first.tail:
        if len(path) in lengths:
            yield tuple(edge.row for edge in path)
        return
    if len(path) >= lengths[-1]:
        return
    heads = {edge.head for edge in path}
    for edge in edges:
        later = (edge.time, edge.row) > (last.time, last.row) if ties == "sequence" else edge.time > last.time
        if edge.tail == last.head and later and edge.time - first.time <= window and edge.head not in heads:
            yield from cycles_from([*path, edge], edges, window, lengths, ties)


def temporal_cycles(
    rows: Sequence[tuple[int, int, float]], window: float, lengths: range, ties: str = "strict"
) -> list[tuple[int, ...]]:
    """All temporal simple cycles of the rows (tail, head, time), as sorted tuples of row numbers."""
    edges = edges_of(rows)
    return sorted(cycle for edge in edges for cycle in cycles_from([edge], edges, window, lengths, ties))
