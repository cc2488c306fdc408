"""An Account Aggregator: consent first, the artefact says what was asked, data opens for our key only and only once."""

import base64
import json
from datetime import timedelta

import pytest

from tests.wallets.engine.connectors.far_ends import (
    APPLICANT,
    AT,
    DEPOSIT,
    PAN,
    SPAN,
    Aggregator,
    Tampered,
    aa_connector,
    draw,
    rsa,
)
from wallets.engine.connectors import deposit_holders, detached_jws
from wallets.engine.connectors.aggregator import consent_detail
from wallets.engine.connectors.key_material import NONCE, Own, opened, sealed
from wallets.engine.connectors.protocol import (
    Answer,
    Fetched,
    Line,
    Need,
    Part,
    Session,
    SourceTrouble,
    Trouble,
    written,
)
from wallets.engine.importers.formats import FORMATS

ACCOUNTS = Part("aa_deposit", "2026-08-01/2026-09-30")
OURS, BANKS = Own(draw("ours", 32), draw("our nonce", 32)), Own(draw("theirs", 32), draw("their nonce", 32))


def approved(line: Line) -> Session:
    begun = aa_connector().begin(line, APPLICANT, SPAN, AT)
    return aa_connector().complete(line, APPLICANT, begun.kept, "", AT)


def fetched(line: Line) -> Fetched:
    kept = approved(line).kept
    for _ in range(5):
        found = aa_connector().fetch(line, APPLICANT, kept, ACCOUNTS, AT)
        kept = found.kept
        if not found.waiting:
            return found
    raise AssertionError("the banks never answer")


def trouble(line: Line) -> Trouble:
    with pytest.raises(SourceTrouble) as caught:
        fetched(line)
    return caught.value.trouble


def test_the_consent_asked_for_has_every_member_of_the_specification() -> None:
    detail = consent_detail("fiu@house", APPLICANT, SPAN, AT)
    assert set(detail) == {
        "consentStart", "consentExpiry", "consentMode", "fetchType", "consentTypes", "fiTypes", "DataConsumer",
        "Customer", "Purpose", "FIDataRange", "DataLife", "Frequency",
    }  # fmt: skip
    assert detail["FIDataRange"] == {"from": "2026-07-31T18:30:00.000Z", "to": "2026-09-30T18:29:59.999Z"}
    assert (detail["fetchType"], detail["DataLife"]) == ("ONETIME", {"unit": "DAY", "value": 365})


def test_the_owner_approves_with_the_aggregator_and_the_accounts_come() -> None:
    line = Aggregator()
    begun = aa_connector().begin(line, APPLICANT, SPAN, AT)
    assert (begun.need, begun.page) == (Need.CONSENT, "https://aa.example/")
    session = aa_connector().complete(line, APPLICANT, begun.kept, "", AT)
    assert session.ends_at == AT + timedelta(days=7)
    first = aa_connector().fetch(line, APPLICANT, session.kept, ACCOUNTS, AT)
    assert (first.waiting, first.documents) == (True, ())
    assert aa_connector().fetch(line, APPLICANT, first.kept, ACCOUNTS, AT).waiting  # the bank takes its time
    (document,) = aa_connector().fetch(line, APPLICANT, first.kept, ACCOUNTS, AT).documents
    assert (document.name, document.content) == ("account-1-1234", DEPOSIT.format(pan=PAN).encode())
    parsed = FORMATS["aa_deposit"].parse(document.content, as_of=int(AT.timestamp()) * 1_000_000, own_gstin="")
    assert (parsed.lines, list(parsed.refusals)) == (1, [])
    assert [question.path.partition("/")[0] for question in line.asked].count("FI") == 3


@pytest.mark.parametrize(
    ("standing", "expected"),
    [("PENDING", Trouble.NOT_APPROVED), ("REJECTED", Trouble.DENIED), ("FAILED", Trouble.DENIED)],
)
def test_a_consent_that_is_not_given_is_named(standing: str, expected: Trouble) -> None:
    assert trouble(Aggregator(standing=standing)) is expected


@pytest.mark.parametrize(
    "agreed",
    [
        {"Customer": {"id": "somebody@aa"}}, {"fiTypes": ["DEPOSIT", "MUTUAL_FUNDS"]}, {"consentMode": "VIEW"},
        {"FIDataRange": {"from": "2020-01-01T00:00:00.000Z", "to": "2026-09-30T18:29:59.999Z"}},
        {"consentExpiry": "2036-11-01T06:30:00.000Z"},
    ],
)  # fmt: skip
def test_an_artefact_that_says_something_else_is_not_used(agreed: dict[str, object]) -> None:
    assert trouble(Aggregator(agreed=agreed)) is Trouble.NOT_AS_ASKED


def test_an_aggregator_that_is_down_is_not_asked_for_consent() -> None:
    line = Aggregator(up="DOWN")
    assert trouble(line) is Trouble.UNREACHABLE
    assert [question.path for question in line.asked] == ["Heartbeat"]


def test_identifiers_that_are_no_uuid_never_become_addresses() -> None:
    assert trouble(Aggregator(consent="../../admin")) is Trouble.UNREADABLE


def test_an_account_of_other_people_is_refused() -> None:
    assert trouble(Aggregator(pan="ZZZPZ9999Z")) is Trouble.ANOTHER_BUSINESS
    assert fetched(Aggregator(pan="")).documents != ()  # the bank tells no PAN


