"""The registration of a charge is one among those that were not given back: it may go over to another request."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("lending", "0025_wallet_use")]

    operations = [
        migrations.RemoveConstraint(model_name="collateral", name="collateral_registered_once"),
        migrations.AddConstraint(
            model_name="collateral",
            constraint=models.UniqueConstraint(
                condition=models.Q(("registered_as", ""), _negated=True) & models.Q(("released_on__isnull", True)),
                fields=("registered_as",),
                name="collateral_registered_once",
            ),
        ),
    ]
