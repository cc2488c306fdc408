"""The clock's table is that of the lending rules §3: every row at its time, every task real and run here once."""

from datetime import timedelta

import pytest
from celery import current_app
from celery.schedules import crontab
from django.conf import settings

from creditiq.settings.beat import SCHEDULE

AT = {
    # the row's time and day -> tasks that begin then (hour, minute, weekday, day of month, month)
    (0, 30, "*", "*", "*"): {"lending.tasks.run_eod"},  # with provisions, IRAC and ECL: closing.py
    (1, 30, "*", "*", "*"): {"lending.tasks.prove_books"},
    (2, 0, "*", "*", "*"): {"accounts.tasks.check_kyc", "accounts.tasks.plan_retention"},
    (2, 30, "*", "*", "*"): {"fraud.tasks.load_watchlists"},  # a list that changed re-screens customers
    (3, 0, "1", "*", "*"): {"scoring.tasks.refresh_scores"},  # then PSI, CSI, drift, known outcomes: one job
    (3, 30, "*", "*", "*"): {"accounts.tasks.chase_data_requests"},
    (4, 0, "*", "*", "*"): {"accounts.tasks.verify_audit", "wallets.tasks.anchor_audit_root"},
    (6, 30, "*", "*", "*"): {"lending.tasks.build_collection_queue"},
    (9, 0, "*", "*", "*"): {"accounts.tasks.send_reminders"},
    (1, 0, "*", "1", "*"): {"accounts.tasks.freeze_monthly_reports", "fraud.tasks.freeze_monthly_monitoring"},
    (1, 5, "*", "1", "*"): {"lending.tasks.tell_of_statements"},
    (1, 0, "*", "*", "*"): {"lending.tasks.freeze_returns"},  # SMA, NPA, CTR and CBWTR on the 1st; quarter; April
    (4, 30, "*", "1", "1,4,7,10"): {"scoring.tasks.review_outcomes"},
    (4, 40, "*", "1", "1"): {"scoring.tasks.list_due_validations"},
}
EVERY = {
    # the row's minutes -> tasks that run at least as often
    1: {"wallets.tasks.move_transactions", "accounts.tasks.retry_webhooks"},
    5: {"accounts.tasks.watch_house", "wallets.tasks.check_endpoints"},
    15: {
        "lending.tasks.expire_offers", "accounts.tasks.expire_requests", "lending.tasks.escalate_late",
        "fraud.tasks.escalate_late_cases",
    },
    60: {
        "accounts.tasks.forget_expired_families", "accounts.tasks.checkpoint_audit", "accounts.tasks.expire_consents",
    },
}  # fmt: skip
BY_TASK = {entry["task"]: entry["schedule"] for entry in SCHEDULE.values()}


def numbers(text: str, least: int, most: int) -> set[int]:
    return set(range(least, most + 1)) if text == "*" else {int(word) for word in text.split(",")}


@pytest.mark.parametrize(("when", "task"), [(when, task) for when, tasks in AT.items() for task in sorted(tasks)])
def test_what_has_a_time_begins_at_it(when: tuple[int, int, str, str, str], task: str) -> None:
    hour, minute, weekday, day, month = when
    timed = BY_TASK[task]
    assert isinstance(timed, crontab)
    assert (min(timed.hour), timed.minute) == (hour, {minute})
    assert timed.day_of_week == numbers(weekday, 0, 6)
    assert timed.day_of_month == numbers(day, 1, 31)
    assert timed.month_of_year == numbers(month, 1, 12)


@pytest.mark.parametrize(
    ("minutes", "task"), [(often, task) for often, tasks in EVERY.items() for task in sorted(tasks)]
)
def test_what_is_repeated_is_repeated_as_often(minutes: int, task: str) -> None:
    timed = BY_TASK[task]
    if not isinstance(timed, crontab):
        assert timed <= minutes * 60
        return
    assert timed.hour == set(range(24))
    rounds = sorted(timed.minute)
    gaps = [after - before for before, after in zip(rounds, [*rounds[1:], rounds[0] + 60], strict=True)]
    assert max(gaps) <= minutes


def test_every_entry_names_a_task_and_india_keeps_the_time() -> None:
    current_app.loader.import_default_modules()
    assert {task for task in BY_TASK if task not in current_app.tasks} == set()
    assert settings.CELERY_TIMEZONE == "Asia/Kolkata"


def test_no_entry_that_repeats_quickly_piles_up() -> None:
    """What runs each minute or more often is dropped when it waited a whole round."""
    for name, entry in SCHEDULE.items():
        timed = entry["schedule"]
        every = timed if isinstance(timed, float) else timedelta(minutes=1).total_seconds() * (60 // len(timed.minute))
        if every <= 60 and name != "requeue lost score requests":
            assert entry["options"]["expires"] <= max(every, 5), name
