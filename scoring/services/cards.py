"""Loaded model versions: verified once per process, then kept."""

import hashlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from creditiq.kernel.errors import ApplicationError
from scoring.engine.artefacts import BrokenArtefacts
from scoring.engine.features.lock import LOCK_FILE, lock_digest
from scoring.engine.interaction_tables import PairTables, tabulate_pairs
from scoring.engine.paper_card import Card, PaperCard
from scoring.engine.scorecard import Scorecard
from scoring.engine.shap_tables import trees_of
from scoring.models import AnsweredBy, ModelVersion
from scoring.services.measuring import rehearse


class NoChampion(ApplicationError):
    """No model version serves; train one first."""

    code = "no_model"


class BrokenModel(ApplicationError):
    """The files of a model version are gone, altered, or made for other features than the ones measured now."""

    code = "broken_model"


def champion() -> ModelVersion:
    """The version in service. Raises NoChampion."""
    version = ModelVersion.objects.serving().first()
    if version is None:
        raise NoChampion("No model version is in service yet.")
    return version


def card_of(version: ModelVersion) -> Scorecard:
    """The loaded model of a version. Raises BrokenModel."""
    _same_features(version)
    try:
        return _loaded(version.folder, version.digest)
    except BrokenArtefacts as broken:
        raise BrokenModel(f"The files of {version} cannot be used: {broken}.") from broken


def table_card_of(version: ModelVersion) -> PaperCard:
    """The loaded points table of a version. Raises BrokenModel."""
    _same_features(version)
    try:
        return _loaded_table(version.folder, version.digest)
    except BrokenArtefacts as broken:
        raise BrokenModel(f"The files of {version} cannot be used: {broken}.") from broken


def answering(version: ModelVersion, by: str) -> Card:
    """The model of a version, or its points table (`AnsweredBy`). Raises BrokenModel."""
    return table_card_of(version) if by == AnsweredBy.SCORECARD else card_of(version)


def _same_features(version: ModelVersion) -> None:
    if version.lock != lock_digest() and not _still_measured(_lock_of(version.folder), version.lock):
        raise BrokenModel(f"{version} was trained on other features than the ones measured now.")


def _lock_of(folder: Path) -> bytes:
    """Read anew each time: files that are missing today may be restored tomorrow."""
    known = folder / LOCK_FILE.name
    return known.read_bytes() if known.exists() else b""


@lru_cache(maxsize=8)
def _still_measured(text: bytes, lock: str) -> bool:
    """Whether every feature of an older lock is measured today by the same definition: features were only added.

    Then its model gives the same answers as ever, and a score it made replays byte for byte.
    """
    return hashlib.sha256(text).hexdigest() == lock and set(text.splitlines()) <= set(
        LOCK_FILE.read_bytes().splitlines()
    )


def pair_tables_of(version: ModelVersion) -> PairTables:
    """The tables of what two features of a version do together. Raises BrokenModel."""
    card_of(version)
    return _tabulated(version.folder, version.digest)


def warm() -> None:
    """Ready this process before its first task: the feature engine, and the champion when there is one."""
    rehearse()
    version = ModelVersion.objects.serving().first()
    if version is not None:
        card = card_of(version)
        card.assess(np.full((1, len(card.names)), np.nan))


@lru_cache(maxsize=4)
def _loaded(folder: Path, digest: str) -> Scorecard:
    card = Scorecard.load(folder)
    if card.digest != digest:
        raise BrokenArtefacts(f"{folder.name} is not the version that was registered")
    return card


@lru_cache(maxsize=2)
def _tabulated(folder: Path, digest: str) -> PairTables:
    return tabulate_pairs([trees_of(document)[0] for document in _loaded(folder, digest).bag.documents()])


@lru_cache(maxsize=2)
def _loaded_table(folder: Path, digest: str) -> PaperCard:
    card = PaperCard.load(folder)
    if card.digest != digest:
        raise BrokenArtefacts(f"{folder.name} is not the version that was registered")
    return card
