"""What the database itself refuses: changing a stock statement or a valuation, or what an asset is that was charged."""

from django.db import migrations

STAY = """
CREATE TRIGGER stock_statement_append_only BEFORE UPDATE OR DELETE ON lending_stockstatement
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
CREATE TRIGGER valuation_append_only BEFORE UPDATE OR DELETE ON lending_valuation
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
CREATE FUNCTION lending_freeze_collateral() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.registered_as <> '' AND NEW.registered_as <> OLD.registered_as) OR (
        (NEW.uuid, NEW.application_id, NEW.kind, NEW.charge, NEW.description, NEW.owner, NEW.haircut, NEW.at, NEW.by_id)
        IS DISTINCT FROM
        (OLD.uuid, OLD.application_id, OLD.kind, OLD.charge, OLD.description, OLD.owner, OLD.haircut, OLD.at, OLD.by_id)
    ) THEN
        RAISE EXCEPTION 'a charged asset stays what it is; its registration is added once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER collateral_frozen BEFORE UPDATE OR DELETE ON lending_collateral
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_collateral();
"""
GO = """
DROP TRIGGER stock_statement_append_only ON lending_stockstatement;
DROP TRIGGER valuation_append_only ON lending_valuation;
DROP TRIGGER collateral_frozen ON lending_collateral;
DROP FUNCTION lending_freeze_collateral();
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0016_what_secures")]

    operations = [migrations.RunSQL(STAY, GO)]
