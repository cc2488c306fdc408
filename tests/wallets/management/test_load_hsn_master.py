"""The house's own HSN master takes the place of the built-in list, and findings name the list."""

import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.test import override_settings

from creditiq.kernel import health
from tests.wallets.engine.importers.samples import AS_OF, OWN, csv_of, good_row
from wallets.engine.importers import tabular
from wallets.engine.importers.tariff import UnusableMaster, house_master, tariff_at, use_master

CODES = [f"{chapter:02d}{heading:02d}" for chapter in range(1, 12) for heading in range(1, 11)]


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Where the house's list goes; the built-in one counts again afterwards."""
    path = tmp_path / "var" / "hsn_master.json"
    with override_settings(HSN_MASTER=path):
        yield path
    use_master(None)


def load(*arguments: str) -> dict[str, object]:
    out = io.StringIO()
    call_command("load_hsn_master", *arguments, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def refusals(hsn: str) -> list[str]:
    row = good_row("gst_invoices", hsn=hsn)
    parsed = tabular.parse(csv_of("gst_invoices", [row]), kind="gst_invoices", as_of=AS_OF, own_gstin=OWN)
    return [it.message for it in parsed.refusals if it.field == "hsn"]


def test_codes_are_held_against_the_list_that_was_loaded_and_findings_name_it(target: Path, tmp_path: Path) -> None:
    assert refusals("7210") == []
    assert refusals("9876") == ["No heading of the built-in HSN list begins with these four digits."]
    file = tmp_path / "portal.csv"
    file.write_text("HSN_CD,HSN_Description\n" + "".join(f"{code}1000,thing\n" for code in CODES))
    assert load(str(file), "--as=HSN of the portal, June 2026") == {
        "name": "HSN of the portal, June 2026", "headings": 110, "since": "2017-07-01",
    }  # fmt: skip
    assert refusals("0101") == []
    assert refusals("7210") == ["No heading of HSN of the portal, June 2026 begins with these four digits."]
    assert load()["name"] == "HSN of the portal, June 2026"
    assert load("--built-in")["name"] == "the built-in HSN list"
    assert refusals("7210") == []
    assert not target.exists()


def test_codes_come_and_go_by_their_dates() -> None:
    rows = [f"{code},," for code in CODES] + ["9901,2026-04-01,", "9902,,2026-01-01"]
    written = json.loads(house_master("\n".join(["code,since,until", *rows]).encode(), "x"))
    assert [version["since"] for version in written["versions"]] == ["2017-07-01", "2026-01-01", "2026-04-01"]
    assert written["versions"][1]["removed"] == {"99": "2"}
    assert written["versions"][2]["added"] == {"99": "1"}
    assert tariff_at(date(2026, 6, 14)).name == "the built-in HSN list"


def test_a_heading_goes_with_the_last_of_its_codes() -> None:
    ended = [
        "990110,,2026-01-01",
        "990120,,2026-04-01",
        "990210,,2026-01-01",
        "990220,2026-04-01,",
        "990310,,2026-01-01",
    ]
    rows = [f"{code},," for code in [*CODES, "9903"]] + ended
    written = json.loads(house_master("\n".join(["code,since,until", *rows]).encode(), "x"))
    changes = [(version["since"], version["added"], version["removed"]) for version in written["versions"][1:]]
    assert changes == [("2026-01-01", {}, {"99": "2"}), ("2026-04-01", {"99": "2"}, {"99": "1"})]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"description\nthing\n", "No column is called"),
        (b"hsn\n72x0\n", "Line 2: an HSN code has 2, 4, 6 or 8 digits"),
        (b"hsn\n0101\n1012100\n", "Line 3: an HSN code has 2, 4, 6 or 8 digits; put back a 0"),
        (b"hsn,since,until\n7210,2026-04-01,2026-03-31\n", "Line 2: .*until.* is before"),
        (b"hsn,since\n7210,soon\n", "Line 2: write"),
        (b"hsn\n7210\n", "fewer than 100"),
        (b"\xff\xfe", "no CSV"),
        (b"", "fewer than 100"),
    ],
)
def test_a_file_that_is_no_master_is_refused_and_nothing_changes(
    target: Path, tmp_path: Path, content: bytes, why: str
) -> None:
    with pytest.raises(UnusableMaster, match=why):
        house_master(content, "x")
    file = tmp_path / "wrong.csv"
    file.write_bytes(content)
    with pytest.raises(CommandError, match=why):
        load(str(file))
    assert not target.exists()


def test_a_broken_master_stops_no_process_and_the_command_repairs_it(target: Path, tmp_path: Path) -> None:
    house = apps.get_app_config("wallets")
    target.parent.mkdir()
    target.write_text("{")
    try:
        house.ready()
        told = health.readings()["hsn_master"]
        assert (told["ok"], told["name"]) == (False, "the built-in HSN list")
        assert "load it again with load_hsn_master" in str(told["error"])
        file = tmp_path / "portal.csv"
        file.write_text("hsn\n" + "\n".join(CODES))
        load(str(file))
        house.ready()
        assert health.readings()["hsn_master"] == {"ok": True, "name": "portal.csv"}
    finally:
        target.unlink()
        house.ready()
