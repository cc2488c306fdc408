"""What the database itself refuses of the books: unbalanced entries, changed lines, agreements rewritten."""

from django.db import migrations

CHART = """
INSERT INTO lending_account (code, name, nature, "order") VALUES
('bank', 'Bank', 'asset', 10),
('principal', 'Loans: principal', 'asset', 20),
('accrued', 'Interest earned, not due yet', 'asset', 30),
('interest_due', 'Interest due', 'asset', 40),
('fee_due', 'Fees due', 'asset', 50),
('penal_due', 'Penal charges due', 'asset', 60),
('unallocated', 'Kept for borrowers', 'liability', 70),
('suspended', 'Interest suspended', 'liability', 80),
('tax', 'Goods and services tax to pay', 'liability', 90),
('provision', 'Provisions for loans', 'liability', 100),
('interest_income', 'Interest income', 'income', 110),
('fee_income', 'Fee income', 'income', 120),
('penal_income', 'Penal charge income', 'income', 130),
('recovered', 'Recovered after write-off', 'income', 140),
('provision_cost', 'Cost of provisions', 'cost', 150),
('written_off', 'Loans written off', 'cost', 160),
('waived', 'Dues waived', 'cost', 170);
CREATE SEQUENCE lending_loan_number;
"""
NO_CHART = "DELETE FROM lending_account; DROP SEQUENCE lending_loan_number;"

TABLES = (
    "journalentry",
    "journalline",
    "loanact",
    "scheduleversion",
    "instalment",
    "allocation",
    "classificationevent",
    "disbursement",
)
APPEND_ONLY = "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON lending_{table} "
    f"FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();\n"
    for table in TABLES
)
NOT_APPEND_ONLY = "".join(f"DROP TRIGGER {table}_append_only ON lending_{table};\n" for table in TABLES)

BALANCED = """
CREATE FUNCTION lending_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE rest numeric;
BEGIN
    SELECT sum(debit) - sum(credit) INTO rest FROM lending_journalline WHERE entry_id = NEW.entry_id;
    IF rest <> 0 THEN
        RAISE EXCEPTION 'entry % does not balance: %', NEW.entry_id, rest
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER journalline_balances AFTER INSERT ON lending_journalline
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION lending_entry_balances();
"""
UNBALANCED = """
DROP TRIGGER journalline_balances ON lending_journalline;
DROP FUNCTION lending_entry_balances();
"""

FROZEN = """
CREATE FUNCTION lending_freeze_agreement() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.account_no, NEW.application_id, NEW.business_id, NEW.organisation_id, NEW.product_id,
            NEW.agreement, NEW.sha256, NEW.sanctioned)
        IS DISTINCT FROM (OLD.account_no, OLD.application_id, OLD.business_id, OLD.organisation_id, OLD.product_id,
            OLD.agreement, OLD.sha256, OLD.sanctioned) THEN
        RAISE EXCEPTION 'the agreement of loan % stays as it is', OLD.account_no
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER loan_agreement_frozen BEFORE UPDATE OR DELETE ON lending_loan
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_agreement();
CREATE FUNCTION lending_freeze_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.returned_on IS NOT NULL
        OR (NEW.loan_id, NEW.act_id, NEW."on", NEW.amount, NEW.utr)
        IS DISTINCT FROM (OLD.loan_id, OLD.act_id, OLD."on", OLD.amount, OLD.utr) THEN
        RAISE EXCEPTION 'receipt % stays as it is', OLD.utr USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_frozen BEFORE UPDATE OR DELETE ON lending_receipt
    FOR EACH ROW EXECUTE FUNCTION lending_freeze_receipt();
"""
THAWED = """
DROP TRIGGER receipt_frozen ON lending_receipt;
DROP FUNCTION lending_freeze_receipt();
DROP TRIGGER loan_agreement_frozen ON lending_loan;
DROP FUNCTION lending_freeze_agreement();
"""


class Migration(migrations.Migration):
    dependencies = (("lending", "0005_dealings"),)
    operations = (
        migrations.RunSQL(CHART, NO_CHART),
        migrations.RunSQL(APPEND_ONLY, NOT_APPEND_ONLY),
        migrations.RunSQL(BALANCED, UNBALANCED),
        migrations.RunSQL(FROZEN, THAWED),
    )
