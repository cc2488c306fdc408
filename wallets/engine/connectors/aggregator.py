"""An Account Aggregator, asked as a financial information user (FIU): consent first, then data sealed by the bank.

/Consent says what is wanted and for how long; the owner approves it with the aggregator; /Consent/{id} gives the
artefact that the aggregator signed, which must say what was asked. /FI/request opens a data session with our half of a
key; /FI/fetch brings the accounts, each sealed for that key. Bodies are signed both ways (`x-jws-signature`).
Shapes: ReBIT NBFC-AA API specification 1.1.2, api.rebit.org.in.
"""

import base64
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from creditiq.kernel.clock import IST
from wallets.engine.connectors import deposit_holders, detached_jws, key_material
from wallets.engine.connectors.key_material import Own, instant
from wallets.engine.connectors.protocol import (
    Answer,
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

VERSION = "1.1.2"
FORMATS = {"aa_deposit": "bank_entries"}
TIME_TO_APPROVE = timedelta(days=7)
PURPOSE = {
    "code": "103",
    "refUri": "https://api.rebit.org.in/aa/purpose/103.xml",
    "text": "Aggregated statement",
    "Category": {"type": "Financial Reporting"},
}
AGREED = ("consentMode", "fetchType", "consentTypes", "fiTypes", "Customer", "FIDataRange", "DataLife", "Frequency")
"""What the signed artefact must repeat word by word."""
_WAITING = frozenset({"PENDING", "REQUESTED"})
_GRANTED = frozenset({"APPROVED", "READY"})
_NOT_READY = frozenset({"DataFetchRequestInProgress", "DataNotReady"})
_OVER = frozenset({"ConsentExpired", "ExpiredConsent", "InvalidConsentStatus", "InvalidSessionId", "DataGone"})


@dataclass(frozen=True)
class AggregatorConnector:
    """`own` signs our bodies under `key_id`, `theirs` proves the aggregator's; all in PEM."""

    fiu_id: str
    api_key: str = field(repr=False)
    own: bytes = field(repr=False)
    key_id: str
    theirs: bytes = field(repr=False)
    draw: Draw = field(repr=False)
    page: str = ""
    formats: Mapping[str, str] = field(default_factory=lambda: FORMATS)

    def begin(self, line: Line, applicant: Applicant, span: Span, at: datetime) -> Begun:
        """Ask for the owner's consent with the aggregator."""
        if self._asked(line, "GET", "Heartbeat").get("Status") != "UP":
            raise SourceTrouble(Trouble.UNREACHABLE, "Heartbeat")
        detail = consent_detail(self.fiu_id, applicant, span, at)
        answer = self._asked(line, "POST", "Consent", {**self._envelope("consent", at), "ConsentDetail": detail})
        handle = str(_identifier(text_in(answer, "ConsentHandle")))
        return Begun(Need.CONSENT, {"handle": handle, "detail": written(detail).decode()}, self.page)

    def complete(self, line: Line, applicant: Applicant, kept: Kept, given: str, at: datetime) -> Session:
        """Take up the consent once it is given. Raises SourceTrouble(NOT_APPROVED, DENIED, NOT_AS_ASKED)."""
        standing = table_in(self._asked(line, "GET", f"Consent/handle/{kept['handle']}"), "ConsentStatus")
        status = text_in(standing, "status")
        if status in _WAITING:
            raise SourceTrouble(Trouble.NOT_APPROVED)
        if status not in _GRANTED:
            raise SourceTrouble(Trouble.DENIED, status)
        consent_id = str(_identifier(text_in(standing, "id")))
        artefact = self._asked(line, "GET", f"Consent/{consent_id}")
        if artefact.get("status") != "ACTIVE":
            raise SourceTrouble(Trouble.DENIED, str(artefact.get("status")))
        signed = text_in(artefact, "signedConsent")
        agreed = object_in(detached_jws.verified(signed, key=detached_jws.public_key(self.theirs)))
        asked = object_in(kept["detail"].encode())
        if any(agreed.get(name) != asked[name] for name in (*AGREED, "consentExpiry")):
            raise SourceTrouble(Trouble.NOT_AS_ASKED)
        held = {"consent": consent_id, "signature": detached_jws.signature_of(signed)}
        return Session({**held, "detail": kept["detail"]}, datetime.fromisoformat(text_in(asked, "consentExpiry")))

    def parts(self, span: Span, kinds: Collection[str]) -> tuple[Part, ...]:
        """All accounts over the span at once: a one-time consent is good for one request."""
        period = f"{span.first.isoformat()}/{span.last.isoformat()}"
        return tuple(Part(name, period) for name, kind in self.formats.items() if kind in kinds)

    def fetch(self, line: Line, applicant: Applicant, kept: Kept, part: Part, at: datetime) -> Fetched:
        """The first call opens the data session, later ones ask whether the banks have answered."""
        if "session" not in kept:
            return Fetched((), self._request(line, kept, at), waiting=True)
        try:
            answer = self._asked(line, "GET", f"FI/fetch/{kept['session']}")
        except SourceTrouble as trouble:
            if trouble.trouble is Trouble.PREPARING:
                return Fetched((), kept, waiting=True)
            raise
        sealed = tables_in(answer, "FI")
        return Fetched(self._documents(sealed, kept, applicant), kept, waiting=not sealed)

    def _request(self, line: Line, kept: Kept, at: datetime) -> dict[str, str]:
        own = Own(self.draw("x25519", key_material.KEY), self.draw("nonce", key_material.NONCE))
        asked = {
            **self._envelope("data", at),
            "FIDataRange": object_in(kept["detail"].encode())["FIDataRange"],
            "Consent": {"id": kept["consent"], "digitalSignature": kept["signature"]},
            "KeyMaterial": own.material(at + timedelta(days=1)),
        }
        answer = self._asked(line, "POST", "FI/request", asked)
        if answer.get("consentId") != kept["consent"]:
            raise SourceTrouble(Trouble.NOT_AS_ASKED)
        half = {"private": base64.b64encode(own.private).decode(), "nonce": base64.b64encode(own.nonce).decode()}
        return {**kept, **half, "session": str(_identifier(text_in(answer, "sessionId")))}

    def _documents(self, banks: list[dict[str, object]], kept: Kept, applicant: Applicant) -> tuple[Document, ...]:
        own = Own(base64.b64decode(kept["private"]), base64.b64decode(kept["nonce"]))
        seen: set[bytes] = set()
        found: list[Document] = []
        for bank in banks:
            material = table_in(bank, "KeyMaterial")
            for account in tables_in(bank, "data"):
                text = text_in(account, "encryptedFI")
                content = _plain(key_material.opened(text, own=own, material=material, seen=seen))
                _check_holder(content, applicant)
                found.append(Document(f"account-{len(found) + 1}-{text_in(account, 'maskedAccNumber')[-4:]}", content))
            seen.add(key_material.nonce_in(material))
        return tuple(found)

    def _envelope(self, purpose: str, at: datetime) -> dict[str, object]:
        name = UUID(bytes=self.draw(f"txnid {purpose}", 16), version=4)
        return {"ver": VERSION, "timestamp": instant(at), "txnid": str(name)}

    def _asked(
        self, line: Line, method: str, path: str, asked: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """One signed question and its signed answer. Raises SourceTrouble."""
        body = b"" if asked is None else written(asked)
        headers = {"Content-Type": "application/json", "client_api_key": self.api_key}
        if body:
            key = detached_jws.private_key(self.own)
            headers["x-jws-signature"] = detached_jws.detached(body, key=key, key_id=self.key_id)
        answer = asked_of(line, Question(method, path, headers, body=body))
        if answer.status >= 400:
            raise _refusal(answer)
        signature = answer.headers.get("x-jws-signature", "")
        detached_jws.verify_detached(signature, answer.body, key=detached_jws.public_key(self.theirs))
        told = object_in(answer.body)
        if asked is not None and told.get("txnid") != asked["txnid"]:
            raise SourceTrouble(Trouble.NOT_AS_ASKED, "txnid")
        return told


def consent_detail(fiu_id: str, applicant: Applicant, span: Span, at: datetime) -> dict[str, object]:
    """What the owner is asked to agree to: one look at deposit accounts, kept as long as the house may."""
    first, after = (
        datetime.combine(day, time(), IST).astimezone(UTC) for day in (span.first, span.last + timedelta(days=1))
    )
    last = after - timedelta(milliseconds=1)  # both ends are included, and written in milliseconds
    return {
        "consentStart": instant(at),
        "consentExpiry": instant(at + TIME_TO_APPROVE),
        "consentMode": "STORE",
        "fetchType": "ONETIME",
        "consentTypes": ["PROFILE", "SUMMARY", "TRANSACTIONS"],
        "fiTypes": ["DEPOSIT"],
        "DataConsumer": {"id": fiu_id, "type": "FIU"},
        "Customer": {"id": applicant.handle},
        "Purpose": PURPOSE,
        "FIDataRange": {"from": instant(first), "to": instant(min(last, at))},
        "DataLife": {"unit": "DAY", "value": applicant.keep_days},
        "Frequency": {"unit": "HOUR", "value": 1},
    }


def _refusal(answer: Answer) -> SourceTrouble:
    try:
        code = str(object_in(answer.body).get("errorCode") or answer.status)
    except SourceTrouble:
        code = str(answer.status)
    known = {Trouble.PREPARING: _NOT_READY, Trouble.SESSION_OVER: _OVER}
    return SourceTrouble(next((trouble for trouble, codes in known.items() if code in codes), Trouble.REFUSED), code)


def _identifier(text: str) -> UUID:
    """Identifiers become parts of addresses: nothing but a UUID does."""
    try:
        return UUID(text)
    except ValueError as error:
        raise SourceTrouble(Trouble.UNREADABLE, "id") from error


def _plain(content: bytes) -> bytes:
    """The document itself; banks seal it as it is or as base64."""
    if content.lstrip()[:1] in (b"<", b"{", b"["):
        return content
    try:
        return base64.b64decode(content, validate=True)
    except ValueError as error:
        raise SourceTrouble(Trouble.UNREADABLE, "deposit") from error


def _check_holder(content: bytes, applicant: Applicant) -> None:
    """An account whose bank names other people's PANs only is not this business's."""
    told = deposit_holders.pans(content)
    if told and applicant.pan not in told:
        raise SourceTrouble(Trouble.ANOTHER_BUSINESS)
