"""What is asked of a labelled file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Question:
    """What is asked of a file. `keep` names columns that may stay although they alone all but tell the outcome."""

    path: Path
    target: str
    time: str | None = None
    drop: Sequence[str] = ()
    keep: Sequence[str] = ()
    fold_column: str | None = None
    folds: int = 5
    threads: int = 1
    seed: int = 20261120
