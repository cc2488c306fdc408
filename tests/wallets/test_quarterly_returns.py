"""Returns of a quarterly filer fall due by quarter; months within one are never unfiled."""

from datetime import date

import pytest

from creditiq.kernel.clock import IST, moment, now
from creditiq.kernel.gst_calendar import ON_THE_22ND
from tests.wallets.conftest import Shop
from tests.wallets.engine.importers.samples import csv_of, good_row
from tests.wallets.test_formats import gstr1, read
from wallets.engine.world.geography import CODES, EARLY_QUARTERLY
from wallets.models import GstReturn
from wallets.selectors.frames import known_records


@pytest.fixture
def quarterly(shop: Shop) -> Shop:
    shop.business.quarterly_filer = True
    shop.business.save()
    return shop


def returns(*rows: tuple[str, str, str]) -> bytes:
    return csv_of(
        "gst_returns",
        [
            good_row("gst_returns", return_type=kind, period=period, due_date="", filed_on=filed, arn="")
            for kind, period, filed in rows
        ],
    )


def days(shop: Shop) -> dict[tuple[str, int], tuple[date, bool]]:
    """Day due and whether the row counts, by return and month."""
    return {
        (row.return_type, row.period % 12 + 1): (row.due_at.astimezone(IST).date(), row.filing_known)
        for row in GstReturn.objects.filter(business=shop.business, superseded_at=None)
    }


def test_a_quarter_falls_due_once_and_its_first_two_months_are_not_unfiled(quarterly: Shop) -> None:
    told = [(kind, f"{month:02d}-2026", "") for kind in ("GSTR1", "GSTR3B") for month in (4, 5)]
    read(
        quarterly,
        returns(*told, ("GSTR1", "06-2026", "2026-07-13"), ("GSTR3B", "06-2026", "2026-07-25")),
        "gst_returns",
    )
    found = days(quarterly)
    assert (found["GSTR1", 6], found["GSTR3B", 6]) == ((date(2026, 7, 13), True), (date(2026, 7, 22), True))
    assert [found[kind, month][1] for kind in ("GSTR1", "GSTR3B") for month in (4, 5)] == [False] * 4
    frame = known_records(GstReturn, [quarterly.business.pk], now())
    assert sorted(frame["return_type"]) == ["GSTR1", "GSTR3B"]


def test_a_quarterly_filer_on_time_has_no_delay_in_the_features(quarterly: Shop) -> None:
    told = [("GSTR1", "06-2026", "2026-07-13"), ("GSTR3B", "06-2026", "2026-07-22"), ("GSTR3B", "05-2026", "")]
    read(quarterly, returns(*told), "gst_returns")
    rows = known_records(GstReturn, [quarterly.business.pk], now())
    assert (rows["filed_at"] - rows["due_at"]).to_list() == [0, 0]


def test_invoices_furnished_within_the_quarter_and_months_filed_by_month_keep_their_own_days(quarterly: Shop) -> None:
    told = [("GSTR1", "04-2026", "2026-05-12"), ("GSTR3B", "04-2026", "2026-05-20"), ("GSTR3B", "06-2026", "")]
    read(quarterly, returns(*told), "gst_returns")
    found = days(quarterly)
    assert found["GSTR1", 4] == (date(2026, 5, 13), True)
    assert (found["GSTR3B", 4], found["GSTR3B", 6]) == ((date(2026, 5, 20), True), (date(2026, 7, 20), True))


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
def test_returns_of_a_quarter_in_several_files_fall_due_as_in_one(quarterly: Shop, order: tuple[int, ...]) -> None:
    told = [("GSTR3B", "04-2026", "2026-05-20"), ("GSTR3B", "05-2026", ""), ("GSTR3B", "06-2026", "2026-07-24")]
    moments = []
    for place in order:
        read(quarterly, returns(told[place]), "gst_returns")
        moments.append(known_records(GstReturn, [quarterly.business.pk], now()).height)
    assert days(quarterly) == {
        ("GSTR3B", 4): (date(2026, 5, 20), True),
        ("GSTR3B", 5): (date(2026, 6, 20), True),
        ("GSTR3B", 6): (date(2026, 7, 20), True),
    }
    assert moments[-1] == 3


def test_what_was_known_of_a_quarter_before_it_was_told_to_be_monthly_holds(quarterly: Shop) -> None:
    read(quarterly, returns(("GSTR3B", "06-2026", "2026-07-24")), "gst_returns")
    before = now()
    upload = read(quarterly, returns(("GSTR3B", "04-2026", "2026-05-20")), "gst_returns")
    due = [known_records(GstReturn, [quarterly.business.pk], at)["due_at"].max() for at in (before, now())]
    assert [moment(at).astimezone(IST).date() for at in due] == [date(2026, 7, 22), date(2026, 7, 20)]
    assert upload.superseded == 1
    read(quarterly, returns(("GSTR3B", "06-2026", "2026-07-24")).replace(b"GSTR3B", b"gstr3b"), "gst_returns")
    assert days(quarterly)["GSTR3B", 6] == (date(2026, 7, 20), True)


def test_a_date_that_is_told_stands(quarterly: Shop) -> None:
    row = good_row("gst_returns", return_type="GSTR3B", period="06-2026", due_date="2026-07-31", filed_on="", arn="")
    read(quarterly, csv_of("gst_returns", [row]), "gst_returns")
    assert days(quarterly)["GSTR3B", 6] == (date(2026, 7, 31), True)


def test_the_return_that_a_gstr1_is_falls_due_by_quarter_too(quarterly: Shop) -> None:
    read(quarterly, gstr1(quarterly, "A/1"), "gstr1")
    assert days(quarterly)["GSTR1", 9][0] == date(2026, 10, 13)


def test_a_monthly_filer_keeps_the_monthly_days(shop: Shop) -> None:
    read(shop, returns(("GSTR3B", "05-2026", "")), "gst_returns")
    assert days(shop) == {("GSTR3B", 5): (date(2026, 6, 20), True)}


def test_the_simulated_economy_keeps_the_same_days() -> None:
    assert {int(code) for code in CODES[EARLY_QUARTERLY]} == ON_THE_22ND & {int(code) for code in CODES}
