"""What the database itself refuses: changing the audit trail, and editing a policy after it was approved."""

from django.db import migrations

REFUSE_CHANGE = """
CREATE FUNCTION accounts_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: rows are append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON accounts_auditentry
    FOR EACH ROW EXECUTE FUNCTION accounts_refuse_change();
"""
ALLOW_CHANGE = """
DROP TRIGGER audit_append_only ON accounts_auditentry;
DROP FUNCTION accounts_refuse_change();
"""

FREEZE_POLICY = """
CREATE FUNCTION accounts_freeze_policy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            RAISE EXCEPTION 'an approved policy cannot be deleted' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.status <> 'draft' AND (
        (NEW.section, NEW.version, NEW.document, NEW.author_id, NEW.approver_id, NEW.live_from)
        IS DISTINCT FROM
        (OLD.section, OLD.version, OLD.document, OLD.author_id, OLD.approver_id, OLD.live_from)
    ) THEN
        RAISE EXCEPTION 'an approved policy cannot be edited' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER policy_frozen BEFORE UPDATE OR DELETE ON accounts_policyversion
    FOR EACH ROW EXECUTE FUNCTION accounts_freeze_policy();
"""
THAW_POLICY = """
DROP TRIGGER policy_frozen ON accounts_policyversion;
DROP FUNCTION accounts_freeze_policy();
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        migrations.RunSQL(FREEZE_POLICY, THAW_POLICY),
    ]
