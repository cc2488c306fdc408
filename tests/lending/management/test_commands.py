import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

WATERFALL = {
    "date": "2026-03-20",
    "amount": "40000",
    "dues": [
        {"due": "2026-02-05", "principal": "23214.31", "interest": "10000.00"},
        {"due": "2026-03-05", "principal": 23446.45, "interest": 9767.86},
        {"due": "2026-03-10", "component": "fee", "amount": "300"},
        {"due": "2026-03-10", "component": "penal", "amount": "590"},
    ],
}


def printed(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


def answer(command: str, *arguments: str) -> dict[str, object]:
    return json.loads(printed(command, *arguments, "--json").splitlines()[-1])


def loan(principal: object, rate: object, months: int, *more: str) -> dict[str, object]:
    return answer("quote", f"--principal={principal}", f"--rate={rate}", f"--months={months}", *more)


def test_a_quote_has_the_published_numbers():
    found = loan(1_000_000, 12, 36, "--first-due=2026-02-05")

    assert (found["emi"], found["last_emi"], found["total_interest"]) == ("33214.31", "33214.30", "195715.15")
    assert (found["apr"], found["irr_monthly"]) == ("12.00", "1.000000")
    first, last = found["schedule"][0], found["schedule"][-1]
    assert (first["n"], first["due"], first["balance"]) == (1, "2026-02-05", "976785.69")
    assert (last["principal"], last["interest"], last["balance"]) == ("32885.45", "328.85", "0.00")


@pytest.mark.parametrize(
    ("more", "interest"),
    [
        (("--method", "flat"), "900.00"),
        (("--method", "declining", "--day-count", "ACT/365F", "--first-due", "2022-12-01"), "487.33"),
        (("--day-count", "30/360", "--first-due", "2022-12-01"), "488.22"),
        (("--disbursed", "2022-11-01"), "488.22"),
    ],
)
def test_methods_and_day_counts_are_chosen_by_name(more, interest):
    assert loan(5_000, 12, 18, "--multiple", "1", *more)["total_interest"] == interest


def test_the_variants_of_a_loan_are_asked_for_by_option():
    waiting = loan(1_000_000, 12, 36, "--moratorium", "3", "--moratorium-interest", "interest_only")
    rising = loan(1_000_000, 12, 36, "--method", "step", "--step-percent", "10")
    fixed = loan(280_000, "8.4", 20, "--instalment", "14000", "--multiple", "1")
    even = loan(1_250, 15, 4, "--rounding", "half-even", "--multiple", "1")

    assert (waiting["emi"], waiting["last_emi"]) == ("35727.44", "35727.35")
    assert rising["schedule"][12]["amount"] == "33365.89"
    assert len(fixed["schedule"]) == 22
    assert (even["schedule"][0]["interest"], even["last_emi"]) == ("15.62", "323.33")


def test_a_quote_for_people_is_a_table():
    assert "instalment 33214.31, interest 195715.15, APR 13.45 %" in printed(
        "quote", "--principal", "10,00,000", "--rate", "12", "--months", "36", "--fee", "20500"
    )


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("--principal", ("--principal=0", "--rate=12", "--months=12")),
        ("--principal", ("--principal=ten", "--rate=12", "--months=12")),
        ("--principal", ("--principal=NaN", "--rate=12", "--months=12")),
        ("--rate", ("--principal=1000", "--rate=200", "--months=12")),
        ("--months", ("--principal=1000", "--rate=12", "--months=0")),
        ("--first-due", ("--principal=1000", "--rate=12", "--months=12", "--first-due=31-12-2026")),
        ("--first-due", ("--principal=1000", "--rate=12", "--months=600", "--first-due=9990-01-05")),
        ("--first-due", ("--principal=1000", "--rate=12", "--months=12", "--first-due=0001-01-05")),
        ("--disbursed", ("--principal=1000", "--rate=12", "--months=12", "--disbursed=9999-12-31")),
        ("--method", ("--principal=1000", "--rate=12", "--months=12", "--method=gift")),
        ("--fee", ("--principal=1000", "--rate=12", "--months=12", "--fee=1000")),
        ("--fee", ("--principal=1000", "--rate=12", "--months=12", "--fee=-1")),
    ],
)
def test_a_bad_argument_of_a_quote_is_named(field, arguments):
    with pytest.raises(CommandError, match=field):
        call_command("quote", *arguments, stdout=StringIO())


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2021-03-30", (0, None, None, "standard")),
        ("2021-04-29", (30, "SMA-0", "2021-06-29", "standard")),
        ("2021-04-30", (31, "SMA-1", "2021-06-29", "standard")),
        ("2021-05-30", (61, "SMA-2", "2021-06-29", "standard")),
        ("2021-06-29", (91, None, "2021-06-29", "substandard")),
        ("2022-06-29", (456, None, "2021-06-29", "doubtful1")),
    ],
)
def test_a_due_is_classified_at_a_day_end(day, expected):
    found = answer("classify", "--due", "2021-05-31", "2021-03-31", "--as-of", day)

    assert (found["dpd"], found["sma"], found["npa_date"], found["asset_class"]) == expected


