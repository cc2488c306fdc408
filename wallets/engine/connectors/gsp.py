"""The GST network through a GST Suvidha Provider (GSP): a code to the taxpayer's phone opens a session of hours.

Per month and return it first asks whether the return was filed (RETTRACK), then for its parts: a GSTR-1 by sections
(B2B, CDNR …; the summary says which hold something), a GSTR-3B by its summary (RETSUM), a GSTR-2B as a whole (GET2B).
The document is the return file that the portal offers for download, with `fil_dt` and `arn` as the tracking told them.
"""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from wallets.engine.connectors import gsp_envelope as envelope
from wallets.engine.connectors.protocol import (
    Applicant,
    Begun,
    Document,
    Draw,
    Fetched,
    Kept,
    Line,
    Need,
    Part,
    Question,
    Session,
    SourceTrouble,
    Span,
    Trouble,
    asked_of,
    object_in,
    table_in,
    tables_in,
    text_in,
    written,
)

SECTIONS = ("B2B", "B2BA", "B2CL", "B2CLA", "B2CS", "B2CSA", "CDNR", "CDNRA", "CDNUR", "CDNURA", "EXP", "EXPA")
FORMATS = {"gstr1": "gst_invoices", "gstr3b": "gst_returns", "gstr2b": "gst_invoices"}
PATHS = {
    "authenticate": "taxpayerapi/v1.0/authenticate",
    "returns": "taxpayerapi/v1.0/returns",
    "gstr1": "taxpayerapi/v2.1/returns/gstr1",
    "gstr3b": "taxpayerapi/v1.0/returns/gstr3b",
    "gstr2b": "taxpayerapi/v1.0/returns/gstr2b",
}
"""Providers put what they like before these, and the network raises its versions: settings may say otherwise."""
TRACKED = {"gstr1": ("R1", "GSTR1"), "gstr3b": ("R3B", "GSTR3B")}
LONGEST_SESSION = timedelta(hours=6)
_EMPTY = frozenset({
    "RET11416", "RET11417", "RET13508", "RET13509", "RET13510", "RET2B1016", "RET2B1018", "RET2B1023", "RT-3BAS1009",
})  # fmt: skip
"""The network's codes for “there is nothing for this period”."""
_OVER = frozenset({"AUTH158", "AUTH4033", "AUTH4038", "RET11402", "RET2B1010", "RETOTPREQUEST"})
_WRONG = frozenset({"AUTH4034"})
_PREPARING = frozenset({"RTN_24"})


class _Nothing(Exception):
    """The network has nothing for this question."""


@dataclass(frozen=True)
class GspConnector:
    """`certificate`: the network's public key or certificate in PEM."""

    client_id: str
    client_secret: str = field(repr=False)
    certificate: bytes = field(repr=False)
    draw: Draw = field(repr=False)
    paths: Mapping[str, str] = field(default_factory=lambda: PATHS)
    formats: Mapping[str, str] = field(default_factory=lambda: FORMATS)

    def begin(self, line: Line, applicant: Applicant, span: Span, at: datetime) -> Begun:
        """Have the network send a code to the taxpayer's registered phone and mail."""
        app_key = self.draw("app_key", envelope.KEY)
        self._authenticate(line, applicant, {"action": "OTPREQUEST", **self._named(applicant, app_key)})
        return Begun(Need.CODE, {"app_key": base64.b64encode(app_key).decode()})

    def complete(self, line: Line, applicant: Applicant, kept: Kept, given: str, at: datetime) -> Session:
        """Open the session with the code; the code is not kept."""
        app_key = base64.b64decode(kept["app_key"])
        asked = {"action": "AUTHTOKEN", **self._named(applicant, app_key)}
        answer = self._authenticate(line, applicant, asked | {"otp": envelope.enciphered(given.encode(), app_key)})
        token = text_in(answer, "auth_token")
        key = envelope.session_key(text_in(answer, "sek"), app_key)
        opened = {"auth_token": token, "session_key": base64.b64encode(key).decode()}
        return Session(opened, at + _lifetime(answer.get("expiry")))

    def parts(self, span: Span, kinds: Collection[str]) -> tuple[Part, ...]:
        """The returns whose kind is consented to, month by month."""
        wanted = [name for name, kind in self.formats.items() if kind in kinds]
        return tuple(Part(name, month) for month in span.months for name in wanted)

    def fetch(self, line: Line, applicant: Applicant, kept: Kept, part: Part, at: datetime) -> Fetched:
        """One return of one month; no document where it was not filed or says nothing."""
        asking = _Asking(self, line, applicant, kept, part)
        try:
            told = {"gstr1": asking.gstr1, "gstr3b": asking.gstr3b, "gstr2b": asking.gstr2b}[part.format]()
        except _Nothing:
            return Fetched((), kept)
        name = f"{part.format}-{applicant.gstin}-{part.period}.json"
        return Fetched((Document(name, written(told)),), kept)

    def _authenticate(self, line: Line, applicant: Applicant, asked: Mapping[str, object]) -> dict[str, object]:
        body = written(asked)
        return _told(line, Question("POST", self.paths["authenticate"], self.headers(applicant, body), body=body))

    def _named(self, applicant: Applicant, app_key: bytes) -> dict[str, object]:
        return {"app_key": envelope.sealed_key(app_key, self.certificate), "username": applicant.handle}

    def headers(self, applicant: Applicant, about: bytes) -> dict[str, str]:
        """What the network wants to know with every question."""
        return {
            "Content-Type": "application/json",
            "clientid": self.client_id,
            "client-secret": self.client_secret,
            "ip-usr": applicant.address,
            "state-cd": applicant.gstin[:2],
            "txn": self.draw(f"txn {about.decode()}", 16).hex(),
            "gstin": applicant.gstin,
            "username": applicant.handle,
        }


