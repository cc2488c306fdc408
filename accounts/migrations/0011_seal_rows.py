"""Every person gets a data key, and what is written plain in their row is sealed under it."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from creditiq.kernel import sealing
from creditiq.kernel.fields import wrap

SEALED = ("phone", "address")


def seal_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Row by row: an installation has thousands of people, not millions. What is sealed already stays."""
    people = apps.get_model("accounts", "User").objects
    for person in people.filter(data_key="").order_by("pk").iterator():
        person.data_key = wrap(sealing.new_key(), place="accounts.user.data_key")
        person.save(update_fields=["data_key", *SEALED])


def open_rows(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Back to plain text."""
    people = apps.get_model("accounts", "User").objects
    for person in people.exclude(data_key="").order_by("pk").iterator():
        people.filter(pk=person.pk).update(data_key="", **{name: getattr(person, name) for name in SEALED})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_sealed_fields")]

    operations = [migrations.RunPython(seal_rows, open_rows)]
