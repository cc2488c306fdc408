"""The rules the product comes with, written for a house: handed in for review, put in force by somebody else."""

from datetime import datetime

from accounts.models import User
from fraud.engine.rules.shipped import SHIPPED, ShippedRule
from fraud.models import RuleVersion
from fraud.services.rules import RuleDraft, submit_rule, write_rule

NOTE = "Shipped with the product."


def ship_rules(*, by: User, at: datetime) -> list[RuleVersion]:
    """Write and hand in every shipped rule whose name is not taken yet, and anew each that the product changed since.

    A rule somebody of the house wrote a version of is theirs and left alone. Raises Forbidden.
    """
    newest = {version.rule.slug: version for version in RuleVersion.objects.select_related("rule").order_by("version")}
    handed_in = []
    for rule in (one for one in SHIPPED if _is_new(one, newest.get(one.slug))):
        draft = RuleDraft(rule.slug, rule.title, rule.expression, rule.cases, rule.severity, NOTE)
        made = write_rule(draft=draft, by=by, at=at)
        handed_in.append(submit_rule(rule_id=made.rule.uuid, version=made.version, by=by, at=at))
    return handed_in


def _is_new(rule: ShippedRule, newest: RuleVersion | None) -> bool:
    if newest is None:
        return True
    same = (newest.expression, newest.severity) == (rule.expression, rule.severity)
    return newest.note == NOTE and not same
