"""Who put a version in service, what a version in shadow would have said, and how far the world has moved."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

REFUSE = """
CREATE TRIGGER version_act_immutable BEFORE UPDATE OR DELETE ON scoring_versionact
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
CREATE TRIGGER shadow_score_immutable BEFORE UPDATE OR DELETE ON scoring_shadowscore
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
"""
ALLOW = """
DROP TRIGGER version_act_immutable ON scoring_versionact;
DROP TRIGGER shadow_score_immutable ON scoring_shadowscore;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("scoring", "0002_runs_are_immutable"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DriftReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("as_of", models.DateTimeField()),
                ("metric", models.CharField(max_length=12)),
                ("subject", models.CharField(max_length=60)),
                ("value", models.FloatField(null=True)),
                ("critical", models.FloatField(null=True)),
                ("size", models.PositiveIntegerField()),
                (
                    "verdict",
                    models.CharField(choices=[("stable", "Stable"), ("watch", "Watch"), ("act", "Act")], max_length=6),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drift_readings",
                        to="scoring.modelversion",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["version", "-as_of"], name="drift_version_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "as_of", "metric", "subject"), name="drift_once"),
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["stable", "watch", "act"])), name="drift_verdict_known"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShadowScore",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("score", models.PositiveSmallIntegerField()),
                ("pd", models.FloatField()),
                ("band", models.CharField(max_length=14)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="shadows", to="scoring.scorerun"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shadow_scores",
                        to="scoring.modelversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("run", "version"), name="shadow_once_per_run"),
                    models.CheckConstraint(
                        condition=models.Q(("pd__gte", 0), ("pd__lte", 1), ("score__range", (300, 900))),
                        name="shadow_is_a_score",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VersionAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("act", models.CharField(max_length=20)),
                ("source", models.CharField(max_length=13)),
                ("target", models.CharField(max_length=13)),
                ("at", models.DateTimeField()),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="scoring.modelversion"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["version", "-at", "-id"], name="version_act_newest"),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="modelversion",
            name="version_status_known",
        ),
        migrations.AddField(
            model_name="modelversion",
            name="approver",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="models_approved",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="developer",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="models_developed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="installed",
            field=models.BooleanField(default=True),  # versions that are there were put in service by the installation
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="installed",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="served_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="split",
            field=models.FloatField(default=0.0),
        ),
        migrations.AddField(
            model_name="modelversion",
            name="validator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="models_validated",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="modelversion",
            name="status",
            field=models.CharField(
                choices=[
                    ("registered", "Registered"),
                    ("in_validation", "In Validation"),
                    ("validated", "Validated"),
                    ("approved", "Approved"),
                    ("shadow", "Shadow"),
                    ("challenger", "Challenger"),
                    ("champion", "Champion"),
                    ("retired", "Retired"),
                    ("suspended", "Suspended"),
                ],
                default="registered",
                max_length=13,
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "registered",
                            "in_validation",
                            "validated",
                            "approved",
                            "shadow",
                            "challenger",
                            "champion",
                            "retired",
                            "suspended",
                        ],
                    )
                ),
                name="version_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "challenger")), fields=("status",), name="version_one_challenger"
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("developer__isnull", True),
                    ("validator__isnull", True),
                    models.Q(("developer", models.F("validator")), _negated=True),
                    _connector="OR",
                ),
                name="version_developer_is_not_validator",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("developer__isnull", True),
                    ("approver__isnull", True),
                    models.Q(("developer", models.F("approver")), _negated=True),
                    _connector="OR",
                ),
                name="version_developer_is_not_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("validator__isnull", True),
                    ("approver__isnull", True),
                    models.Q(("validator", models.F("approver")), _negated=True),
                    _connector="OR",
                ),
                name="version_validator_is_not_approver",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("installed", True),
                    models.Q(("status__in", ["approved", "shadow", "challenger", "champion"]), _negated=True),
                    models.Q(("approver__isnull", False), ("validator__isnull", False)),
                    _connector="OR",
                ),
                name="version_serves_after_approval",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("split__gte", 0.0), ("split__lte", 0.5)), name="version_split_up_to_half"
            ),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
