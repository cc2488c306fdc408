from django.db import migrations, models
from django.db.models import Min

from creditiq.kernel.clock import micros


def name_suspects(apps, schema_editor):
    """Whom an alert held, as far as screenings named its ring; a suspect no screening named, since its last look."""
    alerts = apps.get_model("fraud", "Alert").objects
    screenings = apps.get_model("fraud", "Screening").objects
    members = apps.get_model("fraud", "RingMember").objects
    for alert in alerts.filter(ring__isnull=False).select_related("ring"):
        flagged = screenings.filter(ring=alert.ring, fraud_ring_flag__gt=0)
        suspects = {}
        if alert.state == "dismissed":
            flagged = flagged.filter(as_of__lt=alert.decided_at)
        else:
            current = members.filter(ring=alert.ring, suspect=True, current=True)
            since = micros(max(alert.opened_at, alert.ring.screened_at))
            suspects = {str(business): since for business in current.values_list("business_id", flat=True)}
        first = flagged.order_by("business_id").values_list("business_id").annotate(first=Min("as_of"))
        alert.suspects = suspects | {str(business): micros(max(alert.opened_at, at)) for business, at in first}
        alert.save(update_fields=["suspects"])


class Migration(migrations.Migration):
    dependencies = [("fraud", "0012_monitoring_by_the_clock")]

    operations = [
        migrations.AddField(
            model_name="alert",
            name="suspects",
            field=models.JSONField(
                default=dict,
                help_text="Of a ring: {key of a business: since when it was held, microseconds}; only added to.",
            ),
        ),
        migrations.RunPython(name_suspects, migrations.RunPython.noop),
    ]
