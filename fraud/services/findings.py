"""Keep what the typologies found, and raise an alert where policy asks for one."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

import polars as pl

from creditiq.kernel.events import publish
from creditiq.kernel.hashing import digest
from fraud.engine.policy import FraudPolicy, reaches
from fraud.engine.population import Standing
from fraud.engine.typologies.findings import Finding as Found
from fraud.events import AlertRaised
from fraud.models import Alert, AlertState, Finding, Screening
from fraud.selectors.cases import snoozed_topics

BATCH = 2000


def store_findings(screenings: Mapping[int, Screening], found: Iterable[Found], policy: FraudPolicy) -> None:
    """Insert findings that are new, tie all of them to the screenings (by business) and open alerts.

    Called in the transaction that stored the screenings.
    """
    rows = {_identity(row): row for row in (_row(each, screenings[each.business]) for each in found)}
    Finding.objects.bulk_create(rows.values(), ignore_conflicts=True, batch_size=BATCH)
    kept = Finding.objects.filter(business_id__in={business for business, _, _ in rows})
    stored = [finding for finding in kept.order_by("pk") if _identity(finding) in rows]
    seen = Screening.findings.through
    seen.objects.bulk_create(
        [seen(screening=screenings[finding.business_id], finding=finding) for finding in stored],
        ignore_conflicts=True,
        batch_size=BATCH,
    )
    loud = [one for one in stored if one.typology not in policy.quiet_typologies]
    open_alerts([one for one in loud if reaches(one.severity, policy.alert_severity)], screenings)


def open_alerts(findings: Collection[Finding], screenings: Mapping[int, Screening]) -> None:
    """One standing alert per business and typology; what was dismissed alerts again only on new evidence.

    Nothing alerts while a person asked for quiet about the typology and the business.
    """
    alerts = Alert.objects.filter(ring=None, business_id__in={finding.business_id for finding in findings})
    known = {(alert.business_id, alert.topic): alert for alert in alerts.order_by("opened_at", "pk")}
    quiet = snoozed_topics(businesses=screenings, at=max(row.as_of for row in screenings.values())) if findings else ()
    for finding in findings:
        if (finding.business_id, finding.typology) in quiet:
            continue
        last = known.get((finding.business_id, finding.typology))
        if last is None or (last.state == AlertState.DISMISSED and _later(finding.found_at, last.decided_at)):
            made = Alert.objects.create(
                business_id=finding.business_id,
                topic=finding.typology,
                severity=finding.severity,
                opened_at=screenings[finding.business_id].as_of,
            )
            known[finding.business_id, finding.typology] = made
            publish(AlertRaised(alert_id=made.pk))


def standings_frame(standings: Mapping[int, Standing]) -> pl.DataFrame:
    """PageRank of a population screening, as the typologies read it: business, pagerank."""
    schema = {"business": pl.Int64, "pagerank": pl.Float64}
    rows = [(business, standing.pagerank) for business, standing in standings.items()]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _row(found: Found, screening: Screening) -> Finding:
    rows = [{"kind": kind, "key": key} for kind, key in found.rows]
    return Finding(
        business_id=found.business,
        typology=found.typology,
        severity=found.severity,
        score=found.score,
        figures=dict(found.figures),
        rows=rows,
        digest=digest(rows),
        found_at=screening.as_of,
    )


def _identity(finding: Finding) -> tuple[int, str, str]:
    return finding.business_id, finding.typology, finding.digest


def _later(found_at: datetime, decided_at: datetime | None) -> bool:
    return decided_at is not None and found_at > decided_at
