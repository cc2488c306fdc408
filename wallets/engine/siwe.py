"""Messages of Sign-In with Ethereum (EIP-4361): a strict reader, and the writer of what it reads."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wallets.engine import addresses, uris

SENTENCE = " wants you to sign in with your Ethereum account:"
LONGEST = 10_000
"""Characters; a message of a person's wallet has a few hundred."""
STATEMENT = re.compile(r"[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;= ]*", re.ASCII)
NONCE = re.compile(r"[A-Za-z0-9]{8,}", re.ASCII)
CHAIN_ID = re.compile(r"[0-9]{1,78}", re.ASCII)
MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d+)?([Zz]|([+-])(\d\d):(\d\d))", re.ASCII
)  # RFC 3339 §5.6


class InvalidMessage(ValueError):
    """The text is not a sign-in message; the sentence says where it breaks the layout."""


@dataclass(frozen=True)
class Message:
    """The fields of a message, as they were written. Times stay text so that the signed bytes can be made again."""

    domain: str
    address: str
    uri: str
    chain_id: int
    nonce: str
    issued_at: str
    statement: str | None = None
    scheme: str | None = None
    version: str = "1"
    expiration_time: str | None = None
    not_before: str | None = None
    request_id: str | None = None
    resources: tuple[str, ...] | None = None


class _Lines:
    """The message line by line; the reader never looks back."""

    def __init__(self, text: str) -> None:
        self.lines = text.split("\n")
        self.place = 0

    def take(self, what: str) -> str:
        """The next line. Raises InvalidMessage when the text has ended."""
        if self.place >= len(self.lines):
            raise InvalidMessage(f"The message ends where {what} is expected.")
        self.place += 1
        return self.lines[self.place - 1]

    def field(self, name: str) -> str:
        """Value of a line that must be here."""
        value = self.optional(name)
        if value is None:
            raise InvalidMessage(f"Line {self.place + 1}: “{name}: ” is expected here.")
        return value

    def optional(self, name: str) -> str | None:
        """Value of a line that may be here."""
        if self.place < len(self.lines) and self.lines[self.place].startswith(f"{name}: "):
            return self.take(name)[len(name) + 2 :]
        return None


def parse(text: str) -> Message:
    """Read a message. Raises InvalidMessage (a ValueError) for whatever departs from EIP-4361 by one character."""
    if not isinstance(text, str):
        raise InvalidMessage("The message must be text.")
    if len(text) > LONGEST:
        raise InvalidMessage(f"The message is longer than {LONGEST} characters.")
    lines = _Lines(text)
    scheme, domain = _origin(lines.take("the domain"))
    message = Message(
        scheme=scheme,
        domain=domain,
        address=_address(lines.take("the address")),
        statement=_statement(lines),
        uri=_uri(lines.field("URI")),
        version=_version(lines.field("Version")),
        chain_id=_chain_id(lines.field("Chain ID")),
        nonce=_nonce(lines.field("Nonce")),
        issued_at=_moment("Issued At", lines.field("Issued At")),
        expiration_time=_maybe_moment("Expiration Time", lines),
        not_before=_maybe_moment("Not Before", lines),
        request_id=_request_id(lines.optional("Request ID")),
        resources=_resources(lines),
    )
    if lines.place != len(lines.lines):
        raise InvalidMessage(f"Line {lines.place + 1}: nothing may follow here, or the fields are out of order.")
    return message


def render(message: Message) -> str:
    """The text of a message, ready to be signed. Raises InvalidMessage for fields that no message can have."""
    origin = f"{message.scheme}://{message.domain}" if message.scheme is not None else message.domain
    head = [f"{origin}{SENTENCE}", message.address, ""]
    head += [] if message.statement is None else [message.statement]
    fields = (
        ("URI", message.uri), ("Version", message.version), ("Chain ID", str(message.chain_id)),
        ("Nonce", message.nonce), ("Issued At", message.issued_at), ("Expiration Time", message.expiration_time),
        ("Not Before", message.not_before), ("Request ID", message.request_id),
    )  # fmt: skip
    body = [f"{name}: {value}" for name, value in fields if value is not None]
    tail = [] if message.resources is None else ["Resources:", *(f"- {uri}" for uri in message.resources)]
    text = "\n".join([*head, "", *body, *tail])
    if parse(text) != message:
        raise InvalidMessage("A field holds what would read as another field.")
    return text


def moment(text: str) -> datetime:
    """The instant of an RFC 3339 date-time. Raises InvalidMessage for one that does not exist.

    >>> moment("2021-09-30T16:25:24.000Z").isoformat()
    '2021-09-30T16:25:24+00:00'
    """
    return _instant("The date-time", text)


