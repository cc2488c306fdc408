"""Phones and addresses rest sealed under a key of each person; the rows are sealed by the next migration."""

from django.db import migrations

import creditiq.kernel.fields


class Migration(migrations.Migration):
    dependencies = [("accounts", "0009_notices_reminders_jobs")]

    operations = [
        migrations.RemoveConstraint(model_name="user", name="user_phone_e164"),
        migrations.AddField(
            model_name="user",
            name="data_key",
            field=creditiq.kernel.fields.DataKeyField(blank=True, default="", editable=False),
        ),
        migrations.AlterField(model_name="user", name="address", field=creditiq.kernel.fields.SealedField(blank=True)),
        migrations.AlterField(model_name="user", name="phone", field=creditiq.kernel.fields.SealedField(blank=True)),
    ]
