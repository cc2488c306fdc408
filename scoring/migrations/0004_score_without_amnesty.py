"""The score that the same evidence gives without the amnesty in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_consent_trail_is_append_only"),
        ("scoring", "0003_model_governance"),
    ]

    operations = [
        migrations.AddField(
            model_name="scorerun",
            name="score_without_amnesty",
            field=models.PositiveSmallIntegerField(
                help_text="The same evidence without the amnesty that was in force; null when there was none.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="scorerun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("score_without_amnesty__isnull", True),
                    ("score_without_amnesty__lte", models.F("score")),
                    _connector="OR",
                ),
                name="run_amnesty_only_helps",
            ),
        ),
    ]
