"""From here on the database refuses a phone or an address that is not sealed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_seal_rows")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("phone", ""), ("phone__startswith", "gcm1$"), _connector="OR"),
                name="user_phone_sealed",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("address", ""), ("address__startswith", "gcm1$"), _connector="OR"),
                name="user_address_sealed",
            ),
        ),
    ]
