"""The control map: what keeps one person, or one mistake, from deciding alone (compliance.md §6).

Everything is read from the tables the product itself runs by: roles, acts of two people, constraints, the clock.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from celery.schedules import crontab
from django.apps import apps
from django.conf import settings
from django.db.models import CheckConstraint

from accounts.models import Duty, Flag, FlagName, Role
from accounts.permissions import CAPABILITIES, OF_AUDITORS, OF_DUTIES, Capability
from creditiq.kernel.fields import SealedField

OF_TWO = (
    "maker_is_not_checker",
    "_by_another",
    "_is_another",
    "two_people",
    "developer_is_not",
    "validator_is_not",
    "resolver_is_not_opener",
    "drafter_is_not_filer",
)
"""How the constraints are named that keep two people apart."""
KEPT_APART = (
    (Capability.RECOMMEND, Capability.SANCTION),
    (Capability.SERVICE_LOANS, Capability.APPROVE_LOAN_ACTS),
    (Capability.VERIFY_KYC, Capability.APPROVE_KYC),
    (Capability.CONFIGURE, Capability.SANCTION),
    (Capability.CONFIGURE, Capability.WORK_FRAUD),
    (Capability.GRANT_CONSENT, Capability.REQUEST_CONSENT),
)
"""Pairs of capabilities that no role may hold together."""
CHECKS = {
    "accounts.tasks.checkpoint_audit": "A checkpoint is set over every chain of the audit trail.",
    "accounts.tasks.verify_audit": "The whole audit trail is hashed again and held against its checkpoints.",
    "wallets.tasks.anchor_audit_root": "The root of the trail is written to a chain, where one is agreed.",
    "lending.tasks.prove_books": "The ledger's trial balance is proved and held against the loans.",
    "fraud.tasks.load_watchlists": "Lists of names are loaded; customers are held against what is new.",
    "accounts.tasks.check_kyc": "Who must be identified again is told.",
    "accounts.tasks.plan_retention": "What may be forgotten is planned; two people release it.",
    "accounts.tasks.freeze_monthly_reports": "The reports of the month before are frozen.",
    "fraud.tasks.freeze_monthly_monitoring": "Transaction monitoring of the month before is frozen.",
    "accounts.tasks.warn_of_breach_clocks": "Administrators hear of breaches whose 72 hours run out.",
}
"""Tasks of the clock that check something."""
DAYS = ("Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays")


@dataclass(frozen=True)
class Control:
    """One control: what it keeps, how, and where to look at it (a page and the capability to open it)."""

    name: str
    how: str
    url_name: str
    capability: Capability


AS_BUILT = (
    Control(
        "Change control",
        "Rules, policies, products and models go from draft through review to publication; every decision keeps "
        "the digest of what it was made with.",
        "lending:replay", Capability.REPLAY,
    ),
    Control(
        "Immutable log",
        "Rows of the audit trail cannot be changed or removed; each is chained to the one before; every hour has a "
        "checkpoint.",
        "accounts:audit", Capability.VIEW_AUDIT,
    ),
    Control(
        "Completeness of interfaces",
        "The ledger's trial balance is proved every night; statements are reconciled; gaps are reported.",
        "accounts:reports", Capability.VIEW_AUDIT,
    ),
    Control(
        "Cards",
        "None is stored: free texts refuse numbers that could be a card's.",
        "accounts:audit", Capability.VIEW_AUDIT,
    ),
    Control(
        "Rights of people",
        "Copy, correction, erasure with its legal holds, a nominee, consent on record, a clock on every request.",
        "accounts:data_requests", Capability.VIEW_ADMIN,
    ),
    Control(
        "Breaches of personal data",
        "Whoever is touched is told by letter, the Board at once and in detail within 72 hours; the report is frozen.",
        "accounts:breaches", Capability.VIEW_ADMIN,
    ),
    Control(
        "Retention",
        "A dry run lists what is past its time; a second person releases it.",
        "accounts:retention", Capability.VIEW_ADMIN,
    ),
)  # fmt: skip
"""Controls that hold as the product is built, whatever is configured."""


@dataclass(frozen=True)
class TwoPeople:
    """An act that one person asks for and another agrees to."""

    title: str
    asks: str
    agrees: str


@dataclass(frozen=True)
class Apart:
    """Two capabilities, and the roles that hold both: there must be none."""

    one: Capability
    other: Capability
    both: tuple[str, ...]


@dataclass(frozen=True)
class RoleShown:
    """A role or duty with all that it may do."""

    name: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """Something the clock checks, and when, in India's time."""

    what: str
    when: str


