"""Requests that wait for a second person. What was asked for is frozen, and a decided request altogether."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FREEZE = """
CREATE FUNCTION accounts_freeze_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state <> 'pending' OR (
        (NEW.uuid, NEW.organisation_id, NEW.action, NEW.summary, NEW.reason, NEW.payload, NEW.payload_digest,
         NEW.checked_with, NEW.maker_id, NEW.made_at, NEW.expires_at)
        IS DISTINCT FROM
        (OLD.uuid, OLD.organisation_id, OLD.action, OLD.summary, OLD.reason, OLD.payload, OLD.payload_digest,
         OLD.checked_with, OLD.maker_id, OLD.made_at, OLD.expires_at)
    ) THEN
        RAISE EXCEPTION 'a request for approval is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approval_frozen BEFORE UPDATE OR DELETE ON accounts_approvalrequest
    FOR EACH ROW EXECUTE FUNCTION accounts_freeze_approval();
"""
THAW = """
DROP TRIGGER approval_frozen ON accounts_approvalrequest;
DROP FUNCTION accounts_freeze_approval();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_addresses_known_and_reviews_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApprovalRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("action", models.CharField(max_length=60)),
                ("summary", models.CharField(max_length=200)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("payload", models.TextField()),
                ("payload_digest", models.CharField(max_length=64)),
                ("checked_with", models.CharField(help_text="the capability of those who may decide", max_length=40)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                            ("expired", "Expired"),
                            ("cancelled", "Cancelled"),
                        ],
                        default="pending",
                        max_length=9,
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "checker",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_checked",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "maker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approvals",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["state", "expires_at"], name="approval_due"),
                    models.Index(fields=["organisation", "-made_at"], name="approval_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["pending", "approved", "rejected", "expired", "cancelled"])),
                        name="approval_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("checker__isnull", True),
                            models.Q(("checker", models.F("maker")), _negated=True),
                            _connector="OR",
                        ),
                        name="approval_maker_is_not_checker",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("checker__isnull", True), ("decided_at__isnull", True), ("state", "pending")),
                            models.Q(
                                ("checker__isnull", False),
                                ("decided_at__isnull", False),
                                ("state__in", ("approved", "rejected")),
                            ),
                            models.Q(
                                ("checker__isnull", True),
                                ("decided_at__isnull", False),
                                ("state__in", ("expired", "cancelled")),
                            ),
                            _connector="OR",
                        ),
                        name="approval_decided_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))), name="approval_expires_after_made"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "pending")),
                        fields=("organisation", "action", "payload_digest"),
                        name="approval_one_pending",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FREEZE, THAW),
    ]
