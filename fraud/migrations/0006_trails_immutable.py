"""What was done in a case, said in a dispute or reported stays as it was: the database refuses to change it."""

from django.db import migrations

TRAILS = ("caseevent", "disputemessage", "stredit", "monitoringreport")
FREEZE = """
CREATE FUNCTION fraud_refuse_change_of_filed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state = 'filed' THEN
        RAISE EXCEPTION '% of % is refused: a filed report is never changed, a draft never deleted', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER strreport_frozen BEFORE UPDATE OR DELETE ON fraud_strreport
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change_of_filed();
"""
THAW = """
DROP TRIGGER strreport_frozen ON fraud_strreport;
DROP FUNCTION fraud_refuse_change_of_filed();
"""
REFUSE = [
    f"CREATE TRIGGER {name}_immutable BEFORE UPDATE OR DELETE ON fraud_{name} "
    "FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();"
    for name in TRAILS
]
ALLOW = [f"DROP TRIGGER {name}_immutable ON fraud_{name};" for name in TRAILS]


class Migration(migrations.Migration):
    dependencies = [("fraud", "0005_cases_disputes_reports")]

    operations = [migrations.RunSQL(REFUSE, ALLOW), migrations.RunSQL(FREEZE, THAW)]
