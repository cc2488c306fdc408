"""Who checks whom, now that other terms may be offered and a recommendation be referred back."""

from django.db import migrations

CHAIN = """
CREATE OR REPLACE FUNCTION lending_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE earlier lending_decision;
BEGIN
    IF NEW.supersedes_id IS NULL THEN
        RETURN NEW;
    END IF;
    SELECT * INTO earlier FROM lending_decision WHERE id = NEW.supersedes_id;
    IF earlier.application_id <> NEW.application_id OR earlier.outcome NOT IN ('recommend', 'counter', 'refer') THEN
        RAISE EXCEPTION 'a decision goes on from an open one of the same application'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF earlier.outcome = 'recommend' AND NEW.maker_id IS DISTINCT FROM earlier.by_id
       OR earlier.outcome <> 'recommend' AND (NEW.maker_id IS NOT NULL OR NEW.outcome = 'sanction') THEN
        RAISE EXCEPTION 'a decision checks the recommendation of the same application by another person'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
BEFORE = """
CREATE OR REPLACE FUNCTION lending_second_person() RETURNS trigger LANGUAGE plpgsql AS $$
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
"""


class Migration(migrations.Migration):
    dependencies = [("lending", "0021_other_terms")]

    operations = [migrations.RunSQL(CHAIN, BEFORE)]
