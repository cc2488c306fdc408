"""The platform is an organisation of its own, there from the first day."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def found_platform(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("accounts", "Organisation").objects.get_or_create(kind="platform", defaults={"name": "CreditIQ"})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_guards")]

    operations = [migrations.RunPython(found_platform, migrations.RunPython.noop)]