@dataclass(frozen=True)
class _Asking:
    """The questions about one return of one month, in an open session."""

    connector: GspConnector
    line: Line
    applicant: Applicant
    kept: Kept
    part: Part

    def gstr1(self) -> dict[str, object]:
        filed = self._filed()
        summary = self._own(self._section("RETSUM"), "ret_period")
        filled = {text_in(entry, "sec_nm") for entry in tables_in(summary, "sec_sum") if entry.get("ttl_rec")}
        document: dict[str, object] = {"gstin": self.applicant.gstin, "fp": self.part.period, **filed}
        for section in (name for name in SECTIONS if name in filled):
            rows = self._section(section).get(section.lower())
            if not isinstance(rows, list):
                raise SourceTrouble(Trouble.UNREADABLE, section)
            document[section.lower()] = rows
        return document

    def gstr3b(self) -> dict[str, object]:
        filed = self._filed()
        return self._own(self._section("RETSUM"), "ret_period") | filed

    def gstr2b(self) -> dict[str, object]:
        answer = self._payload("gstr2b", {"action": "GET2B", "rtnprd": self.part.period})
        self._own(table_in(answer, "data"), "rtnprd")
        return answer

    def _filed(self) -> dict[str, object]:
        """When the return was filed, and under which number. Raises _Nothing."""
        kind, named = TRACKED[self.part.format]
        answer = self._payload("returns", {"action": "RETTRACK", "ret_period": self.part.period, "type": kind})
        for entry in tables_in(answer, "EFiledlist"):
            about = (entry.get("rtntype"), entry.get("ret_prd"), entry.get("valid"))
            if about == (named, self.part.period, "Y"):
                return {"fil_dt": text_in(entry, "dof"), "arn": text_in(entry, "arn")}
        raise _Nothing

    def _section(self, action: str) -> dict[str, object]:
        try:
            return self._payload(self.part.format, {"action": action, "ret_period": self.part.period})
        except _Nothing:
            if action == "RETSUM":
                raise
            return {action.lower(): []}

    def _own(self, told: dict[str, object], period: str) -> dict[str, object]:
        """The same, once it is of this business and this month. Raises SourceTrouble."""
        if text_in(told, "gstin") != self.applicant.gstin:
            raise SourceTrouble(Trouble.ANOTHER_BUSINESS)
        if text_in(told, period) != self.part.period:
            raise SourceTrouble(Trouble.ANOTHER_PERIOD)
        return told

    def _payload(self, path: str, asked: Mapping[str, str]) -> dict[str, object]:
        query = {"action": asked["action"], "gstin": self.applicant.gstin, **asked}
        headers = self.connector.headers(self.applicant, f"{path} {sorted(query.items())}".encode())
        headers |= {"auth-token": self.kept["auth_token"], "ret_period": self.part.period}
        answer = _told(self.line, Question("GET", self.connector.paths[path], headers, query))
        if "data" not in answer and answer.get("status_cd") == "2":
            raise SourceTrouble(Trouble.PREPARING)
        return object_in(envelope.opened(answer, base64.b64decode(self.kept["session_key"])))


def _told(line: Line, question: Question) -> dict[str, object]:
    """The answer's members where the network says that all is well. Raises SourceTrouble, _Nothing."""
    answer = asked_of(line, question)
    told = object_in(answer.body)
    told["status_cd"] = str(told.get("status_cd", ""))  # a number with some providers
    if told["status_cd"] in {"1", "2"}:
        return told
    code = str(table_in(told, "error").get("error_cd") or answer.status)
    if code in _EMPTY:
        raise _Nothing
    known = {Trouble.SESSION_OVER: _OVER, Trouble.WRONG_CODE: _WRONG, Trouble.PREPARING: _PREPARING}
    raise SourceTrouble(next((trouble for trouble, codes in known.items() if code in codes), Trouble.REFUSED), code)


def _lifetime(minutes: object) -> timedelta:
    """How long a token lives; six hours where the answer says nothing sensible, never longer."""
    text = str(minutes)
    told = timedelta(minutes=int(text)) if text.isdecimal() and len(text) < 6 else LONGEST_SESSION
    return min(told, LONGEST_SESSION)