def _origin(line: str) -> tuple[str | None, str]:
    if not line.endswith(SENTENCE):
        raise InvalidMessage(f"Line 1 must be the domain followed by “{SENTENCE.strip()}”.")
    origin = line.removesuffix(SENTENCE)
    scheme, separator, domain = origin.rpartition("://")
    if separator and uris.SCHEME.fullmatch(scheme) is None:
        raise InvalidMessage("Line 1: the scheme before :// is not one of RFC 3986.")
    if not domain or not uris.is_authority(domain) or domain.startswith(":") or domain.endswith("@"):
        raise InvalidMessage("Line 1: the domain is not an authority of RFC 3986.")
    return (scheme if separator else None), domain


def _address(line: str) -> str:
    if not addresses.is_checksummed(line):
        raise InvalidMessage("Line 2 must be the address with its EIP-55 checksum.")
    return line


def _statement(lines: _Lines) -> str | None:
    """The blank line, the statement if there is one, and the blank line after it."""
    if lines.take("an empty line"):
        raise InvalidMessage("Line 3 must be empty.")
    line = lines.take("the statement or an empty line")
    if not line and (lines.place >= len(lines.lines) or lines.lines[lines.place]):
        return None
    if STATEMENT.fullmatch(line) is None:
        raise InvalidMessage("Line 4: the statement holds a character that EIP-4361 does not allow.")
    if lines.take("an empty line"):
        raise InvalidMessage("Line 5 must be empty: a statement is one line.")
    return line


def _uri(value: str) -> str:
    if not uris.is_uri(value):
        raise InvalidMessage("URI: the value is not a URI of RFC 3986.")
    return value


def _version(value: str) -> str:
    if value != "1":
        raise InvalidMessage("Version must be 1.")
    return value


def _chain_id(value: str) -> int:
    if CHAIN_ID.fullmatch(value) is None or str(int(value)) != value:
        raise InvalidMessage("Chain ID must be a whole number without leading zeros.")
    return int(value)


def _nonce(value: str) -> str:
    if NONCE.fullmatch(value) is None:
        raise InvalidMessage("Nonce must be at least 8 letters or digits.")
    return value


def _maybe_moment(name: str, lines: _Lines) -> str | None:
    value = lines.optional(name)
    return None if value is None else _moment(name, value)


def _moment(name: str, value: str) -> str:
    _instant(name, value)
    return value


def _instant(name: str, value: str) -> datetime:
    parts = MOMENT.fullmatch(value)
    if parts is None:
        raise InvalidMessage(f"{name} must be a date-time such as 2026-11-20T09:30:00Z (RFC 3339).")
    year, month, day, hour, minute, second = (int(parts[number]) for number in range(1, 7))
    try:
        start = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        read = start - _offset(parts) + timedelta(seconds=int(second == 60), microseconds=_micros(parts[7]))
    except (ValueError, OverflowError) as error:
        raise InvalidMessage(f"{name}: there is no such moment.") from error
    if second > 60 or (second == 60 and not _may_leap(start - _offset(parts))):
        raise InvalidMessage(f"{name}: there is no such moment.")
    return read


def _micros(fraction: str | None) -> int:
    return int(f"{fraction[1:7]:0<6}") if fraction else 0


def _offset(parts: re.Match[str]) -> timedelta:
    if parts[9] is None:
        return timedelta()
    hours, minutes = int(parts[10]), int(parts[11])
    if hours > 23 or minutes > 59:
        raise ValueError("no such offset")
    ahead = timedelta(hours=hours, minutes=minutes)
    return ahead if parts[9] == "+" else -ahead


def _may_leap(utc: datetime) -> bool:
    """Leap seconds end a month in UTC (RFC 3339 §5.7)."""
    return (utc.hour, utc.minute, utc.day) == (23, 59, monthrange(utc.year, utc.month)[1])


def _request_id(value: str | None) -> str | None:
    if value is not None and uris.PCHARS.fullmatch(value) is None:
        raise InvalidMessage("Request ID holds a character that EIP-4361 does not allow.")
    return value


def _resources(lines: _Lines) -> tuple[str, ...] | None:
    if lines.place >= len(lines.lines) or lines.lines[lines.place] != "Resources:":
        return None
    lines.take("Resources:")
    rows = lines.lines[lines.place :]
    for number, row in enumerate(rows, lines.place + 1):
        if not row.startswith("- ") or not uris.is_uri(row[2:]):
            raise InvalidMessage(f"Line {number}: a resource is “- ” followed by a URI of RFC 3986.")
    lines.place = len(lines.lines)
    return tuple(row[2:] for row in rows)
