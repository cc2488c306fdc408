"""Compiled strong components: which parties money can leave and come back to at all."""

import numpy as np

from fraud.engine.arrays import Narrow
from fraud.engine.kernels.jit import compiled

SEEN, LOW, COMPONENT, EDGE = range(4)
"""Columns of the marks: when a node was seen, the earliest node it reaches, its component, its next edge."""


@compiled
def unseen(heads: Narrow, marks: Narrow, node: int, stop: int) -> int:
    """The next head of the node that was not seen yet, -1 when there is none; heads on the stack lower the node."""
    while marks[node, EDGE] < stop:
        head = heads[marks[node, EDGE]]
        marks[node, EDGE] += 1
        if marks[head, SEEN] < 0:
            return int(head)
        if marks[head, COMPONENT] < 0:
            marks[node, LOW] = min(marks[node, LOW], marks[head, SEEN])
    return -1


@compiled
def close(stack: Narrow, marks: Narrow, held: int, node: int) -> int:
    """Take the component that began with `node` off the stack; what is left on it."""
    member = -1
    while member != node:
        held -= 1
        member = stack[held]
        marks[member, COMPONENT] = node
    return held


@compiled
def strong_components(begins: Narrow, heads: Narrow) -> Narrow:
    """The first node seen of its strong component, for each node; edges as CSR rows by tail.

    Tarjan (1972), Depth-first search and linear graph algorithms, without recursion.
    """
    nodes = len(begins) - 1
    marks = np.full((nodes, 4), -1, np.int32)
    marks[:, EDGE] = begins[:-1]
    stack, path = np.zeros(nodes, np.int32), np.zeros(nodes, np.int32)
    clock = held = 0
    for start in range(nodes):
        depth = 0 if marks[start, SEEN] < 0 else -1
        path[0] = start
        while depth >= 0:
            node = path[depth]
            if marks[node, SEEN] < 0:
                marks[node, SEEN] = marks[node, LOW] = clock
                stack[held] = node
                clock, held = clock + 1, held + 1
            head = unseen(heads, marks, node, begins[node + 1])
            if head >= 0:
                depth += 1
                path[depth] = head
                continue
            if marks[node, LOW] == marks[node, SEEN]:
                held = close(stack, marks, held, node)
            depth -= 1
            if depth >= 0:
                marks[path[depth], LOW] = min(marks[path[depth], LOW], marks[node, LOW])
    return marks[:, COMPONENT].copy()
