"""The other ends, with their own keys and really encrypting: a GST network and an Account Aggregator with its banks."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from urllib.parse import urlencode
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from wallets.engine.connectors import detached_jws, key_material
from wallets.engine.connectors import gsp_envelope as envelope
from wallets.engine.connectors.aggregator import AggregatorConnector
from wallets.engine.connectors.gsp import PATHS, GspConnector
from wallets.engine.connectors.protocol import Answer, Applicant, Question, SourceTrouble, Span, Trouble, written
from wallets.engine.connectors.recorded import as_recorded, drawn

AT = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
GSTIN, PAN = "29ABCPK1234L1ZO", "ABCPK1234L"
SPAN = Span(datetime(2026, 8, 1, tzinfo=UTC).date(), datetime(2026, 9, 30, tzinfo=UTC).date())
APPLICANT = Applicant(GSTIN, PAN, "asha.rao", "203.0.113.7", 365)
SEED = "a recorded session"
OTP = "575757"


@cache
def rsa(name: str) -> RSAPrivateKey:
    """One key a name and test run."""
    return generate_private_key(public_exponent=65537, key_size=2048)


def public_pem(name: str) -> bytes:
    return rsa(name).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def private_pem(name: str) -> bytes:
    return rsa(name).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def draw(purpose: str, count: int) -> bytes:
    return drawn(SEED, purpose, count)


def gsp_connector(**changes: object) -> GspConnector:
    return replace(GspConnector("client", "secret", public_pem("network"), draw), **changes)


def aa_connector(**changes: object) -> AggregatorConnector:
    keys = {"own": private_pem("fiu"), "key_id": "fiu-1", "theirs": public_pem("aggregator")}
    return replace(AggregatorConnector("fiu@house", "key", **keys, draw=draw, page="https://aa.example/"), **changes)


def invoice(number: str, day: str = "14-09-2026") -> dict[str, object]:
    items = [{"num": 1, "itm_det": {"rt": 18, "txval": 50_000, "camt": 4_500, "samt": 4_500, "csamt": 0}}]
    return {"inum": number, "idt": day, "val": 59_000, "pos": "29", "rchrg": "N", "inv_typ": "R", "itms": items}


def returns(own: str = GSTIN) -> dict[str, dict[str, object]]:
    """What the network holds for September 2026, by path and action; August was not filed."""
    tracked = [
        {"arn": f"AA29092600000{n}", "ret_prd": "092026", "mof": "ONLINE", "dof": "11-10-2026", "rtntype": name,
         "status": "Filed", "valid": "Y"}
        for n, name in ((17, "GSTR1"), (18, "GSTR3B"))
    ]  # fmt: skip
    buyer = {"ctin": "27AAPFU0939F1ZV", "cfs": "Y", "inv": [invoice("26-27/1"), invoice("26-27/2", "20-09-2026")]}
    sections = [{"sec_nm": "B2B", "ttl_rec": 2, "ttl_val": 118_000}, {"sec_nm": "CDNR", "ttl_rec": 0}]
    owed = {"txval": 100_000, "iamt": 0, "camt": 9_000, "samt": 9_000, "csamt": 0}
    credit = {"itc_net": {"iamt": 0, "camt": 4_000, "samt": 4_000, "csamt": 0}}
    bought = {"inum": "S/9", "dt": "03-09-2026", "val": 11_800, "pos": "29", "rev": "N", "typ": "R",
              "items": [{"num": 1, "rt": 18, "txval": 10_000, "cgst": 900, "sgst": 900}]}  # fmt: skip
    supplier = [{"ctin": "27AAPFU0939F1ZV", "inv": [bought]}]
    return {
        "returns RETTRACK": {"EFiledlist": tracked},
        "gstr1 RETSUM": {"gstin": own, "ret_period": "092026", "sec_sum": sections},
        "gstr1 B2B": {"b2b": [buyer]},
        "gstr3b RETSUM": {"gstin": own, "ret_period": "092026", "sup_details": {"osup_det": owed}, "itc_elg": credit},
        "gstr2b GET2B": {"chksum": "0", "data": {"gstin": own, "rtnprd": "092026", "docdata": {"b2b": supplier}}},
    }


@dataclass
class GstNetwork:
    """A `Line` to a GST network of one taxpayer."""

    held: dict[str, dict[str, object]] = field(default_factory=returns)
    asked: list[Question] = field(default_factory=list)
    session: bytes = field(default_factory=lambda: drawn("network", "session", 32))
    app_key: bytes = b""
    expiry: object = 360
    over: bool = False

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.path == PATHS["authenticate"]:
            return self._authenticate(json.loads(question.body))
        if self.over or question.headers["auth-token"] != "token-1":
            return refused("AUTH4033")
        return self._payload(question)

    def _authenticate(self, asked: Mapping[str, str]) -> Answer:
        self.app_key = rsa("network").decrypt(base64.b64decode(asked["app_key"]), PKCS1v15())
        if asked["action"] == "OTPREQUEST":
            return answer({"status_cd": "1"})
        if envelope.deciphered(asked["otp"], self.app_key) != OTP.encode():
            return refused("AUTH4034")
        sek = envelope.enciphered(self.session, self.app_key)
        return answer({"status_cd": "1", "auth_token": "token-1", "expiry": self.expiry, "sek": sek})

    def _payload(self, question: Question) -> Answer:
        path = next(name for name, path in PATHS.items() if path == question.path)
        held = self.held.get(f"{path} {question.query['action']}")
        period = question.query.get("ret_period") or question.query["rtnprd"]
        if held is None or (period != "092026" and path != "returns"):
            return refused("RET13509")
        own = drawn("network", urlencode(question.query), 32)
        return answer({"status_cd": "1", **envelope.wrapped(written(held), key=self.session, own=own)})


DEPOSIT = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<Account xmlns="http://api.rebit.org.in/FISchema/deposit" type="deposit" version="1.2" '
    'maskedAccNumber="XXXXX1234">'
    '<Profile><Holders type="SINGLE"><Holder name="Asha Rao" pan="{pan}" /></Holders></Profile>'
    '<Summary currentBalance="5000.00" /><Transactions startDate="2026-08-01" endDate="2026-09-30">'
    '<Transaction txnId="S1" type="CREDIT" mode="FT" amount="59000.00" currentBalance="64000.00" '
    'transactionTimestamp="2026-09-21T11:25:00+05:30" valueDate="2026-09-21" narration="NEFT 26-27/1" reference="R1" />'
    "</Transactions></Account>"
)


@dataclass
class Aggregator:
    """A `Line` to an Account Aggregator with one bank; `pending` answers of each kind come first."""

    standing: str = "READY"
    up: str = "UP"
    pending: int = 1
    pan: str = PAN
    agreed: dict[str, object] = field(default_factory=dict)
    nonce: bytes = field(default_factory=lambda: drawn("bank", "nonce", 32))
    banks: int = 1
    accounts: tuple[str, ...] = (DEPOSIT,)
    signer: str = "aggregator"
    asked: list[Question] = field(default_factory=list)
    detail: dict[str, object] = field(default_factory=dict)
    ours: dict[str, object] = field(default_factory=dict)
    consent: str = str(UUID(int=2))

    def ask(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.body:
            signature = question.headers["x-jws-signature"]
            detached_jws.verify_detached(signature, question.body, key=rsa("fiu").public_key())
        told = self._told(question, json.loads(question.body) if question.body else {})
        if isinstance(told, str):
            return Answer(404, {}, written({"ver": "1.1.2", "errorCode": told, "errorMsg": told}))
        body = written({"ver": "1.1.2", "timestamp": "2026-11-01T06:30:00.000Z", **told})
        signed = detached_jws.detached(body, key=rsa(self.signer), key_id="aa-1")
        return Answer(200, {"x-jws-signature": signed}, body)

    def _told(self, question: Question, asked: Mapping[str, object]) -> dict[str, object] | str:
        same = {"txnid": asked.get("txnid", str(UUID(int=9)))}
        if question.path == "Heartbeat":
            return {"Status": self.up}
        if question.path == "Consent":
            self.detail = dict(asked["ConsentDetail"])
            return {**same, "Customer": self.detail["Customer"], "ConsentHandle": str(UUID(int=1))}
        if question.path.startswith("Consent/handle/"):
            return {**same, "ConsentStatus": {"id": self.consent, "status": self.standing}}
        if question.path.startswith("Consent/"):
            payload = written({**self.detail, **self.agreed})
            signed = detached_jws.compact(payload, key=rsa("aggregator"), key_id="aa-1")
            return {**same, "consentId": self.consent, "status": "ACTIVE", "signedConsent": signed}
        if question.path == "FI/request":
            self.ours = dict(asked["KeyMaterial"])
            return {**same, "consentId": asked["Consent"]["id"], "sessionId": str(UUID(int=3))}
        return self._data(same)

    def _data(self, same: dict[str, object]) -> dict[str, object] | str:
        if self.pending:
            self.pending -= 1
            return "DataFetchRequestInProgress"
        bank = key_material.Own(drawn("bank", "private", 32), self.nonce)
        held = [
            key_material.sealed(account.format(pan=self.pan).encode(), own=bank, material=self.ours)
            for account in self.accounts
        ]
        about = {"linkRefNumber": str(UUID(int=4)), "maskedAccNumber": "XXXXX1234"}
        data = [{**about, "encryptedFI": sealed} for sealed in held]
        told = {"fipId": "bank-1", "data": data, "KeyMaterial": bank.material(AT)}
        return {**same, "FI": [told] * self.banks}


def answer(told: Mapping[str, object], status: int = 200) -> Answer:
    return Answer(status, {}, written(told))


def refused(code: str) -> Answer:
    return answer({"status_cd": "0", "error": {"error_cd": code, "message": "no"}})


@dataclass
class Tampered:
    """A `Line` that changes the answers to questions that mention a text."""

    line: GstNetwork | Aggregator
    about: str
    changed: object

    def ask(self, question: Question) -> Answer:
        told = self.line.ask(question)
        about = f"{question.path} {question.query} {question.body.decode()}"
        return self.changed(told) if self.about in about else told


class Silence:
    """A `Line` to a machine that is away."""

    def ask(self, question: Question) -> Answer:
        raise SourceTrouble(Trouble.UNREACHABLE)


@dataclass
class Recorder:
    """A `Line` that writes down what passes, as the file of a recording has it."""

    line: GstNetwork | Aggregator
    varies: tuple[str, ...]
    exchanges: list[dict[str, object]] = field(default_factory=list)

    def ask(self, question: Question) -> Answer:
        told = self.line.ask(question)
        here = {"headers": dict(told.headers), "status": told.status, "body": told.body.decode()}
        request = as_recorded(question)
        flat = {f"headers.{name}" for name in request["headers"]} | {f"body.{name}" for name in request["body"] or {}}
        varies = [name for name in self.varies if name in flat]
        self.exchanges.append({"request": request, "varies": varies, "answer": here})
        return told

    def written(self, **about: object) -> str:
        told = {"seed": SEED, "at": AT.isoformat(), **about, "exchanges": self.exchanges}
        return json.dumps(told, indent=1, ensure_ascii=False) + "\n"
