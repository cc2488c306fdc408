"""manage.py find_cycles: exact temporal cycles of an edge file."""

from __future__ import annotations

import json
import resource
import time
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from fraud.engine.edge_list import BadEdgeList, EdgeList, read_edges
from fraud.engine.graph import Ties, build_graph
from fraud.engine.temporal_cycles import CycleCensus, CycleSearch, find_cycles

EXPLANATION = """
Counts temporal simple cycles: distinct nodes, strictly increasing times, last minus first at most WINDOW (inclusive).
The last line of standard output is JSON: edges (without self loops), nodes, cycles, by_length {length: cycles},
loops (distinct node sequences), seconds (search with its index), peak_mb (of the process),
complete (false: some first edge ran out of --budget and the counts are lower bounds, or there are more distinct loops
than --most-loops and the loops are a lower bound).
"""


class Command(BaseCommand):
    """Count the temporal cycles of a file and say so in words and JSON."""

    help = EXPLANATION

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options of fraud.md §2."""
        parser.add_argument("--edges", required=True, type=Path, help="delimited text, plain or .gz")
        parser.add_argument("--window", required=True, type=float, help="seconds, or the unit of the time column")
        parser.add_argument("--max-length", required=True, type=int)
        parser.add_argument("--min-length", default=3, type=int)
        parser.add_argument("--columns", help="src,dst,time or src,dst,amount,time; any other name is ignored")
        parser.add_argument("--ties", choices=["strict", "sequence"], default="strict")
        parser.add_argument("--budget", default=1_000_000_000, type=int, help="edges visited per first edge")
        parser.add_argument("--most-loops", default=1 << 23, type=int, help="distinct loops told apart; bounds memory")
        parser.add_argument("--threads", default=1, type=int)
        parser.add_argument("--json", action="store_true", help="print the JSON line only")

    def handle(self, **options: object) -> None:
        """Read, search, print."""
        edges = read(Path(str(options["edges"])), options["columns"])
        started = time.perf_counter()
        try:
            search = CycleSearch(
                window=float(str(options["window"])),
                max_length=int(str(options["max_length"])),
                min_length=int(str(options["min_length"])),
                budget=int(str(options["budget"])),
                threads=int(str(options["threads"])),
                loop_limit=int(str(options["most_loops"])),
            )
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        ties: Ties = "sequence" if options["ties"] == "sequence" else "strict"
        found = find_cycles(build_graph(edges.tail, edges.head, edges.time, ties=ties), search)
        seconds = time.perf_counter() - started
        if not options["json"]:
            self.stdout.write(sentence(found))
        self.stdout.write(json.dumps(report(found, seconds)))


def read(path: Path, columns: object) -> EdgeList:
    """The edges of a file; a bad file is a CommandError that names the file and the line."""
    try:
        return read_edges(path.read_bytes(), str(columns).replace(" ", "").split(",") if columns else None)
    except (OSError, BadEdgeList) as problem:
        raise CommandError(f"{path}: {problem}") from problem


def sentence(found: CycleCensus) -> str:
    """The finding in words."""
    lower = f"; incomplete: {found.truncated_roots} first edges ran out of budget" if found.truncated_roots else ""
    lower += "" if found.loops_complete else "; incomplete: there are more loops than told apart"
    return f"{found.cycles:,} cycles on {len(found.loops):,} loops in {found.edges:,} edges{lower}"


def report(found: CycleCensus, seconds: float) -> dict[str, object]:
    """The JSON of completeness.md."""
    return {
        "edges": found.edges,
        "nodes": found.nodes,
        "cycles": found.cycles,
        "by_length": {str(length): count for length, count in found.by_length.items()},
        "loops": len(found.loops),
        "seconds": round(seconds, 4),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "complete": found.complete,
    }
