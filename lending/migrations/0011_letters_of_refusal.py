"""The letter of a refusal, and what the database refuses of it."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STAYS = """
CREATE FUNCTION lending_freeze_letter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.acknowledged_at IS NOT NULL OR (
        (NEW.uuid, NEW.application_id, NEW.language, NEW.codes, NEW.facts, NEW.sha256, NEW.issued_at, NEW.deliver_by)
        IS DISTINCT FROM
        (OLD.uuid, OLD.application_id, OLD.language, OLD.codes, OLD.facts, OLD.sha256, OLD.issued_at, OLD.deliver_by)
    ) OR (OLD.delivered_at IS NOT NULL AND NEW.delivered_at IS DISTINCT FROM OLD.delivered_at) THEN
        RAISE EXCEPTION 'a letter stays as it was written, and so does its delivery'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER letter_stays BEFORE UPDATE OR DELETE ON lending_adverseletter
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_letter();
"""
LEAVES = "DROP TRIGGER letter_stays ON lending_adverseletter; DROP FUNCTION lending_freeze_letter();"


class Migration(migrations.Migration):
    dependencies = [
        ("lending", "0010_returns_stay"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AdverseLetter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("language", models.CharField(max_length=2)),
                ("codes", models.JSONField()),
                ("facts", models.JSONField()),
                ("sha256", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                ("deliver_by", models.DateField()),
                ("delivered_at", models.DateTimeField(null=True)),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        choices=[("portal", "Opened in the portal"), ("post", "Sent by post"), ("hand", "Handed over")],
                        max_length=6,
                    ),
                ),
                ("acknowledged_at", models.DateTimeField(null=True)),
                (
                    "acknowledged_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="letter", to="lending.loanapplication"
                    ),
                ),
                (
                    "delivered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="letter_digest_shape"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("acknowledged_at__isnull", True), ("delivered_at__isnull", False), _connector="OR"
                        ),
                        name="letter_read_after_delivery",
                    ),
                ],
            },
        ),
        migrations.RunSQL(STAYS, LEAVES),
    ]
