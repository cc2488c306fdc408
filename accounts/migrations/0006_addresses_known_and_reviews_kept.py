"""Whoever had an account before addresses were proved keeps it; a review is written once."""

from django.db import migrations
from django.db.migrations.state import StateApps
from django.db.models import F

REFUSE = """
CREATE TRIGGER access_review_append_only BEFORE UPDATE OR DELETE ON accounts_accessreview
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW = "DROP TRIGGER access_review_append_only ON accounts_accessreview;"


def trust_who_is_here(apps: StateApps, schema_editor: object) -> None:
    """Accounts made before this step were made by somebody entitled to, or signed in already."""
    people = apps.get_model("accounts", "User").objects.filter(email_verified_at=None)
    people.update(email_verified_at=F("joined_at"), onboarded_at=F("joined_at"))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_identity")]

    operations = [
        migrations.RunPython(trust_who_is_here, migrations.RunPython.noop),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
