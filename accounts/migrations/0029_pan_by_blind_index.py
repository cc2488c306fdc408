"""A business's PAN rests inside its GSTIN only; it is found by a keyed digest (decisions/0025)."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from creditiq.kernel.blind_index import BlindIndexField, index_of

BATCH = 2000


def index_pans(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Every business, a batch at a time, by key."""
    businesses = models.QuerySet(apps.get_model("accounts", "Business")).order_by("pk")
    last = 0
    while batch := list(businesses.filter(pk__gt=last).only("gstin")[:BATCH]):
        for business in batch:
            business.pan_index = index_of(business.gstin[2:12], kind="pan")
        businesses.model._base_manager.bulk_update(batch, ["pan_index"])
        last = batch[-1].pk


def restore_pans(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """The way back: the PAN is read out of the GSTIN."""
    rows = models.QuerySet(apps.get_model("accounts", "Business"))
    rows.update(pan=models.functions.Substr("gstin", 3, 10))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0028_consent_bounds")]

    operations = [
        migrations.AddField(model_name="business", name="pan_index", field=BlindIndexField(of="pan", kind="pan")),
        migrations.RemoveConstraint(model_name="business", name="business_pan_inside_gstin"),
        migrations.AlterField(
            model_name="business", name="pan", field=models.CharField(default="", max_length=10, db_index=True)
        ),
        migrations.RunPython(index_pans, restore_pans),
        migrations.RemoveField(model_name="business", name="pan"),
    ]
