"""What the clock starts, in India's time (lending.md has the order of the night)."""

from celery.schedules import crontab

SCHEDULE = {
    "relay the outbox": {"task": "creditiq.kernel.tasks.relay_outbox", "schedule": 1.0, "options": {"expires": 5}},
    "requeue lost score requests": {"task": "scoring.tasks.requeue_requests", "schedule": 5.0},
    "screen everybody": {"task": "fraud.tasks.screen_population", "schedule": crontab(hour="2", minute="10")},
    "load watchlists": {"task": "fraud.tasks.load_watchlists", "schedule": crontab(hour="2", minute="30")},
    # first the scores, then what they say of the model: one piece of work, so in that order
    "refresh the scores": {
        "task": "scoring.tasks.refresh_scores",
        "schedule": crontab(hour="3", minute="0", day_of_week="1"),
    },
    "end snoozes and freezes": {"task": "fraud.tasks.end_what_passed", "schedule": crontab(minute="5,35")},
    "expire consents": {"task": "accounts.tasks.expire_consents", "schedule": crontab(minute="*/5")},
    "watch the clocks of breaches": {"task": "accounts.tasks.warn_of_breach_clocks", "schedule": crontab(minute="10")},
    "give up readings": {"task": "wallets.tasks.give_up_readings", "schedule": 60.0, "options": {"expires": 50}},
    "check chain nodes": {"task": "wallets.tasks.check_endpoints", "schedule": crontab(minute="*/5")},
    "expire approvals": {"task": "accounts.tasks.expire_requests", "schedule": crontab(minute="*/5")},
    "checkpoint the audit trail": {"task": "accounts.tasks.checkpoint_audit", "schedule": crontab(minute="0")},
    "verify the audit trail": {"task": "accounts.tasks.verify_audit", "schedule": crontab(hour="4", minute="0")},
    "write the lake": {"task": "wallets.tasks.write_lake", "schedule": crontab(hour="1", minute="40")},
    "close the day": {"task": "lending.tasks.run_eod", "schedule": crontab(hour="0", minute="30")},
    "expire offers": {"task": "lending.tasks.expire_offers", "schedule": crontab(minute="*/15")},
    "prove the books": {"task": "lending.tasks.prove_books", "schedule": crontab(hour="1", minute="30")},
    "tell scoring how loans went": {
        "task": "lending.tasks.report_all_outcomes",
        "schedule": crontab(hour="2", minute="50"),
    },
    "fill the GST calendar": {
        "task": "accounts.tasks.start_job",
        "kwargs": {"work": "reminders.plan"},
        "schedule": crontab(hour="0", minute="10"),
    },
    "check who must be verified again": {"task": "accounts.tasks.check_kyc", "schedule": crontab(hour="2", minute="0")},
    "plan what may be forgotten": {"task": "accounts.tasks.plan_retention", "schedule": crontab(hour="2", minute="0")},
    "freeze the monthly reports": {
        "task": "accounts.tasks.freeze_monthly_reports",
        "schedule": crontab(hour="1", minute="0", day_of_month="1"),
    },
    "freeze the month's monitoring": {
        "task": "fraud.tasks.freeze_monthly_monitoring",
        "schedule": crontab(hour="1", minute="0", day_of_month="1"),
    },
    "send reminders": {"task": "accounts.tasks.send_reminders", "schedule": crontab(hour="9", minute="0")},
    "repeat webhooks": {"task": "accounts.tasks.retry_webhooks", "schedule": crontab(), "options": {"expires": 50}},
    "forget kept answers": {"task": "accounts.tasks.forget_answers", "schedule": crontab(minute="45")},
    "forget expired sessions": {"task": "accounts.tasks.forget_expired_families", "schedule": crontab(minute="40")},
    # tried again for a night whose end of day takes long; a book that is kept already stays
    "freeze the book": {"task": "lending.tasks.freeze_returns", "schedule": crontab(hour="1,2,3,6", minute="0")},
    "build the collection queue": {
        "task": "lending.tasks.build_collection_queue",
        "schedule": crontab(hour="6", minute="30"),
    },
    "take up a new policy": {"task": "scoring.tasks.take_up_policy", "schedule": crontab(minute="*/5")},
    "write down usage": {"task": "accounts.tasks.flush_usage", "schedule": 15.0, "options": {"expires": 14}},
    "move chain transactions": {
        "task": "wallets.tasks.move_transactions",
        "schedule": crontab(),
        "options": {"expires": 50},
    },
    "anchor the audit trail": {"task": "wallets.tasks.anchor_audit_root", "schedule": crontab(hour="4", minute="0")},
    # a day of attestations is a UTC day, over at 05:30 in India
    "publish attestation roots": {
        "task": "wallets.tasks.publish_attestation_roots",
        "schedule": crontab(hour="5", minute="40"),
    },
    "seal agreements": {"task": "lending.tasks.seal_agreements", "schedule": crontab(hour="4", minute="20")},
    "watch the house": {
        "task": "accounts.tasks.watch_house",
        "schedule": crontab(minute="*/5"),
        "options": {"expires": 290},
    },
    "escalate late answers": {"task": "lending.tasks.escalate_late", "schedule": crontab(minute="*/15")},
    "escalate late cases": {"task": "fraud.tasks.escalate_late_cases", "schedule": crontab(minute="*/15")},
    "chase requests about data": {
        "task": "accounts.tasks.chase_data_requests",
        "schedule": crontab(hour="3", minute="30"),
    },
    "tell of statements": {
        "task": "lending.tasks.tell_of_statements",
        "schedule": crontab(hour="1,2,3,6", minute="5", day_of_month="1"),
    },
    "review known outcomes": {
        "task": "scoring.tasks.review_outcomes",
        "schedule": crontab(hour="4", minute="30", day_of_month="1", month_of_year="1,4,7,10"),
    },
    "list validations due": {
        "task": "scoring.tasks.list_due_validations",
        "schedule": crontab(hour="4", minute="40", day_of_month="1", month_of_year="1"),
    },
}
