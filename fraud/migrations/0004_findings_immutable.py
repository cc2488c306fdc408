"""A finding says what was seen at a moment, a rule out of draft what was reviewed: the database keeps both as they are."""

from django.db import migrations

REFUSE = """
CREATE TRIGGER finding_immutable BEFORE UPDATE OR DELETE ON fraud_finding
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();
CREATE TRIGGER rule_hit_immutable BEFORE UPDATE OR DELETE ON fraud_rulehit
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();
CREATE TRIGGER backtest_immutable BEFORE UPDATE OR DELETE ON fraud_backtest
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();
CREATE FUNCTION fraud_refuse_rewritten_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' AND (NEW.expression, NEW.cases, NEW.severity, NEW.author_id)
        IS DISTINCT FROM (OLD.expression, OLD.cases, OLD.severity, OLD.author_id) THEN
        RAISE EXCEPTION 'a rule out of draft is never rewritten' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER rule_version_frozen BEFORE UPDATE ON fraud_ruleversion
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_rewritten_rule();
"""
ALLOW = """
DROP TRIGGER rule_version_frozen ON fraud_ruleversion;
DROP FUNCTION fraud_refuse_rewritten_rule();
DROP TRIGGER backtest_immutable ON fraud_backtest;
DROP TRIGGER rule_hit_immutable ON fraud_rulehit;
DROP TRIGGER finding_immutable ON fraud_finding;
"""


class Migration(migrations.Migration):
    dependencies = [("fraud", "0003_findings_and_rules")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
