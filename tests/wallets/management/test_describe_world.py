import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

WORLD = ("--businesses=60", "--months=8", "--seed=4")


def described(*words: str) -> dict[str, object]:
    printed = StringIO()
    call_command("describe_world", *words, "--json", stdout=printed)
    portrait: dict[str, object] = json.loads(printed.getvalue())
    return portrait


def test_what_must_be_whole_is_whole() -> None:
    portrait = described(*WORLD)
    shares = [portrait[f"share_of_{name}"] for name in ("gstins_valid", "bills_valid", "payments_with_both_legs")]
    assert shares == [1.0, 1.0, 1.0]
    assert portrait["pace"]["records_per_second"] > 0


def test_files_are_described_like_the_world_they_came_from(tmp_path: Path) -> None:
    call_command("simulate", *WORLD, f"--out={tmp_path}", stdout=StringIO())
    fresh = described(*WORLD)
    assert described(str(tmp_path)) == {name: value for name, value in fresh.items() if name != "pace"}


def test_a_world_in_blocks_is_described_as_a_whole(tmp_path: Path) -> None:
    call_command("simulate", *WORLD, "--shard-size=20", f"--out={tmp_path}", stdout=StringIO())
    portrait = described(str(tmp_path))
    assert portrait["businesses"] == 60
    assert portrait["share_of_payments_with_both_legs"] == 1.0


def test_the_tables_are_readable_by_people() -> None:
    printed = StringIO()
    call_command("describe_world", *WORLD, stdout=printed)
    assert "filing_delay" in printed.getvalue()
    assert "share_of_gstins_valid: 1.000" in printed.getvalue()


def test_a_folder_without_a_world_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"businesses\.parquet"):
        call_command("describe_world", str(tmp_path))
