from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0026_notices_keep_facts"),
    ]

    operations = [
        migrations.AddField(
            model_name="breach",
            name="report",
            field=models.TextField(
                blank=True, default="", help_text="what the Board got, as JSON: frozen with its digest"
            ),
            preserve_default=False,
        ),
    ]
