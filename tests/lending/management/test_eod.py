import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.recorder import MigrationRecorder

from creditiq.kernel.clock import IST, now
from creditiq.management.benchmarks import eod
from tests.factories.loans import a_loan


def answer(capsys, *words):
    call_command(*words, "--json")
    return json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_a_day_is_closed_and_the_books_are_proved_from_the_shell(db, capsys):
    day = now().astimezone(IST).date() - timedelta(days=3)
    a_loan(on=day)
    closed = answer(capsys, "run_eod", "--date", (day + timedelta(days=1)).isoformat())
    assert (closed["loans"], closed["changed_class"]) == (1, 0)
    assert answer(capsys, "run_eod")["loans"] == 1  # yesterday, in India
    assert answer(capsys, "run_eod")["loans"] == 0
    proof = answer(capsys, "prove_books")
    assert proof["holds"]
    assert proof["accounts"]["principal"] == "1000000.00"


def test_a_day_to_come_is_refused(db):
    with pytest.raises(CommandError, match="over"):
        call_command("run_eod", "--date", "2199-01-01")


def test_books_that_do_not_agree_are_said_and_fail(db, capsys):
    loan = a_loan()
    loan.fee_due = 5
    loan.save(update_fields=["fee_due"])
    with pytest.raises(SystemExit):
        call_command("prove_books")
    assert loan.account_no in capsys.readouterr().out


def test_the_benchmark_measures_both_kinds_of_day_and_leaves_nothing(db):
    measured = eod.run(sizes=[20], rounds=1)
    assert measured["loans_per_second"] > 0
    assert measured["sizes"] == [10, 20]
    assert measured["due_day_seconds"][0] > 0
    assert measured["extrapolated"] == "straight line through 10 and 20 loans"


def test_the_number_of_loans_is_said_or_refused(db, capsys):
    assert answer(capsys, "benchmark", "eod", "--loans", "4")["sizes"] == [2, 4]
    with pytest.raises(CommandError, match="--loans"):
        call_command("benchmark", "eod", "--loans", "0")


def test_a_database_without_its_tables_is_told_to_migrate(db):
    MigrationRecorder.Migration.objects.filter(app="lending").last().delete()
    with pytest.raises(CommandError, match="Migrate first"):
        call_command("benchmark", "eod", "--loans", "4")
