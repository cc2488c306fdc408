"""The tariff's headings by date."""

from datetime import date

import pytest

from wallets.engine.importers.tariff import every_heading, tariff_at
from wallets.engine.world.sectors import HSN


@pytest.mark.parametrize("code", ["9876", "0199", "7701", "0001", "1403", "9909"])
def test_a_code_of_no_heading_is_in_no_tariff(code: str) -> None:
    assert not any(tariff_at(day).knows(code) for day in (date(2018, 4, 1), date(2026, 11, 1)))


def test_headings_come_and_go_with_the_harmonised_system() -> None:
    before, after = tariff_at(date(2021, 12, 31)), tariff_at(date(2022, 1, 1))
    assert (before.knows("8803"), before.knows("8806"), after.knows("8803"), after.knows("880610")) == (
        True, False, False, True,
    )  # fmt: skip


def test_the_tariff_has_every_chapter_but_the_reserved_one() -> None:
    chapters = {heading[:2] for heading in every_heading()}
    assert chapters == {f"{number:02d}" for number in range(1, 100)} - {"77"}
    assert 1_200 < len(every_heading()) < 1_300


def test_the_sectors_of_the_simulated_economy_trade_in_real_headings() -> None:
    tariff = tariff_at(date(2026, 6, 14))
    assert all(tariff.knows(str(code)) for code in HSN.ravel())
