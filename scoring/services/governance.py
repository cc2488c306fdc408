"""The life of a model version: validated by one person, approved by another, in service step by step."""

from datetime import datetime
from typing import NotRequired, TypedDict, Unpack

from django.db import transaction

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from creditiq.kernel import locks
from creditiq.kernel.errors import ApplicationError, InvalidInput, NotVisible
from creditiq.kernel.events import publish
from creditiq.kernel.transitions import Transition
from scoring.events import ModelSuspended
from scoring.models import VERSION_STEPS, ModelVersion, VersionAct, VersionStatus

HOUSE = 0
MOST_SPLIT = 0.5
NOTE_LENGTH = 500


class UnableToStep(ApplicationError):
    """The person may not take this step of this version: somebody else has to."""

    code = "unable_to_step"


class Circumstances(TypedDict):
    """Why, and for a challenger the share of the businesses it scores."""

    note: NotRequired[str]
    split: NotRequired[float | None]


def step_version(
    *, version: str, act: str, by: User, at: datetime, **circumstances: Unpack[Circumstances]
) -> ModelVersion:
    """Take one step of VERSION_STEPS with a version and keep who did it.

    Promotion retires the champion before; suspending the champion puts the one before it back in service at once.
    Raises NotVisible, Forbidden, ForbiddenTransition, UnableToStep, InvalidInput.
    """
    note = circumstances.get("note", "").strip()
    with transaction.atomic(durable=True):
        locks.hold("scoring.governance", HOUSE)
        found = ModelVersion.objects.select_for_update().filter(version=version).first()
        if found is None:
            raise NotVisible
        step = VERSION_STEPS.follow(found.status, act)
        require(by, Capability(step.capability))
        _judge_note(act, note)
        _judge_person(found, act, by)
        if act == "challenge":
            found.split = _split_of(circumstances.get("split"))
        if act == "promote":
            _retire_champion(by, at)
        found.status = VersionStatus(step.target)
        if step.source == VersionStatus.CHAMPION:
            found.served_until = at
        found.save()
        _keep(found, step, by=by, at=at, note=note)
        if step.source == VersionStatus.CHAMPION:
            _fall_back(found, by, at)
        if act == "suspend":
            publish(ModelSuspended(version_id=found.pk))
    return found


def _judge_note(act: str, note: str) -> None:
    if len(note) > NOTE_LENGTH:
        raise InvalidInput(f"A note has at most {NOTE_LENGTH} characters.", field="note", rule="note.length")
    if act in ("suspend", "send_back") and not note:
        raise InvalidInput("Say why in a sentence: it is kept with the version.", field="note", rule="note.needed")


def _judge_person(version: ModelVersion, act: str, by: User) -> None:
    """Names the person on the version, or raises UnableToStep."""
    if act == "begin_validation":
        if version.developer_id == by.pk:
            raise UnableToStep("Somebody else than the developer validates a version.")
        version.validator, version.approver, version.installed = by, None, False
    elif act in ("validate", "send_back") and version.validator_id != by.pk:
        raise UnableToStep("The person who began the validation ends it.")
    elif act == "approve":
        if by.pk in (version.developer_id, version.validator_id):
            raise UnableToStep("Somebody else than the developer and the validator approves a version.")
        version.approver = by


def _split_of(split: float | None) -> float:
    if split is None or not 0 < split <= MOST_SPLIT:
        raise InvalidInput(
            "A challenger scores more than 0 and at most 0.5 of the businesses.", field="split", rule="split.range"
        )
    return split


def _retire_champion(by: User, at: datetime) -> None:
    for champion in ModelVersion.objects.select_for_update().serving():
        champion.status, champion.served_until = VersionStatus.RETIRED, at
        champion.save(update_fields=["status", "served_until"])
        _keep(champion, Transition("champion", "succeeded", "retired", ""), by=by, at=at, note="")


def _fall_back(suspended: ModelVersion, by: User, at: datetime) -> None:
    """The champion before serves again, if it can read the features as they are measured now."""
    former = ModelVersion.objects.former_champions().filter(lock=suspended.lock).exclude(pk=suspended.pk).first()
    if former is None:
        return
    former.status, former.served_until = VersionStatus.CHAMPION, None
    former.save(update_fields=["status", "served_until"])
    note = f"{suspended.version} was suspended."
    _keep(former, Transition("retired", "fall_back", "champion", ""), by=by, at=at, note=note)


def _keep(version: ModelVersion, step: Transition, *, by: User, at: datetime, note: str) -> None:
    VersionAct.objects.create(
        version=version, act=step.event, source=step.source, target=step.target, by=by, at=at, note=note
    )
    payload = {"from": step.source, "to": step.target, "digest": version.digest}
    audit.record(f"model.{step.event}", target=f"model:{version.version}", at=at, by=by, payload=payload)
