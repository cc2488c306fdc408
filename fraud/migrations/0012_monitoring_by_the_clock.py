import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("fraud", "0011_case_of_a_person"),
    ]

    operations = [
        migrations.AlterField(
            model_name="monitoringreport",
            name="made_by",
            field=models.ForeignKey(
                help_text="Empty: made by the clock.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="monitoringreport",
            constraint=models.UniqueConstraint(
                condition=models.Q(("made_by__isnull", True)),
                fields=("organisation", "since", "until"),
                name="monitoring_by_the_clock_once",
            ),
        ),
    ]
