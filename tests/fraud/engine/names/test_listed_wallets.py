"""What the wallets of a listed entity are listed as, and how OFAC's remarks spell them."""

import json

import pytest

from fraud.engine.names.entities import ListedEntity, ListedName
from fraud.engine.names.lists.ofac import read_sdn
from fraud.engine.names.lists.targets import read_ftm

REMARKS = (
    "DOB 12 May 1970; Digital Currency Address - XBT 12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h; alt. Digital Currency Address "
    "- ETH 0x901bb9583b24D97e995513C6778dc6888AB6870e; alt. Digital Currency Address - USDT "
    "TXLxBqWrNSSHdPbXh4k5KYVFBU5DzCN6Rz; Secondary sanctions risk: section 1(b)."
)


@pytest.mark.parametrize(
    ("programmes", "listed"),
    [
        (("CYBER2",), ("sanctioned",)),
        ((), ("sanctioned",)),
        (("RUSSIA-EO14024", "SDGT"), ("sanctioned",)),
        (("sanction", "crime.terror"), ("sanctioned",)),
        (("mixer",), ("mixer",)),
        (("drainer", "crime.theft"), ("drainer",)),
        (("sanction.linked", "mixer"), ("sanctioned", "mixer")),
        (("role.pep",), ()),
    ],
)
def test_topics_say_what_a_wallet_is_listed_as(programmes: tuple[str, ...], listed: tuple[str, ...]) -> None:
    entity = ListedEntity(key="1", kind="unknown", names=(ListedName("Somebody"),), programmes=programmes)
    assert entity.listed_as == listed


def test_every_currency_of_the_remarks_is_read() -> None:
    row = f'1,"VYAZEMTSEV, Oleg","individual","CYBER2","-0-","-0-","-0-","-0-","-0-","-0-","-0-","{REMARKS}"\n'
    (entity,) = read_sdn(row.encode())
    assert entity.wallets == {
        "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h", "0x901bb9583b24D97e995513C6778dc6888AB6870e",
        "TXLxBqWrNSSHdPbXh4k5KYVFBU5DzCN6Rz",
    }  # fmt: skip


def test_public_keys_of_entities_are_read() -> None:
    thing = {
        "id": "Q1",
        "schema": "Person",
        "properties": {"name": ["A"], "topics": ["sanction"], "publicKey": ["0xab"]},
    }
    (entity,) = read_ftm(json.dumps(thing).encode())
    assert (entity.wallets, entity.listed_as) == ({"0xab"}, ("sanctioned",))
