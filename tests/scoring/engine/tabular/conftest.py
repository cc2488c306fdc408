"""Small credit files as strangers export them."""

import csv
import gzip
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

Rows = list[list[object]]
MONTHS = ("Jan", "Apr", "Jul", "Oct")


def credit_rows(rows: int = 400, seed: int = 3) -> tuple[list[str], Rows]:
    """Header and rows: numbers, categories short and long, a date, a row number, dirt; the target last."""
    chance = np.random.default_rng(seed)
    header = ["", "Income", "utilisation", "grade", "Employer", "opened", "term", "nothing", "default"]
    body: Rows = []
    for place in range(rows):
        risk = chance.normal()
        income = f"{int(np.exp(11 - 0.3 * risk)):,}" if chance.random() > 0.1 else chance.choice(["NA", "?", ""])
        grade = "ABCDE"[int(np.clip(2 + risk + chance.normal() * 0.5, 0, 4))]
        opened = f"{MONTHS[place * 4 // rows]}-{2014 + place // (rows // 4 + 1)}"
        use = "inf" if place % 97 == 0 else f"{0.5 + 0.2 * risk + 0.2 * chance.normal():.3f}"
        bad = int(chance.random() < 1 / (1 + np.exp(1.0 - 1.3 * risk)))
        term = f" {chance.choice([36, 60])} months"
        body.append([place, income, use, grade, f"firm {chance.integers(40)}", opened, term, "same", bad])
    return header, body


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def written(
        header: Sequence[object], body: Rows, *, separator: str = ",", encoding: str = "utf-8", **how: object
    ) -> Path:
        out = io.StringIO()
        out.write(str(how.get("preface", "")))
        csv.writer(out, delimiter=separator).writerows([header, *body])
        content = out.getvalue().encode(encoding)
        path = tmp_path / ("file.csv.gz" if how.get("packed") else "file.csv")
        path.write_bytes(gzip.compress(content) if how.get("packed") else content)
        return path

    return written
