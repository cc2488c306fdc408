"""The 76 networks of the registry."""

from dataclasses import asdict

from django.db import migrations

from wallets.engine.chains.registry import networks

COLUMNS = ("caip2", "kind", "status", "testnet")


def register(apps, schema_editor):
    chain = apps.get_model("wallets", "Chain")
    for network in networks():
        row = asdict(network) | {name: getattr(network, name) for name in COLUMNS}
        chain.objects.update_or_create(key=row.pop("key"), defaults=row)


class Migration(migrations.Migration):
    dependencies = [("wallets", "0005_onchain")]
    operations = [migrations.RunPython(register, migrations.RunPython.noop)]
