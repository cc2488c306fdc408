"""What every connector to an official source can do, and the line it talks over.

A connector computes: it writes questions and reads answers. Who carries them (the network, or a recording) is a
`Line`, so the same connector is tested without a network and used with one. What must be kept between two steps is a
small table of texts (`Kept`); it holds keys and tokens, so whoever stores it seals it.
"""

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from creditiq.kernel.nesting import shallow

Kept = Mapping[str, str]
Draw = Callable[[str, int], bytes]
"""So many octets for a purpose: random on the network, always the same ones in a recording."""
MOST_BYTES = 24_000_000
"""Of one document: as much as the importers read."""
TOO_MANY_REQUESTS, SERVER_ERROR = 429, 500


class Trouble(StrEnum):
    """Why a source gave nothing that can be used."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    WRONG_CODE = "wrong_code"
    SESSION_OVER = "session_over"
    NOT_APPROVED = "not_approved"
    DENIED = "denied"
    PREPARING = "preparing"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    ALTERED = "altered"
    ANOTHER_BUSINESS = "another_business"
    ANOTHER_PERIOD = "another_period"
    NOT_AS_ASKED = "not_as_asked"


class SourceTrouble(Exception):
    """A step cannot be finished; `detail` is the source's own code, never a key and never a whole answer."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(f"{trouble} {detail}".strip())
        self.trouble = trouble
        self.detail = detail[:60]


@dataclass(frozen=True)
class Question:
    """One HTTP request; `path` is below the address of the source."""

    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Answer:
    """What came back; header names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Line(Protocol):
    """Carries one question and brings its answer. Raises SourceTrouble(UNREACHABLE or TOO_LARGE)."""

    def ask(self, question: Question) -> Answer: ...


@dataclass(frozen=True)
class Applicant:
    """For whom evidence is fetched, as the source knows them (`handle`: user name, or address at the aggregator)."""

    gstin: str
    pan: str
    handle: str
    address: str = "127.0.0.1"
    """The network address they act from; the GST network asks for it."""
    keep_days: int = 1
    """For how long what is fetched may be kept: until the owner's consent to the house ends."""


@dataclass(frozen=True)
class Span:
    """From a day to a day, both included."""

    first: date
    last: date

    @property
    def months(self) -> tuple[str, ...]:
        """The months it touches as MMYYYY, oldest first.

        >>> Span(date(2025, 12, 5), date(2026, 1, 2)).months
        ('122025', '012026')
        """
        numbers = range(self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month)
        return tuple(f"{number % 12 + 1:02}{number // 12}" for number in numbers)


class Need(StrEnum):
    """What the owner must do before anything can be fetched."""

    CODE = "code"
    CONSENT = "consent"


@dataclass(frozen=True)
class Begun:
    """A connection under way; `page` is where the owner goes, where that is elsewhere."""

    need: Need
    kept: Kept
    page: str = ""


@dataclass(frozen=True)
class Session:
    """The right to fetch, until it ends."""

    kept: Kept
    ends_at: datetime


@dataclass(frozen=True)
class Part:
    """One thing to fetch: a return of a month, or the accounts over a span. `format` is a key of FORMATS."""

    format: str
    period: str

    @property
    def name(self) -> str:
        return f"{self.format} {self.period}"


@dataclass(frozen=True)
class Document:
    """A document in its official format."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Fetched:
    """What a part holds: none where nothing was filed. `waiting`: ask again later, with what is kept now."""

    documents: tuple[Document, ...]
    kept: Kept
    waiting: bool = False


class Connector(Protocol):
    """An official source. Every method raises SourceTrouble."""

    @property
    def formats(self) -> Mapping[str, str]:
        """The formats it gives, each with its kind of record."""
        ...

    def begin(self, line: Line, applicant: Applicant, span: Span, at: datetime) -> Begun: ...

    def complete(self, line: Line, applicant: Applicant, kept: Kept, given: str, at: datetime) -> Session: ...

    def parts(self, span: Span, kinds: Collection[str]) -> tuple[Part, ...]: ...

    def fetch(self, line: Line, applicant: Applicant, kept: Kept, part: Part, at: datetime) -> Fetched: ...


def asked_of(line: Line, question: Question) -> Answer:
    """What a source that works answers. Raises SourceTrouble(UNREACHABLE): 429 and 5xx say “not now”, unread."""
    answer = line.ask(question)
    if answer.status == TOO_MANY_REQUESTS or answer.status >= SERVER_ERROR:
        raise SourceTrouble(Trouble.UNREACHABLE, str(answer.status))
    return answer


def object_in(body: bytes) -> dict[str, object]:
    """The JSON object of an answer. Raises SourceTrouble(TOO_LARGE, UNREADABLE)."""
    if len(body) > MOST_BYTES:
        raise SourceTrouble(Trouble.TOO_LARGE)
    try:
        value = json.loads(shallow(body), parse_float=_exact, parse_constant=_no_number)
    except (ValueError, RecursionError, ArithmeticError) as error:
        raise SourceTrouble(Trouble.UNREADABLE) from error
    if not isinstance(value, dict):
        raise SourceTrouble(Trouble.UNREADABLE)
    return value


def _exact(text: str) -> float:
    """A number that is written again as it was read; money of more digits than that is refused, not rounded."""
    value = float(text)
    if Decimal(repr(value)) != Decimal(text):
        raise ValueError("a number with too many digits")
    return value


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def text_in(table: Mapping[str, object], name: str) -> str:
    """A text that must be there. Raises SourceTrouble(UNREADABLE)."""
    value = table.get(name)
    if not isinstance(value, str) or not value:
        raise SourceTrouble(Trouble.UNREADABLE, name)
    return value


def table_in(table: Mapping[str, object], name: str) -> dict[str, object]:
    """An object inside; empty where there is none."""
    value = table.get(name)
    return value if isinstance(value, dict) else {}


def tables_in(table: Mapping[str, object], name: str) -> list[dict[str, object]]:
    """A list of objects inside; what else stands in the list is left out."""
    value = table.get(name)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def written(table: Mapping[str, object]) -> bytes:
    """JSON as it is sent and signed: no spaces, UTF-8."""
    return json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
