"""The command a stranger runs on their own file."""

import gzip
import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

KEYS = ["edges", "nodes", "cycles", "by_length", "loops", "seconds", "peak_mb", "complete"]


def run(path: Path, *options: str) -> tuple[list[str], dict]:
    out = StringIO()
    call_command("find_cycles", "--edges", str(path), "--window", "20", "--max-length", "4", *options, stdout=out)
    lines = out.getvalue().splitlines()
    return lines, json.loads(lines[-1])


@pytest.fixture
def edges(tmp_path: Path) -> Path:
    path = tmp_path / "edges.csv.gz"
    path.write_bytes(gzip.compress(b"src;dst;time\na;b;0\nb;c;5\nc;a;20\nb;a;7\nc;c;8\n"))
    return path


def test_the_last_line_is_the_promised_json(edges: Path) -> None:
    lines, found = run(edges)
    assert list(found) == KEYS
    assert (found["edges"], found["nodes"], found["cycles"], found["loops"]) == (4, 3, 1, 1)
    assert found["by_length"] == {"3": 1}
    assert found["complete"] is True
    assert lines[0].startswith("1 cycles on 1 loops")


def test_json_only_prints_one_line_and_options_are_obeyed(edges: Path) -> None:
    lines, found = run(edges, "--json", "--min-length", "2", "--columns", "src,dst,time", "--threads", "2")
    assert len(lines) == 1
    assert found["by_length"] == {"2": 1, "3": 1}


def test_an_exhausted_budget_is_said(tmp_path: Path) -> None:
    path = tmp_path / "crowd.csv"
    pairs = [(a, b, t) for t in range(6) for a in range(6) for b in range(6) if a != b]
    path.write_text("\n".join(",".join(map(str, pair)) for pair in pairs))
    lines, found = run(path, "--budget", "5")
    assert found["complete"] is False
    assert "incomplete" in lines[0]


def test_more_loops_than_wanted_are_said(tmp_path: Path) -> None:
    path = tmp_path / "two.txt"
    path.write_text("a:b:1\nb:c:2\nc:a:3\nd:e:1\ne:f:2\nf:d:3\n")
    lines, found = run(path, "--most-loops", "1")
    assert (found["cycles"], found["loops"], found["complete"]) == (2, 1, False)
    assert "more loops" in lines[0]


def test_a_bad_file_is_refused_naming_the_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("a,b,1\nb,c,soon\n")
    with pytest.raises(CommandError, match=r"bad\.csv: line 2: time is not a number: 'soon'"):
        run(path)
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "missing.csv")


def test_bounds_that_mean_nothing_are_refused(edges: Path) -> None:
    with pytest.raises(CommandError, match="lengths must satisfy"):
        run(edges, "--min-length", "9")
