"""What a house set up wrongly, and what a source sends too much of, is told as such."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from tests.wallets.engine.connectors.far_ends import Aggregator, GstNetwork, rsa
from tests.wallets.engine.connectors.over_http import served
from tests.wallets.source_houses import with_aggregator
from wallets.engine.connectors.protocol import MOST_BYTES, Answer, Question, SourceTrouble, Trouble
from wallets.selectors.connecting import missing_settings
from wallets.services.source_lines import HttpLine, UnableToConnect, access_to


@pytest.fixture
def house(settings: object, tmp_path: Path) -> Iterator[object]:
    with with_aggregator(settings, tmp_path, Aggregator()):
        yield settings


def test_a_key_with_a_password_is_not_set_up(house: object, tmp_path: Path) -> None:
    assert access_to("account_aggregator")
    locked = rsa("fiu").private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"a phrase"))
    (tmp_path / "fiu.pem").write_bytes(locked)
    with pytest.raises(UnableToConnect, match="holds no RSA key in PEM without a password") as caught:
        access_to("account_aggregator")
    assert caught.value.code == "not_set_up"


def test_a_key_file_that_cannot_be_read_is_not_set_up(house: object) -> None:
    house.AA_SIGNING_KEY = "/proc/self/mem"  # a file that may be opened, and gives nothing
    with pytest.raises(UnableToConnect, match="cannot be read") as caught:
        access_to("account_aggregator")
    assert caught.value.code == "not_set_up"


def test_a_key_file_that_is_none_counts_as_missing(house: object, tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "fiu.pem" / "inside", tmp_path / "nothing.pem"):
        house.AA_SIGNING_KEY = str(path)
        assert missing_settings("account_aggregator") == ("AA_SIGNING_KEY",)


class Flood(GstNetwork):
    """It answers with more than anybody takes."""

    def ask(self, question: Question) -> Answer:
        return Answer(200, {}, b" " * (MOST_BYTES + 70_000))


def test_an_answer_that_is_too_large_is_told_as_that() -> None:
    server = served(Flood())
    with pytest.raises(SourceTrouble) as caught:
        HttpLine(f"http://127.0.0.1:{server.server_port}/base").ask(Question("GET", "returns", {}))
    server.shutdown()
    server.server_close()
    assert caught.value.trouble is Trouble.TOO_LARGE
