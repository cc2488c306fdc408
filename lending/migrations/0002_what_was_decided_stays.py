"""What the database itself refuses: changing a request, a verdict or a decision, and checking one's own recommendation."""

from django.db import migrations

NUMBERS = "CREATE SEQUENCE lending_application_number"
NO_NUMBERS = "DROP SEQUENCE lending_application_number"

REFUSE_CHANGE = """
CREATE FUNCTION lending_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: rows are append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE ON lending_decision
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
CREATE TRIGGER assessment_append_only BEFORE UPDATE OR DELETE ON lending_assessment
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
"""
ALLOW_CHANGE = """
DROP TRIGGER decision_append_only ON lending_decision;
DROP TRIGGER assessment_append_only ON lending_assessment;
DROP FUNCTION lending_refuse_change();
"""

FREEZE_REQUEST = """
CREATE FUNCTION lending_freeze_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (
        (NEW.uuid, NEW.number, NEW.business_id, NEW.organisation_id, NEW.product_id, NEW.amount, NEW.months, NEW.purpose,
         NEW.opened_at, NEW.opened_by_id)
        IS DISTINCT FROM
        (OLD.uuid, OLD.number, OLD.business_id, OLD.organisation_id, OLD.product_id, OLD.amount, OLD.months, OLD.purpose,
         OLD.opened_at, OLD.opened_by_id)
    ) THEN
        RAISE EXCEPTION 'an application is withdrawn or asked anew, never edited'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER application_frozen BEFORE UPDATE OR DELETE ON lending_loanapplication
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_request();
"""
THAW_REQUEST = """
DROP TRIGGER application_frozen ON lending_loanapplication;
DROP FUNCTION lending_freeze_request();
"""

SECOND_PERSON = """
CREATE FUNCTION lending_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE earlier lending_decision;
BEGIN
    IF NEW.supersedes_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO earlier FROM lending_decision WHERE id = NEW.supersedes_id;
    IF earlier.application_id <> NEW.application_id OR earlier.outcome <> 'recommend'
       OR NEW.maker_id IS DISTINCT FROM earlier.by_id THEN
        RAISE EXCEPTION 'a decision checks the recommendation of the same application by another person'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER decision_second_person BEFORE INSERT ON lending_decision
    FOR EACH ROW EXECUTE FUNCTION lending_second_person();
"""
ONE_PERSON = """
DROP TRIGGER decision_second_person ON lending_decision;
DROP FUNCTION lending_second_person();
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0001_initial")]

    operations = [
        migrations.RunSQL(NUMBERS, NO_NUMBERS),
        migrations.RunSQL(REFUSE_CHANGE, ALLOW_CHANGE),
        migrations.RunSQL(FREEZE_REQUEST, THAW_REQUEST),
        migrations.RunSQL(SECOND_PERSON, ONE_PERSON),
    ]
