"""A list from its files, whatever its format; what changed between two versions of one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from fraud.engine.names.entities import ListedEntity
from fraud.engine.names.lists.ofac import read_sdn
from fraud.engine.names.lists.reading import BadList
from fraud.engine.names.lists.targets import read_ftm, read_targets
from fraud.engine.names.lists.un import read_un

SHORT = 12
SIDE_FILES = re.compile(r"(^|[^a-z])(alt|add)([^a-z]|$)")


@dataclass(frozen=True)
class Watchlist:
    """A list as loaded: its name, the SHA-256 of its files, its entities by key."""

    name: str
    digest: str
    entities: tuple[ListedEntity, ...]

    @property
    def version(self) -> str:
        """The first letters of the digest."""
        return self.digest[:SHORT]


@dataclass(frozen=True)
class Change:
    """Keys added, changed and removed from one version to the next."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def read_lists(files: Sequence[tuple[str, bytes]]) -> list[Watchlist]:
    """The lists in named files; ALT and ADD join the SDN file given with them. Raises BadList naming the file."""
    sides = {side: content for name, content in files if (side := _side(name, content))}
    lists = []
    for name, content in files:
        if _side(name, content):
            continue
        try:
            lists.append(_read(name, content, sides))
        except BadList as problem:
            raise BadList(f"{name}: {problem}") from problem
    if sides and not any(_begins_with_number(content) for name, content in files if not _side(name, content)):
        raise BadList("ALT.CSV and ADD.CSV need the SDN.CSV they belong to")
    return lists


def _side(name: str, content: bytes) -> str:
    """alt or add for a side file of OFAC: by its name, and because it begins with a number."""
    found = SIDE_FILES.search(PurePath(name).stem.casefold())
    return found[2] if found and _begins_with_number(content) else ""


def _begins_with_number(content: bytes) -> bool:
    return content.lstrip(b'\xef\xbb\xbf \r\n"')[:1].isdigit()


def _read(name: str, content: bytes, sides: Mapping[str, bytes]) -> Watchlist:
    start = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    used = [content]
    if start == b"<":
        entities = read_un(content)
    elif start == b"{":
        entities = read_ftm(content)
    elif _begins_with_number(content):
        used += [sides.get("alt", b""), sides.get("add", b"")]
        entities = read_sdn(*used)
    else:
        entities = read_targets(content)
    if not entities:
        raise BadList("the file lists nobody")
    by_key = {entity.key: entity for entity in entities}
    digest = hashlib.sha256(b"".join(used)).hexdigest()
    return Watchlist(PurePath(name).stem.casefold(), digest, tuple(by_key.values()))


def compare_versions(before: Mapping[str, str], after: Mapping[str, str]) -> Change:
    """`before` and `after` map the key of an entity to its digest."""
    return Change(
        added=tuple(sorted(after.keys() - before.keys())),
        changed=tuple(sorted(key for key in after.keys() & before.keys() if after[key] != before[key])),
        removed=tuple(sorted(before.keys() - after.keys())),
    )
