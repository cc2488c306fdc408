"""What tiers ask for, when to ask again, and who owns a business in the end."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.engine import kyc
from accounts.engine.ownership import Path, Stake, Unsound, holdings


def stakes(*rows: tuple[str, str, str]) -> list[Stake]:
    return [Stake(holder, held, Decimal(percent)) for holder, held, percent in rows]


def shares(*rows: tuple[str, str, str]) -> dict[str, str]:
    return {one.holder: str(one.effective) for one in holdings(stakes(*rows), of="mill")}


@pytest.mark.parametrize(("risk", "due"), [("high", 2028), ("medium", 2034), ("low", 2036)])
def test_the_business_is_asked_again_after_two_eight_or_ten_years(risk: str, due: int) -> None:
    assert kyc.next_due(date(2026, 11, 20), risk) == date(due, 11, 20)


def test_a_leap_day_becomes_the_last_of_february() -> None:
    assert kyc.next_due(date(2024, 2, 29), "high") == date(2026, 2, 28)
    assert kyc.next_due(date(2024, 2, 29), "medium") == date(2032, 2, 29)


def test_a_tier_is_reached_when_nothing_is_missing() -> None:
    basic = {"pan_card", "registration", "address"}
    assert kyc.reached("company", accepted=basic - {"address"}, owners_known=True) == ""
    assert kyc.reached("company", accepted=basic, owners_known=False) == "basic"
    more = basic | {"identity", "deed"}
    assert kyc.missing("enhanced", "company", accepted=more, owners_known=False) == ("owners",)
    assert kyc.reached("company", accepted=more, owners_known=True) == "enhanced"
    assert kyc.reached("proprietorship", accepted=basic | {"identity"}, owners_known=True) == "enhanced"
    assert kyc.reached("company", accepted=more | {"bank", "accounts"}, owners_known=True) == "premium"


def test_numbers_nobody_confirmed_say_so() -> None:
    row = kyc.figure("owner.above.partnership", date(2026, 11, 1))
    assert (row.confirmed, row.source) == (False, "to confirm")


def test_shares_multiply_along_a_path_and_add_over_paths() -> None:
    structure = (("holding", "mill", "60"), ("asha", "holding", "50"), ("asha", "mill", "5"), ("ravi", "mill", "35"))
    assert shares(*structure) == {"holding": "60.00", "asha": "35.00", "ravi": "35.00"}
    asha = next(one for one in holdings(stakes(*structure), of="mill") if one.holder == "asha")
    assert asha.paths == (Path(("asha", "holding"), Decimal("30.00")), Path(("asha",), Decimal("5.00")))


def test_companies_that_hold_each_other_are_solved_exactly() -> None:
    """a = 0.5 + 0.2 b, b = 0.4 + 0.25 a: a = 0.58/0.95, b = 0.4 + 0.25 a; asha has half of a."""
    found = shares(("a", "mill", "50"), ("b", "mill", "40"), ("a", "b", "20"), ("b", "a", "25"), ("asha", "a", "50"))
    assert found == {"a": "61.05", "b": "55.26", "asha": "30.53"}


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([("asha", "mill", "70"), ("ravi", "mill", "31")], "more than 100 percent"),
        ([("asha", "mill", "0")], "more than 0"),
        ([("a", "mill", "10"), ("a", "b", "100"), ("b", "a", "100")], "nobody owns them"),
        ([("asha", "mill", "10"), ("asha", "mill", "5")], "written twice"),
        ([("mill", "mill", "10")], "Nobody holds themselves"),
    ],
)
def test_what_cannot_be_true_is_refused(rows: list[tuple[str, str, str]], sentence: str) -> None:
    with pytest.raises(Unsound, match=sentence):
        holdings(stakes(*rows), of="mill")


@given(st.lists(st.integers(1, 100), min_size=1, max_size=8), st.integers(1, 100))
def test_people_behind_one_holding_have_together_what_it_has(parts: list[int], share: int) -> None:
    """Shares of 100 among people behind one holding of the mill: their sum is the holding's, but for rounding."""
    total = sum(parts)
    exact = [Decimal(part * 100) / total for part in parts]
    rounded = [value.quantize(Decimal("0.01"), rounding="ROUND_DOWN") for value in exact]
    rows = [Stake(f"p{n}", "holding", value) for n, value in enumerate(rounded) if value]
    found = holdings([Stake("holding", "mill", Decimal(share)), *rows], of="mill")
    people = sum(one.effective for one in found if one.holder != "holding")
    assert abs(people - sum(row.percent for row in rows) * share / 100) <= Decimal("0.005") * len(rows)
