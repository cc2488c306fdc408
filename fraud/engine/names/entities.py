"""Whom lists name, and whom we ask about."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from creditiq.kernel.hashing import digest
from fraud.engine.names.normalise import Kind


class ListedName(NamedTuple):
    """One way a list writes a name; a weak alias is one the publisher itself calls low quality."""

    text: str
    weak: bool = False


@dataclass(frozen=True)
class ListedEntity:
    """A person, organisation or vessel of a list. Births are ISO dates or their beginnings (1970, 1970-05).

    `countries` are as written, in lower case; `identifiers` have no spaces or punctuation and are upper case.
    """

    key: str
    kind: Kind
    names: tuple[ListedName, ...]
    births: tuple[str, ...] = ()
    countries: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    wallets: frozenset[str] = frozenset()
    programmes: tuple[str, ...] = ()
    remarks: str = ""
    addresses: tuple[str, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything the list says of it: another digest is another entity to decide about."""
        return digest(self.content())

    @property
    def listed_as(self) -> tuple[str, ...]:
        """What its wallets are: as its topics say, and sanctioned where a list has no topics (OFAC, UN)."""
        topics = {programme.casefold() for programme in self.programmes}
        told = tuple(kind for kind in (MIXER, DRAINER) if kind in topics)
        about_topics = any(topic in TOPICS or topic.split(".")[0] in TOPICS for topic in topics)
        sanctioned = any(topic.split(".")[0] == "sanction" for topic in topics) or not about_topics
        return (SANCTIONED, *told) if sanctioned else told

    def content(self) -> dict[str, object]:
        """Plain values, the same for the same entity whatever order the file had."""
        return {
            "key": self.key,
            "kind": self.kind,
            "name": self.names[0].text,
            "names": sorted([name.text, name.weak] for name in self.names),
            "births": sorted(self.births),
            "countries": sorted(self.countries),
            "identifiers": sorted(self.identifiers),
            "wallets": sorted(self.wallets),
            "programmes": sorted(self.programmes),
            "remarks": self.remarks,
            "addresses": sorted(self.addresses),
        }

    @classmethod
    def from_content(cls, content: dict[str, object]) -> ListedEntity:
        """The entity of stored content."""
        names, first = content["names"], str(content["name"])
        written = [(str(text), bool(weak)) for text, weak in names] if isinstance(names, list) else []
        kind = str(content["kind"])
        return cls(
            key=str(content["key"]),
            kind=next((known for known in KNOWN if known == kind), "unknown"),
            names=tuple(ListedName(*name) for name in sorted(written, key=lambda name: name[0] != first)),
            births=_texts(content, "births"),
            countries=frozenset(_texts(content, "countries")),
            identifiers=frozenset(_texts(content, "identifiers")),
            wallets=frozenset(_texts(content, "wallets")),
            programmes=_texts(content, "programmes"),
            remarks=str(content.get("remarks", "")),
            addresses=_texts(content, "addresses"),
        )


SANCTIONED, MIXER, DRAINER = "sanctioned", "mixer", "drainer"
TOPICS = frozenset({"crime", "corp", "gov", "fin", "role", "mil", "debarment", "asset", "poi", "reg", MIXER, DRAINER})
"""How topics of FollowTheMoney begin; a programme of OFAC (SDGT, CYBER2) is none of them."""
KNOWN: tuple[Kind, ...] = ("person", "organisation", "vessel")


def _texts(content: dict[str, object], name: str) -> tuple[str, ...]:
    found = content.get(name, [])
    return tuple(str(text) for text in found) if isinstance(found, list) else ()


@dataclass(frozen=True)
class Subject:
    """Whom we ask about. What is unknown is empty; it speaks neither for nor against."""

    key: str
    name: str
    kind: Kind = "unknown"
    birth: str = ""
    countries: frozenset[str] = field(default_factory=frozenset)
    identifiers: frozenset[str] = field(default_factory=frozenset)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of what was asked."""
        return digest([self.key, self.name, self.kind, self.birth, sorted(self.countries), sorted(self.identifiers)])
