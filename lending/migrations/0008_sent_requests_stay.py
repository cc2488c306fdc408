"""What the database itself refuses: editing a request once it was sent, a step that was taken, an offer that was made."""

from django.db import migrations

SENT = """
UPDATE lending_loanapplication SET submitted_at = opened_at WHERE submitted_at IS NULL;
"""

FREEZE_SENT = """
CREATE OR REPLACE FUNCTION lending_freeze_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' AND OLD.state = 'draft' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (
        (NEW.uuid, NEW.number, NEW.business_id, NEW.organisation_id, NEW.product_id, NEW.amount, NEW.months, NEW.purpose,
         NEW.opened_at, NEW.opened_by_id, NEW.submitted_at)
        IS DISTINCT FROM
        (OLD.uuid, OLD.number, OLD.business_id, OLD.organisation_id, OLD.product_id, OLD.amount, OLD.months, OLD.purpose,
         OLD.opened_at, OLD.opened_by_id, OLD.submitted_at)
    ) OR NEW.state = 'draft' THEN
        RAISE EXCEPTION 'an application is withdrawn or asked anew, never edited'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
FREEZE_ALL = """
CREATE OR REPLACE FUNCTION lending_freeze_request() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""

STEPS_STAY = """
CREATE TRIGGER application_event_append_only BEFORE UPDATE OR DELETE ON lending_applicationevent
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
"""
STEPS_GO = "DROP TRIGGER application_event_append_only ON lending_applicationevent"

OFFERS_STAY = """
CREATE FUNCTION lending_freeze_statement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.accepted_at IS NOT NULL OR (
        (NEW.application_id, NEW.percent, NEW.apr, NEW.instalment, NEW.net_disbursed, NEW.document, NEW.sha256,
         NEW.pdf_sha256, NEW.issued_at, NEW.valid_until)
        IS DISTINCT FROM
        (OLD.application_id, OLD.percent, OLD.apr, OLD.instalment, OLD.net_disbursed, OLD.document, OLD.sha256,
         OLD.pdf_sha256, OLD.issued_at, OLD.valid_until)
    ) THEN
        RAISE EXCEPTION 'a key fact statement is accepted as it was made'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER statement_frozen BEFORE UPDATE OR DELETE ON lending_keyfactstatement
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_statement();
"""
OFFERS_GO = """
DROP TRIGGER statement_frozen ON lending_keyfactstatement;
DROP FUNCTION lending_freeze_statement();
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0007_the_way_of_an_application")]

    operations = [
        migrations.RunSQL(SENT, migrations.RunSQL.noop),
        migrations.RunSQL(FREEZE_SENT, FREEZE_ALL),
        migrations.RunSQL(STEPS_STAY, STEPS_GO),
        migrations.RunSQL(OFFERS_STAY, OFFERS_GO),
    ]