def test_the_other_accounts_of_the_borrower_count():
    found = answer("classify", "--due", "2026-03-05", "--other-due", "2025-12-01", "--as-of", "2026-03-20")

    assert (found["dpd"], found["npa_date"], found["asset_class"]) == (16, "2026-03-01", "substandard")


def test_without_arrears_a_loan_is_standard_today():
    assert "asset_class: standard" in printed("classify")
    with pytest.raises(CommandError, match="--due"):
        call_command("classify", "--due", "2026-02-30", stdout=StringIO())


@pytest.mark.parametrize(
    ("orientation", "order", "dpd"),
    [
        ("horizontal", ["interest", "principal", "fee", "penal"], 16),
        ("vertical", ["penal", "fee", "interest", "principal"], 44),
    ],
)
def test_the_same_money_leaves_two_different_arrears(tmp_path, orientation, order, dpd):
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps({**WATERFALL, "orientation": orientation, "order": order}))

    found = answer("allocate", "--file", str(file))

    assert found["dpd_after"] == dpd
    assert sum(Decimal(part["amount"]) for part in found["allocations"]) == 40_000
    assert {"due", "component", "amount"} == set(found["left"][0])


def test_a_file_that_is_no_receipt_is_refused_by_field_or_line(tmp_path):
    broken, wrong = tmp_path / "broken.json", tmp_path / "wrong.json"
    broken.write_text('{"date":\n}')
    wrong.write_text(json.dumps({**WATERFALL, "amount": "forty"}))

    for file, words in ((broken, "line 2"), (wrong, "amount"), (tmp_path / "absent.json", "--file")):
        with pytest.raises(CommandError, match=words):
            call_command("allocate", "--file", str(file), stdout=StringIO())


def test_the_help_of_allocate_holds_the_schema_of_its_file(capsys):
    with pytest.raises(SystemExit):
        call_command("allocate", "--help")

    text = capsys.readouterr().out
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in text
    assert '"required": [' in text


@pytest.mark.parametrize("option", ["--as-of", "--on", "--date"])
def test_the_day_of_a_class_has_three_names(option):
    assert answer("classify", "--due=2026-03-31", f"{option}=2026-04-30")["sma"] == "SMA-1"


def test_an_amount_beyond_counting_is_refused_by_its_option():
    with pytest.raises(CommandError, match="--principal: Ask for at most"):
        loan("1e30", 12, 12)


def test_a_date_no_calendar_of_loans_reaches_is_refused_by_its_option():
    with pytest.raises(CommandError, match="--due"):
        call_command("classify", "--due=9999-12-31", "--as-of=9999-12-31", stdout=StringIO())
