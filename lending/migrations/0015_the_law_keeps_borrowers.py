"""Loans that were paid out before the law's hold was written down get theirs."""

from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Max

YEARS = 5
BATCH = 2_000


def years_after(day: date) -> date:
    """The same day later, the last of February for the 29th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return day.replace(year=day.year + YEARS, day=last)


def hold_loans(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    """Until five years after the end of each, or after its last instalment while it runs."""
    holds = apps.get_model("accounts", "LegalHold")
    loans = apps.get_model("lending", "Loan").objects.exclude(state="approved").order_by("pk")
    rows = loans.annotate(matures=Max("instalments__due"))
    wanted = [
        holds(
            business_id=loan.business_id,
            source=f"loan:{loan.uuid}",
            reason="PMLA s.12",
            until=years_after(loan.closed_on or loan.matures or loan.through),
            placed_at=loan.opened_at,
        )
        for loan in rows.iterator(BATCH)
    ]
    holds.objects.bulk_create(wanted, batch_size=BATCH, ignore_conflicts=True)


class Migration(migrations.Migration):
    dependencies = [("lending", "0014_requests_run_out"), ("accounts", "0013_data_requests")]

    operations = [migrations.RunPython(hold_loans, migrations.RunPython.noop)]
