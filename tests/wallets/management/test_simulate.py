from io import StringIO
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command


def test_simulate_writes_records_and_keeps_the_truth_apart(tmp_path: Path) -> None:
    printed = StringIO()
    call_command(
        "simulate",
        "--businesses=30",
        "--months=4",
        "--seed=9",
        "--mix=demo",
        "--end=2026-05-31",
        f"--out={tmp_path}",
        stdout=printed,
    )
    assert {path.stem for path in tmp_path.glob("*.parquet")} == {
        "businesses",
        "vpas",
        "gst_invoices",
        "gst_returns",
        "upi_payments",
        "eway_bills",
        "bank_entries",
        "outcomes",
    }
    assert pl.read_parquet(tmp_path / "businesses.parquet").height == 30
    assert (tmp_path / "truth" / "truth.json").exists()
    assert "upi_payments" in printed.getvalue()


def test_simulate_refuses_an_impossible_population(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="at least 20"):
        call_command("simulate", "--businesses=2", "--months=4", "--seed=9", f"--out={tmp_path}")