@dataclass(frozen=True)
class ControlMap:
    """All of it."""

    controls: tuple[Control, ...]
    acts: tuple[TwoPeople, ...]
    constraints: tuple[str, ...]
    apart: tuple[Apart, ...]
    roles: tuple[RoleShown, ...]
    checks: tuple[Check, ...]


def control_map(*, acts: Iterable[tuple[str, Capability, Capability]]) -> ControlMap:
    """The map; `acts` are the acts of two people: title, what the maker needs, what the checker needs."""
    shown = tuple(TwoPeople(title, _holders(maker), _holders(checker)) for title, maker, checker in acts)
    guards = two_person_constraints()
    return ControlMap(_controls(len(shown), len(guards)), shown, guards, _apart(), _roles(), _checks())


def two_person_constraints() -> tuple[str, ...]:
    """What the database itself refuses: constraints that keep two people apart, as `table: name`."""
    return tuple(
        sorted(
            f"{model._meta.verbose_name}: {constraint.name.replace('_', ' ')}"
            for model in apps.get_models()
            for constraint in model._meta.constraints
            if isinstance(constraint, CheckConstraint) and any(name in constraint.name for name in OF_TWO)
        )
    )


def _sealed_fields() -> int:
    return sum(isinstance(field, SealedField) for model in apps.get_models() for field in model._meta.get_fields())


def _switched(name: FlagName) -> str:
    return "on" if Flag.objects.is_on(name) else "off"


def _controls(acts: int, guards: int) -> tuple[Control, ...]:
    factor, step_up = _switched(FlagName.MFA), _switched(FlagName.STEP_UP)
    return (
        Control(
            "Segregation of duties",
            f"{acts} acts wait for a second person; {guards} constraints of the database keep the two apart. Access is "
            "reviewed every quarter.",
            "accounts:approvals", Capability.VIEW_APPROVALS,
        ),
        Control(
            "Authentication",
            f"A second factor for staff is {factor}; asking again before grave acts is {step_up}.",
            "accounts:security", Capability.VIEW_AUDIT,
        ),
        Control(
            "Data at rest",
            f"{_sealed_fields()} personal fields are sealed with a key per person, masked; opening one takes a reason "
            "and is on record. A PAN and a phone are found by blind index (HMAC). A PAN rests plain inside a GSTIN "
            "alone, which the tax network publishes; an e-mail address rests plain because it is the name of sign-in, "
            "and an erasure replaces it (decision 25).",
            "accounts:audit", Capability.VIEW_AUDIT,
        ),
        *AS_BUILT,
    )  # fmt: skip


def _holders(capability: Capability) -> str:
    roles = [Role(role).label for role, held in CAPABILITIES.items() if capability in held]
    duties = [Duty(duty).label for duty, held in OF_DUTIES.items() if capability in held]
    return ", ".join(str(name) for name in (*roles, *duties)) or "nobody"


def _apart() -> tuple[Apart, ...]:
    held = {str(Role(role).label): capabilities for role, capabilities in CAPABILITIES.items()}
    return tuple(
        Apart(one, other, tuple(name for name, mine in held.items() if {one, other} <= mine))
        for one, other in KEPT_APART
    )


def _roles() -> tuple[RoleShown, ...]:
    named = [(str(Role(role).label), held) for role, held in CAPABILITIES.items()]
    named += [(f"{Duty(duty).label} (duty, beside the role)", held) for duty, held in OF_DUTIES.items()]
    named.append((f"{Duty.AUDITOR.label} (duty, in place of the role)", OF_AUDITORS))
    return tuple(RoleShown(name, tuple(sorted(held))) for name, held in named)


def _checks() -> tuple[Check, ...]:
    timed = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    return tuple(
        Check(what, _when(schedule))
        for task, what in CHECKS.items()
        if isinstance(schedule := timed.get(task), crontab)
    )


def _when(schedule: crontab) -> str:
    """The crontab in words; it shows itself as `<crontab: minute hour day-of-month month day-of-week (…)>`."""
    minute, hour, day_of_month, _, weekday = repr(schedule).removeprefix("<crontab: ").split()[:5]
    if hour == "*":
        return f"every hour, at minute {minute}"
    clock = f"at {int(hour):02}:{int(minute):02}"
    if day_of_month != "*":
        return f"on day {day_of_month} of every month {clock}"
    return f"every day {clock}" if weekday == "*" else f"on {DAYS[int(weekday)]} {clock}"
