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
        "gst_amendments",
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


def test_simulate_in_blocks_writes_a_file_per_block_and_says_so(tmp_path: Path) -> None:
    printed = StringIO()
    options = ("--businesses=60", "--months=3", "--seed=9", "--shard-size=20", f"--out={tmp_path}")
    call_command("simulate", *options, stdout=printed)
    assert [path.name for path in sorted((tmp_path / "upi_payments").iterdir())] == [
        f"0000{n}.parquet" for n in range(3)
    ]
    assert pl.read_parquet(tmp_path / "businesses" / "*.parquet")["business"].to_list() == list(range(60))
    assert "block 3 of 3" in printed.getvalue()


def test_one_block_can_be_written_alone_with_the_same_bytes(tmp_path: Path) -> None:
    options = ("--businesses=60", "--months=3", "--seed=9", "--shard-size=20")
    call_command("simulate", *options, f"--out={tmp_path / 'all'}", stdout=StringIO())
    call_command("simulate", *options, "--only", "1", f"--out={tmp_path / 'one'}", stdout=StringIO())
    (alone,) = (tmp_path / "one" / "bank_entries").iterdir()
    assert alone.read_bytes() == (tmp_path / "all" / "bank_entries" / alone.name).read_bytes()


def test_simulate_refuses_blocks_of_the_demo_and_unknown_blocks(tmp_path: Path) -> None:
    options = ("--businesses=60", "--months=3", "--seed=9", "--shard-size=20", f"--out={tmp_path}")
    with pytest.raises(CommandError, match="one block"):
        call_command("simulate", *options, "--mix=demo")
    with pytest.raises(CommandError, match="numbered 0 to 2"):
        call_command("simulate", *options, "--only", "3")


def test_official_files_are_written_by_business_and_period(tmp_path: Path) -> None:
    options = ["--businesses=30", "--months=5", "--seed=9", "--mix=demo", "--end=2026-05-31", f"--out={tmp_path}"]
    printed = StringIO()
    call_command("simulate", *options, "--format=official", "--first=2", stdout=printed)
    folders = [path for path in tmp_path.iterdir() if path.name != "truth"]
    assert len(folders) == 2
    names = {path.name for folder in folders for path in folder.iterdir()}
    assert {"gstr1-032026.json", "gstr3b-032026.json", "gstr2b-032026.json"} <= names
    assert {"eway_bills.json", "aa_deposit.xml", "upi_payments.csv"} <= names
    assert (tmp_path / "truth" / "truth.json").exists()
    with pytest.raises(CommandError, match="one piece"):
        call_command("simulate", *options, "--format=official", "--shard-size=20", stdout=printed)
