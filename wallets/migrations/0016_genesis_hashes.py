from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wallets.engine.chains.registry import networks


def pin(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Genesis hashes that the list knows by now; what a node told stays."""
    chains = apps.get_model("wallets", "Chain").objects
    for network in networks():
        if network.genesis_hash:
            chains.filter(key=network.key, genesis_hash="").update(genesis_hash=network.genesis_hash)


class Migration(migrations.Migration):
    dependencies = [("wallets", "0015_score_shares")]

    operations = [migrations.RunPython(pin, migrations.RunPython.noop)]
