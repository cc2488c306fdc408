"""What happened to a consent and who looked are written once: the database refuses to change or delete them."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER consent_event_append_only BEFORE UPDATE OR DELETE ON accounts_consentevent
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
CREATE TRIGGER consent_use_append_only BEFORE UPDATE OR DELETE ON accounts_consentuse
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW = """
DROP TRIGGER consent_event_append_only ON accounts_consentevent;
DROP TRIGGER consent_use_append_only ON accounts_consentuse;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_consent_trail")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
