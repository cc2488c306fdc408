"""What is derived from the declarations and kept in files, so that serving a score never loads ibis.

`features.lock` has one line per column: name and digest of its definition (its own compiled statement, so a change in
any helper shows). The digest of the file names the vector's layout and is stored with every score. `features.sql` is
the compiled text of each grain, `catalogue.json` the glossary.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from scoring.engine.features.frames import SCHEMAS

LOCK_FILE: Final = Path(__file__).with_name("features.lock")
SQL_FILE: Final = Path(__file__).with_name("features.sql")
CATALOGUE_FILE: Final = Path(__file__).with_name("catalogue.json")
GRAIN_MARK: Final = "-- grain "


@cache
def statements() -> Mapping[str, str]:
    """SQL text of each grain, by name."""
    blocks = SQL_FILE.read_text(encoding="utf-8").split(GRAIN_MARK)[1:]
    named = (block.partition("\n") for block in blocks)
    return MappingProxyType({name: text.strip() for name, _, text in named})


def frames_of(text: str) -> tuple[str, ...]:
    """The evidence frames a statement reads."""
    return tuple(frame for frame in SCHEMAS if f'"{frame}"' in text)


@cache
def lock_digest() -> str:
    """SHA-256 of features.lock."""
    return hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
