"""A version's life as its page shows it: who did what, what may follow, and how its trial goes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, Q
from django.db.models.functions import Abs

from accounts.models import User
from accounts.permissions import Capability, can
from creditiq.kernel.errors import NotVisible
from creditiq.kernel.wall import named
from scoring.engine.trial import businesses_needed, power_of
from scoring.models import VERSION_STEPS, ModelVersion, ScoreRun, ShadowScore, VersionAct

TITLES = {
    "begin_validation": "Begin validation",
    "validate": "Validated",
    "send_back": "Send back",
    "approve": "Approve",
    "run_in_shadow": "Run in shadow",
    "challenge": "Make challenger",
    "promote": "Make champion",
    "retire": "Retire",
    "suspend": "Suspend now",
}
NEEDS_NOTE = ("send_back", "suspend")
TRIAL_DIFFERENCE = 0.02
"""The trial is planned to show two percentage points of default rate."""


@dataclass(frozen=True)
class Step:
    """An act the person may take now."""

    act: str
    title: str
    grave: bool
    needs_note: bool
    needs_split: bool


@dataclass(frozen=True)
class Trial:
    """A challenger's trial: businesses scored so far by each, how many it takes, and the power reached."""

    split: float
    by_challenger: int
    businesses: int
    needed: int
    power: float
    difference: float = TRIAL_DIFFERENCE


@dataclass(frozen=True)
class Shadowed:
    """How a version in shadow differs from what was issued."""

    scores: int
    mean_gap: float
    other_band: int


@dataclass(frozen=True)
class Life:
    """One version's state, people, acts in order, and what this person may do."""

    version: str
    status: str
    installed: bool
    developer: str
    validator: str
    approver: str
    registered_at: datetime
    acts: tuple[VersionAct, ...]
    steps: tuple[Step, ...]
    trial: Trial | None
    shadow: Shadowed | None


def life_of(*, version: str, user: User) -> Life:
    """Raises NotVisible."""
    found = ModelVersion.objects.select_related("developer", "validator", "approver").filter(version=version).first()
    if found is None:
        raise NotVisible
    return Life(
        version=found.version,
        status=found.status,
        installed=found.installed,
        developer=_name(found.developer),
        validator=_name(found.validator),
        approver=_name(found.approver),
        registered_at=found.registered_at,
        acts=tuple(VersionAct.objects.filter(version=found).select_related("by").order_by("-at", "-pk")),
        steps=tuple(_steps(found, user)),
        trial=_trial(found) if found.status == "challenger" else None,
        shadow=_shadowed(found),
    )


def _name(person: User | None) -> str:
    return (person.get_full_name() or person.email) if person else ""


def _steps(version: ModelVersion, user: User) -> Iterator[Step]:
    """What the table allows from here, less what another person has to do."""
    others = {
        "begin_validation": (version.developer_id,),
        "approve": (version.developer_id, version.validator_id),
    }
    for step in VERSION_STEPS:
        if step.source != version.status or not can(user, Capability(step.capability)):
            continue
        own = step.event in ("validate", "send_back") and version.validator_id != user.pk
        if own or user.pk in others.get(step.event, ()):
            continue
        grave = step.event in ("suspend", "retire", "send_back")
        yield Step(step.event, TITLES[step.event], grave, step.event in NEEDS_NOTE, step.event == "challenge")


def _trial(version: ModelVersion) -> Trial | None:
    newest = named(ScoreRun.objects.complete()).filter(business__is_made_up=False).latest_of_each()  # only counted
    counts = ScoreRun.objects.filter(pk__in=newest.values("pk")).aggregate(
        businesses=Count("pk"), mine=Count("pk", filter=Q(model_version=version)), rate=Avg("pd")
    )
    rate = counts["rate"] or 0.0
    if not TRIAL_DIFFERENCE < rate < 1.0:
        return None
    return Trial(
        split=version.split,
        by_challenger=counts["mine"],
        businesses=counts["businesses"],
        needed=businesses_needed(rate, TRIAL_DIFFERENCE, version.split),
        power=power_of(rate, TRIAL_DIFFERENCE, version.split, counts["businesses"]),
    )


def _shadowed(version: ModelVersion) -> Shadowed | None:
    told = named(ShadowScore.objects.filter(version=version)).aggregate(
        scores=Count("pk"),
        gap=Avg(Abs(F("score") - F("run__score"))),
        other=Count("pk", filter=~Q(band=F("run__band"))),
    )
    return Shadowed(told["scores"], float(told["gap"]), told["other"]) if told["scores"] else None
