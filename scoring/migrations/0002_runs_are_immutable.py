"""What was scored is never changed: the database refuses."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION scoring_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: rows are append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER score_run_immutable BEFORE UPDATE OR DELETE ON scoring_scorerun
    FOR EACH ROW EXECUTE FUNCTION scoring_refuse_change();
"""
ALLOW = """
DROP TRIGGER score_run_immutable ON scoring_scorerun;
DROP FUNCTION scoring_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
