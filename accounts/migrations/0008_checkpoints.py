"""Checkpoints of the audit trail; neither they nor the entries can be changed, deleted or emptied out."""

import django.db.models.deletion
from django.db import migrations, models

REFUSE_TRUNCATE = """
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON accounts_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_change();
CREATE TRIGGER audit_checkpoint_no_truncate BEFORE TRUNCATE ON accounts_auditcheckpoint
    FOR EACH STATEMENT EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW_TRUNCATE = """
DROP TRIGGER IF EXISTS audit_no_truncate ON accounts_auditentry;
DROP TRIGGER IF EXISTS audit_checkpoint_no_truncate ON accounts_auditcheckpoint;
"""
"""Tests that empty the tables between them lift this one refusal from their own database (tests/conftest.py)."""
REFUSE_CHANGE = """
CREATE TRIGGER audit_checkpoint_append_only BEFORE UPDATE OR DELETE ON accounts_auditcheckpoint
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW_CHANGE = "DROP TRIGGER audit_checkpoint_append_only ON accounts_auditcheckpoint;"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_approvals"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditCheckpoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField()),
                ("first_seq", models.PositiveBigIntegerField()),
                ("last_seq", models.PositiveBigIntegerField()),
                ("merkle_root", models.CharField(max_length=64)),
                ("head", models.CharField(help_text="hash of the last entry", max_length=64)),
                ("at", models.DateTimeField()),
                ("previous_hash", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="audit_checkpoints",
                        to="accounts.organisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "number"), name="audit_checkpoint_number", nulls_distinct=False
                    ),
                    models.UniqueConstraint(
                        fields=("organisation", "first_seq"), name="audit_checkpoint_stretch", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("first_seq__gte", 1), ("last_seq__gte", models.F("first_seq"))),
                        name="audit_checkpoint_covers_something",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["hash"], name="audit_hash"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["action", "-at"], name="audit_action"),
        ),
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["actor", "-at"], name="audit_actor"),
        ),
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        migrations.RunSQL(REFUSE_TRUNCATE, ALLOW_TRUNCATE),
    ]
