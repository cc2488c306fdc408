"""Who talks to an official source: its connector with the house's credentials, and the line that carries it."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import requests
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings

from creditiq.kernel.errors import ApplicationError
from creditiq.kernel.outgoing import GuardedSession, Hostile, TooLarge, is_local
from wallets.engine.connectors import detached_jws, gsp_envelope
from wallets.engine.connectors.aggregator import AggregatorConnector
from wallets.engine.connectors.gsp import PATHS, GspConnector
from wallets.engine.connectors.protocol import (
    MOST_BYTES,
    Answer,
    Connector,
    Line,
    Question,
    SourceTrouble,
    Trouble,
)
from wallets.engine.connectors.recorded import Recording
from wallets.models import Source
from wallets.selectors.connecting import NOT_CONNECTED, missing_settings

SECONDS = 30.0
AGENT = "CreditIQ-Connector/1"


class UnableToConnect(ApplicationError):
    """The source cannot be asked, or the connection cannot take that step now."""

    code = "unable_to_connect"


@dataclass(frozen=True)
class Access:
    """A source that can be asked."""

    connector: Connector
    line: Line


@dataclass(frozen=True)
class HttpLine:
    """A `Line` over the network: bounded time and size, no redirects, no way into our own network."""

    url: str

    def ask(self, question: Question) -> Answer:
        """Raises SourceTrouble(UNREACHABLE, TOO_LARGE)."""
        address = f"{self.url.rstrip('/')}/{question.path}"
        headers = {"User-Agent": AGENT, "Accept": "application/json", **question.headers}
        try:
            with GuardedSession(local=is_local(self.url), most_bytes=MOST_BYTES, seconds=SECONDS) as session:
                came = session.request(
                    question.method, address, params=question.query, headers=headers, data=question.body or None
                )
        except TooLarge as error:
            raise SourceTrouble(Trouble.TOO_LARGE) from error
        except (requests.RequestException, Hostile) as error:
            raise SourceTrouble(Trouble.UNREACHABLE, type(error).__name__) from error
        return Answer(came.status_code, {name.lower(): value for name, value in came.headers.items()}, came.content)


def access_to(source: str) -> Access:
    """The way to a source. Raises UnableToConnect where this house has not set it up."""
    lacking = missing_settings(source)
    if lacking:
        raise UnableToConnect(f"{NOT_CONNECTED[source]} Missing settings: {', '.join(lacking)}.", code="not_set_up")
    if settings.SOURCE_RECORDINGS:
        return _recorded(source, Path(settings.SOURCE_RECORDINGS) / f"{source}.json")
    try:
        return _gst_network() if source == Source.GST_NETWORK else _aggregator()
    except OSError as error:
        said = f"{NOT_CONNECTED[source]} A key file of its settings cannot be read."
        raise UnableToConnect(said, code="not_set_up") from error
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:  # TypeError: the key asks for a password
        said = f"{NOT_CONNECTED[source]} A key file of its settings holds no RSA key in PEM without a password."
        raise UnableToConnect(said, code="not_set_up") from error


def _gst_network() -> Access:
    certificate = Path(settings.GSP_CERTIFICATE).read_bytes()
    gsp_envelope.public_key(certificate)
    paths = {**PATHS, **settings.GSP_PATHS}
    connector = GspConnector(settings.GSP_CLIENT_ID, settings.GSP_CLIENT_SECRET, certificate, _random, paths)
    return Access(connector, HttpLine(settings.GSP_URL))


def _aggregator() -> Access:
    own, theirs = (Path(path).read_bytes() for path in (settings.AA_SIGNING_KEY, settings.AA_PUBLIC_KEY))
    detached_jws.private_key(own)
    detached_jws.public_key(theirs)
    connector = AggregatorConnector(
        settings.AA_FIU_ID, settings.AA_API_KEY, own, settings.AA_SIGNING_KEY_ID, theirs, _random, settings.AA_PAGE
    )
    return Access(connector, HttpLine(settings.AA_URL))


def _recorded(source: str, path: Path) -> Access:
    """A recording in the place of the network; keys that nobody will check are made for the moment."""
    content = path.read_bytes()
    recording, about = Recording.read(content), json.loads(content)["house"]
    passing = generate_private_key(public_exponent=65537, key_size=2048)
    if source == Source.GST_NETWORK:
        pem = passing.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return Access(GspConnector(about["client_id"], about["client_secret"], pem, recording.draw), recording)
    own = passing.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    theirs = json.loads(content)["key"].encode()
    connector = AggregatorConnector(about["fiu_id"], about["api_key"], own, about["key_id"], theirs, recording.draw)
    return Access(connector, recording)


def _random(_purpose: str, count: int) -> bytes:
    return os.urandom(count)
