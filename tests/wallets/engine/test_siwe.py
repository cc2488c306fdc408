"""The strict reader of EIP-4361: what the standard's own test cases cover, said in our words, and round trips."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallets.engine import addresses, siwe

ADDRESS = "0xC02aaA39b223FE8D0A0e5C4F27eAD9083C756Cc2"
FIELDS = {
    "URI": "https://desk.example/wallets", "Version": "1", "Chain ID": "1", "Nonce": "k2f9Qm31x",
    "Issued At": "2026-11-20T09:30:00Z", "Expiration Time": "2026-11-20T09:40:00.500+05:30",
    "Not Before": "2026-11-20T09:30:00.000Z", "Request ID": "request-1",
}  # fmt: skip
OPTIONAL = ("Expiration Time", "Not Before", "Request ID")


def text(**changed: object) -> str:
    """A good message with parts replaced; None leaves a field out."""
    parts = {"domain": "desk.example", "address": ADDRESS, "statement": "\nI own this wallet.\n", "tail": ""} | changed
    fields = FIELDS | {str(name).replace("_", " "): value for name, value in changed.items() if "_" in str(name)}
    for name in ("URI", "Version", "Nonce"):
        fields[name] = changed.get(name, fields[name])
    body = "\n".join(f"{name}: {value}" for name, value in fields.items() if value is not None)
    head = f"{parts['domain']} wants you to sign in with your Ethereum account:\n{parts['address']}\n"
    return f"{head}{parts['statement']}\n{body}{parts['tail']}"


def test_every_field_is_read() -> None:
    read = siwe.parse(text(tail="\nResources:\n- ipfs://Qme7ss3ARVgxv6rXqVPiikMJ8u2NLgmgszg13pYrDKEoiu\n- urn:a:b"))
    assert (read.scheme, read.domain, read.address) == (None, "desk.example", ADDRESS)
    assert (read.statement, read.uri, read.version) == ("I own this wallet.", FIELDS["URI"], "1")
    assert (read.chain_id, read.nonce, read.issued_at) == (1, "k2f9Qm31x", "2026-11-20T09:30:00Z")
    assert (read.expiration_time, read.request_id) == (FIELDS["Expiration Time"], "request-1")
    assert read.resources == ("ipfs://Qme7ss3ARVgxv6rXqVPiikMJ8u2NLgmgszg13pYrDKEoiu", "urn:a:b")


@pytest.mark.parametrize(
    ("changed", "field", "value"),
    [
        ({"domain": "https://desk.example"}, "scheme", "https"),
        ({"domain": "127.0.0.1:8000"}, "domain", "127.0.0.1:8000"),
        ({"domain": "asha@127.0.0.1:8000"}, "domain", "asha@127.0.0.1:8000"),
        ({"domain": "[2001:db8::1]:443"}, "domain", "[2001:db8::1]:443"),
        ({"domain": "localhost"}, "domain", "localhost"),
        ({"statement": "\n"}, "statement", None),
        ({"statement": "\n\n"}, "statement", ""),
        ({"Request_ID": ""}, "request_id", ""),
        ({"Request_ID": None}, "request_id", None),
        ({"tail": "\nResources:"}, "resources", ()),
        ({"Issued_At": "2016-12-31T23:59:60Z"}, "issued_at", "2016-12-31T23:59:60Z"),
        ({"Issued_At": "2024-02-29T00:00:00.123456789-00:00"}, "issued_at", "2024-02-29T00:00:00.123456789-00:00"),
        ({"URI": "did:key:z6Mk"}, "uri", "did:key:z6Mk"),
        ({"Chain_ID": "1313161554"}, "chain_id", 1313161554),
    ],
)
def test_what_the_standard_allows_is_read(changed: dict[str, str | None], field: str, value: object) -> None:
    assert getattr(siwe.parse(text(**changed)), field) == value


@pytest.mark.parametrize("name", [name for name in FIELDS if name not in OPTIONAL])
def test_a_required_field_cannot_be_missing(name: str) -> None:
    lines = [line for line in text().split("\n") if not line.startswith(f"{name}: ")]
    with pytest.raises(ValueError, match="is expected here"):
        siwe.parse("\n".join(lines))


@pytest.mark.parametrize("place", range(7))
def test_fields_keep_their_order(place: int) -> None:
    lines = text(tail="\nResources:\n- https://a.example").split("\n")
    lines[6 + place], lines[7 + place] = lines[7 + place], lines[6 + place]
    with pytest.raises(ValueError, match=r"expected here|out of order|a resource is"):
        siwe.parse("\n".join(lines))


@pytest.mark.parametrize(
    "broken",
    [
        text(domain=""), text(domain="#desk"), text(domain="desk example"), text(domain="1s://desk.example"),
        text(domain="://desk.example"), text(domain="[::1"), text(domain="desk.example:80a"),
        text(address=""), text(address=ADDRESS.lower()), text(address=ADDRESS.replace("C0", "c0", 1)),
        text(address=ADDRESS[:-1]), text(address=f" {ADDRESS}"),
        text(statement="\ntwo\nlines\n"), text(statement="\ncurly {}\n"), text(statement="\nनमस्ते\n"),
        text(statement="\n\n\n"), text(statement=""),
        text(URI="not_a_uri"), text(URI=":nothing"), text(URI="uri://[::0.0.0.256]/p"), text(URI="https://a b"),
        text(URI="uri://[1:2:3:4:5::6:7:8]"), text(URI="uri://[1:2:3:4:5:6:7]"), text(URI="https://a/%zz"),
        text(Version="2"), text(Version=" 1"), text(Chain_ID="?"), text(Chain_ID="-1"), text(Chain_ID="01"),
        text(Chain_ID="\N{FULLWIDTH DIGIT ONE}"), text(Nonce="1234567"), text(Nonce="1234567-"), text(Nonce="१२३४५६७८"),
        text(Issued_At="Wed Oct 05 2011 16:48:00 GMT+0200"), text(Issued_At="2026-02-29T00:00:00Z"),
        text(Issued_At="2026-11-20 09:30:00Z"), text(Issued_At="2026-11-20T09:30:00"), text(Issued_At="2026-11-20"),
        text(Issued_At="2026-11-20T24:00:00Z"), text(Issued_At="2026-11-20T09:30:00+24:00"),
        text(Issued_At="2026-11-20T09:30:60Z"), text(Issued_At="0000-01-01T00:00:00Z"),
        text(Expiration_Time="2026-13-01T00:00:00Z"), text(Not_Before="2026-02-32T00:00:00.000Z"),
        text(Request_ID="with space"), text(Request_ID="a/b"),
        text(tail="\n"), text(tail="\r"), text(tail=" "), text(tail="\nResources:\n"), text(tail="\nResources: x"),
        text(tail="\nResources:\n- https://a.example - https://b.example"),
        text(tail="\nResources:\n- :no"), text(tail="\nResources:\n- https://a.example\n- _no_"),
        text(tail="\nResources:\n-https://a.example"), text().replace("\n", "\r\n"), "\n" + text(), "", "\0",
        "x" * 20_000,
    ],
)  # fmt: skip
def test_what_departs_from_the_standard_is_refused_with_a_reason(broken: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        siwe.parse(broken)


HOSTS = st.from_regex(r"[a-z][a-z0-9-]{0,20}(\.[a-z]{2,5})?(:[0-9]{1,5})?", fullmatch=True)
MOMENTS = st.datetimes().map(lambda moment: f"{moment.replace(microsecond=0).isoformat()}Z")
MAYBE = st.one_of(st.none(), MOMENTS)
MESSAGES = st.builds(
    siwe.Message,
    domain=HOSTS,
    address=st.binary(min_size=20, max_size=20).map(lambda raw: addresses.checksum(f"0x{raw.hex()}")),
    uri=HOSTS.map(lambda host: f"https://{host}/login?next=%2F"),
    chain_id=st.integers(0, 2**64),
    nonce=st.from_regex(r"[A-Za-z0-9]{8,40}", fullmatch=True),
    issued_at=MOMENTS,
    statement=st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9 .,:/?]{0,60}", fullmatch=True)),
    scheme=st.sampled_from([None, "https", "chrome-extension"]),
    expiration_time=MAYBE,
    not_before=MAYBE,
    request_id=st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9_.@:-]{0,20}", fullmatch=True)),
    resources=st.one_of(st.none(), st.lists(HOSTS.map(lambda host: f"https://{host}")).map(tuple)),
)


@given(MESSAGES)
def test_what_is_written_is_read_again(message: siwe.Message) -> None:
    assert siwe.parse(siwe.render(message)) == message


@given(MESSAGES, st.integers(0, 400), st.sampled_from(["\n", " ", "\x00", "é", "\r"]))
def test_a_foreign_character_anywhere_is_refused_or_changes_the_fields(
    message: siwe.Message, place: int, foreign: str
) -> None:
    written = siwe.render(message)
    place %= len(written)
    try:
        read = siwe.parse(written[:place] + foreign + written[place:])
    except ValueError:
        return
    assert read != message


@given(st.text())
def test_any_text_is_read_or_refused_with_a_value_error(stray: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        siwe.parse(stray)


def test_a_field_that_would_read_as_another_cannot_be_written() -> None:
    message = siwe.parse(text())
    with pytest.raises(siwe.InvalidMessage):
        siwe.render(dataclasses.replace(message, statement="x\nURI: https://evil.example"))


@pytest.mark.parametrize("thing", [None, 5, b"desk.example", ["desk.example"], {}], ids=repr)
def test_what_is_no_text_is_refused_like_any_other_message(thing: object) -> None:
    with pytest.raises(ValueError, match="must be text"):
        siwe.parse(thing)
