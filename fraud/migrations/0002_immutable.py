"""A screening says what was known at a moment: the database refuses to change or delete it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION fraud_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: screenings are never changed', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER screening_immutable BEFORE UPDATE OR DELETE ON fraud_screening
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();
CREATE TRIGGER population_screening_immutable BEFORE UPDATE OR DELETE ON fraud_populationscreening
    FOR EACH ROW EXECUTE FUNCTION fraud_refuse_change();
"""
ALLOW = """
DROP TRIGGER population_screening_immutable ON fraud_populationscreening;
DROP TRIGGER screening_immutable ON fraud_screening;
DROP FUNCTION fraud_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("fraud", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
