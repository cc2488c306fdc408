"""A return that is kept is never changed."""

from django.db import migrations

STAYS = """
CREATE TRIGGER bookreturn_append_only BEFORE UPDATE OR DELETE ON lending_bookreturn
    FOR EACH ROW EXECUTE FUNCTION lending_refuse_change();
"""
LEAVES = "DROP TRIGGER bookreturn_append_only ON lending_bookreturn;"


class Migration(migrations.Migration):
    dependencies = [("lending", "0009_returns_of_the_book")]

    operations = [migrations.RunSQL(STAYS, LEAVES)]