def test_a_nonce_seen_before_or_our_own_is_refused() -> None:
    assert trouble(Aggregator(banks=2)) is Trouble.ALTERED
    assert trouble(Aggregator(nonce=draw("nonce", NONCE))) is Trouble.ALTERED


def test_a_body_signed_by_somebody_else_or_changed_or_unsigned_is_not_read() -> None:
    assert trouble(Aggregator(signer="stranger")) is Trouble.ALTERED
    changed = Tampered(Aggregator(), "FI/fetch", lambda told: Answer(told.status, told.headers, told.body + b" "))
    assert trouble(changed) in {Trouble.ALTERED, Trouble.PREPARING}
    assert trouble(Tampered(Aggregator(), "Heartbeat", lambda told: Answer(200, {}, told.body))) is Trouble.ALTERED


@pytest.mark.parametrize(
    ("body", "status", "expected"),
    [
        (b"<html>", 502, Trouble.UNREACHABLE),
        (b'{"errorCode": "ConsentExpired"}', 503, Trouble.UNREACHABLE),
        (b"", 429, Trouble.UNREACHABLE),
        (b"<html>", 404, Trouble.REFUSED),
        (b'{"errorCode": "ConsentExpired"}', 400, Trouble.SESSION_OVER),
        (b'{"errorCode": "InvalidRequest"}', 400, Trouble.REFUSED),
    ],
)
def test_a_refusal_is_named(body: bytes, status: int, expected: Trouble) -> None:
    assert trouble(Tampered(Aggregator(), "FI/fetch", lambda _: Answer(status, {}, body))) is expected


def test_an_answer_to_another_question_is_not_taken() -> None:
    line = Aggregator()

    def replayed(_: Answer) -> Answer:
        body = written({"txnid": "of another day", "ConsentHandle": "x"})
        signed = detached_jws.detached(body, key=rsa("aggregator"), key_id="aa-1")
        return Answer(200, {"x-jws-signature": signed}, body)

    assert trouble(Tampered(line, "ConsentDetail", replayed)) is Trouble.NOT_AS_ASKED


def test_sealed_data_opens_for_its_own_key_and_nonce_only() -> None:
    text = sealed(b"an account", own=BANKS, material=OURS.material(AT))
    assert opened(text, own=OURS, material=BANKS.material(AT)) == b"an account"
    raw = base64.b64encode(bytes.fromhex(BANKS.nonce.hex()))
    others = [Own(draw("x", 32), OURS.nonce), Own(OURS.private, draw("x", 32))]
    for own in others:
        with pytest.raises(SourceTrouble, match="altered"):
            opened(text, own=own, material=BANKS.material(AT))
    with pytest.raises(SourceTrouble, match="altered"):
        opened(base64.b64encode(raw).decode(), own=OURS, material=BANKS.material(AT))


@pytest.mark.parametrize("key", ["AAAA", "not base64!", base64.b64encode(bytes(32)).decode()])
def test_a_public_key_that_is_none_or_gives_everybody_the_secret_is_refused(key: str) -> None:
    material = BANKS.material(AT)
    weak = {**material, "DHPublicKey": {"KeyValue": key}}
    with pytest.raises(SourceTrouble, match="altered"):
        opened("AAAA", own=OURS, material=weak)
    with pytest.raises(SourceTrouble, match="altered"):
        opened("AAAA", own=OURS, material={**material, "Nonce": "AAAA"})


def test_a_bare_public_key_is_taken_as_well() -> None:
    material = BANKS.material(AT)
    spki = base64.b64decode(material["DHPublicKey"]["KeyValue"])
    bare = {**material, "DHPublicKey": {"KeyValue": base64.b64encode(spki[-32:]).decode()}}
    text = sealed(b"an account", own=BANKS, material=OURS.material(AT))
    assert opened(text, own=OURS, material=bare) == b"an account"


@pytest.mark.parametrize("algorithm", ["none", "HS256", "RS512"])
def test_no_other_algorithm_is_believed(algorithm: str) -> None:
    key = rsa("aggregator")
    head, _, proof = detached_jws.detached(b"{}", key=key, key_id="k").split(".")
    other = json.dumps({"alg": algorithm, "b64": False, "crit": ["b64"]}).encode()
    for text in (
        f"{base64.urlsafe_b64encode(other).rstrip(b'=').decode()}..{proof}",
        f"{head}..",
        f"{head}.e30.{proof}",
        "",
    ):
        with pytest.raises(SourceTrouble, match="altered"):
            detached_jws.verify_detached(text, b"{}", key=key.public_key())
    with pytest.raises(SourceTrouble, match="altered"):
        detached_jws.verified(f"{head}.e30.{proof}", key=key.public_key())


def test_holders_are_read_from_both_writings_and_hostile_xml_is_refused() -> None:
    told = {"account": {"profile": {"holders": {"holder": [{"pan": "abcpk1234l"}, {"pan": ""}]}}}}
    assert deposit_holders.pans(written(told)) == {PAN}
    for hostile in (b'<!DOCTYPE a [<!ENTITY x "y">]><a/>', b"<a", b"{", b"[" * 99_999):
        with pytest.raises(SourceTrouble, match="unreadable"):
            deposit_holders.pans(hostile)
