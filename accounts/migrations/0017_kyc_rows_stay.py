"""A verification is never changed, and phones known already are found by their index."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSE_CHANGE = """
CREATE TRIGGER kyc_profile_stays BEFORE UPDATE ON accounts_kycprofile
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW_CHANGE = "DROP TRIGGER kyc_profile_stays ON accounts_kycprofile;"


def index_phones(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Row by row, as they were sealed."""
    people = apps.get_model("accounts", "User").objects
    for person in people.filter(phone_index="").exclude(phone="").exclude(data_key="").order_by("pk").iterator():
        person.save(update_fields=["phone_index"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0016_kyc")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        migrations.RunPython(index_phones, migrations.RunPython.noop),
    ]
