"""The GST network through a provider: a code opens a session, returns come by month, nothing altered is believed."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.wallets.engine.connectors.far_ends import (
    APPLICANT,
    AT,
    GSTIN,
    OTP,
    SPAN,
    GstNetwork,
    Tampered,
    answer,
    gsp_connector,
    returns,
)
from wallets.engine.connectors import gsp_envelope as envelope
from wallets.engine.connectors.gsp import LONGEST_SESSION
from wallets.engine.connectors.protocol import (
    MOST_BYTES,
    Answer,
    Line,
    Need,
    Part,
    Session,
    SourceTrouble,
    Trouble,
    written,
)
from wallets.engine.importers.formats import FORMATS

AS_OF = int(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) * 1_000_000
SEPTEMBER = Part("gstr1", "092026")


def signed_in(line: Line) -> Session:
    begun = gsp_connector().begin(line, APPLICANT, SPAN, AT)
    return gsp_connector().complete(line, APPLICANT, begun.kept, OTP, AT)


def fetched(line: Line, part: Part = SEPTEMBER, **kept: str) -> dict[str, object]:
    session = signed_in(line)
    found = gsp_connector().fetch(line, APPLICANT, {**session.kept, **kept}, part, AT)
    return json.loads(found.documents[0].content) if found.documents else {}


def trouble(line: Line, part: Part = SEPTEMBER, **kept: str) -> Trouble:
    with pytest.raises(SourceTrouble) as caught:
        fetched(line, part, **kept)
    return caught.value.trouble


def payload(told: dict[str, object]) -> object:
    """A change of an answer: the same envelope around something else."""
    network = GstNetwork()
    wrapped = envelope.wrapped(written(told), key=network.session, own=b"k" * 32)
    return lambda _: answer({"status_cd": "1", **wrapped})


def member(name: str, value: object) -> object:
    return lambda told: answer({**json.loads(told.body), name: value})


def test_a_code_is_sent_and_opens_a_session_of_six_hours_at_most() -> None:
    network = GstNetwork()
    begun = gsp_connector().begin(network, APPLICANT, SPAN, AT)
    assert (begun.need, set(begun.kept)) == (Need.CODE, {"app_key"})
    session = gsp_connector().complete(network, APPLICANT, begun.kept, OTP, AT)
    assert (session.ends_at, session.kept["auth_token"]) == (AT + LONGEST_SESSION, "token-1")
    assert base64.b64decode(session.kept["session_key"]) == network.session
    first, second = (json.loads(question.body) for question in network.asked)
    assert (first["action"], second["action"], second["username"]) == ("OTPREQUEST", "AUTHTOKEN", "asha.rao")
    assert OTP not in network.asked[1].body.decode()
    assert OTP not in str(session)


@pytest.mark.parametrize(
    ("told", "minutes"), [("90", 90), (30, 30), (100_000, 360), ("", 360), ("-5", 360), (None, 360), ("9" * 40, 360)]
)
def test_a_token_lives_as_long_as_it_says_and_never_longer_than_six_hours(told: object, minutes: int) -> None:
    assert signed_in(GstNetwork(expiry=told)).ends_at == AT + timedelta(minutes=minutes)


def test_every_question_says_who_asks_for_whom() -> None:
    network = GstNetwork()
    fetched(network)
    for question in network.asked:
        about = {
            "clientid": "client", "client-secret": "secret", "ip-usr": "203.0.113.7", "state-cd": "29", "gstin": GSTIN,
        }  # fmt: skip
        assert about.items() <= question.headers.items()
    assert len({question.headers["txn"] for question in network.asked}) == len(network.asked)
    assert network.asked[-1].query == {"action": "B2B", "gstin": GSTIN, "ret_period": "092026"}
    assert (network.asked[-1].headers["auth-token"], network.asked[-1].headers["ret_period"]) == ("token-1", "092026")


def test_a_gstr1_is_put_together_from_the_sections_that_hold_something() -> None:
    network = GstNetwork()
    document = fetched(network)
    assert (document["gstin"], document["fp"], document["fil_dt"]) == (GSTIN, "092026", "11-10-2026")
    assert [entry["inum"] for entry in document["b2b"][0]["inv"]] == ["26-27/1", "26-27/2"]
    actions = [question.query["action"] for question in network.asked if question.query]
    assert actions == ["RETTRACK", "RETSUM", "B2B"]  # an empty section is not asked for


@pytest.mark.parametrize(("format", "rows"), [("gstr1", 2), ("gstr3b", 1), ("gstr2b", 1)])
def test_what_is_fetched_is_read_by_the_importer_of_its_format(format: str, rows: int) -> None:
    content = written(fetched(GstNetwork(), Part(format, "092026")))
    parsed = FORMATS[format].parse(content, as_of=AS_OF, own_gstin=GSTIN)
    assert (parsed.lines, list(parsed.refusals)) == (rows, [])


@pytest.mark.parametrize("format", ["gstr1", "gstr3b", "gstr2b"])
def test_a_month_without_a_return_gives_no_document(format: str) -> None:
    assert fetched(GstNetwork(), Part(format, "082026")) == {}


def test_the_parts_are_the_months_of_the_kinds_consented_to() -> None:
    both = gsp_connector().parts(SPAN, ["gst_returns", "gst_invoices"])
    assert [part.name for part in both] == [
        "gstr1 082026", "gstr3b 082026", "gstr2b 082026", "gstr1 092026", "gstr3b 092026", "gstr2b 092026",
    ]  # fmt: skip
    assert [part.name for part in gsp_connector().parts(SPAN, ["gst_returns"])] == ["gstr3b 082026", "gstr3b 092026"]


def test_a_wrong_code_and_an_expired_token_are_told_apart() -> None:
    network = GstNetwork()
    begun = gsp_connector().begin(network, APPLICANT, SPAN, AT)
    with pytest.raises(SourceTrouble) as caught:
        gsp_connector().complete(network, APPLICANT, begun.kept, "000000", AT)
    assert caught.value.trouble is Trouble.WRONG_CODE
    assert trouble(GstNetwork(over=True)) is Trouble.SESSION_OVER
    assert trouble(GstNetwork(), auth_token="another") is Trouble.SESSION_OVER


@pytest.mark.parametrize("name", ["data", "rek", "hmac"])
@pytest.mark.parametrize("value", ["AAAA", "not base64!", "", None, 7, base64.b64encode(b"x" * 64).decode()])
def test_an_altered_envelope_is_not_opened(name: str, value: object) -> None:
    line = Tampered(GstNetwork(), "RETSUM", member(name, value))
    assert trouble(line) in {Trouble.ALTERED, Trouble.UNREADABLE}


def test_one_changed_block_of_the_payload_breaks_its_hmac() -> None:
    def swapped(told: Answer) -> Answer:
        body = json.loads(told.body)
        raw = base64.b64decode(body["data"])
        mixed = raw[16:32] + raw[:16] + raw[32:]  # the block mode alone would not notice
        return answer({**body, "data": base64.b64encode(mixed).decode()})

    assert trouble(Tampered(GstNetwork(), "RETSUM", swapped)) is Trouble.ALTERED


def test_another_session_key_opens_nothing() -> None:
    assert trouble(GstNetwork(), session_key=base64.b64encode(b"w" * 32).decode()) is Trouble.ALTERED
    network = GstNetwork()
    begun = gsp_connector().begin(network, APPLICANT, SPAN, AT)
    other = {"app_key": base64.b64encode(b"o" * 32).decode()}
    sek = envelope.enciphered(network.session, base64.b64decode(begun.kept["app_key"]))
    told = answer({"status_cd": "1", "auth_token": "t", "sek": sek})
    line = Tampered(network, "AUTHTOKEN", lambda _: told)
    with pytest.raises(SourceTrouble, match="altered"):
        gsp_connector().complete(line, APPLICANT, other, OTP, AT)


def test_a_return_of_another_business_or_month_is_refused() -> None:
    assert trouble(GstNetwork(held=returns("27AAPFU0939F1ZV"))) is Trouble.ANOTHER_BUSINESS
    for format in ("gstr3b", "gstr2b"):
        assert trouble(GstNetwork(held=returns("27AAPFU0939F1ZV")), Part(format, "092026")) is Trouble.ANOTHER_BUSINESS
    august = {"gstin": GSTIN, "ret_period": "082026", "sec_sum": []}
    assert trouble(Tampered(GstNetwork(), "RETSUM", payload(august))) is Trouble.ANOTHER_PERIOD


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (Answer(200, {}, b"<html>maintenance</html>"), Trouble.UNREADABLE),
        (Answer(200, {}, b""), Trouble.UNREADABLE),
        (Answer(200, {}, b"[1]"), Trouble.UNREADABLE),
        (Answer(200, {}, b"[" * 100_000), Trouble.UNREADABLE),
        (Answer(200, {}, b"\xff\xfe"), Trouble.UNREADABLE),
        (Answer(200, {}, b'{"val": NaN}'), Trouble.UNREADABLE),
        (Answer(200, {}, b'{"val": 1234567890123456.05}'), Trouble.UNREADABLE),
        (Answer(200, {}, b"9" * (MOST_BYTES + 1)), Trouble.TOO_LARGE),
        (Answer(503, {}, b"{}"), Trouble.UNREACHABLE),
        (Answer(502, {}, b"<html>"), Trouble.UNREACHABLE),
        (Answer(429, {}, b'{"status_cd": "0", "error": {"error_cd": "RET11402"}}'), Trouble.UNREACHABLE),
        (Answer(404, {}, b"{}"), Trouble.REFUSED),
        (answer({"status_cd": "0", "error": {"error_cd": "RTN_24"}}), Trouble.PREPARING),
        (answer({"status_cd": "2", "token": "t"}), Trouble.PREPARING),
        (answer({"status_cd": "1"}), Trouble.UNREADABLE),
        (answer({"status_cd": "0", "error": "none"}), Trouble.REFUSED),
    ],
)
def test_an_answer_that_is_none_is_named(told: Answer, expected: Trouble) -> None:
    assert trouble(Tampered(GstNetwork(), "RETSUM", lambda _: told)) is expected


def test_no_key_and_no_secret_shows_in_a_representation() -> None:
    assert "secret" not in repr(replace(gsp_connector(), client_secret="secret"))
    with pytest.raises(SourceTrouble) as caught:
        fetched(
            Tampered(GstNetwork(), "RETSUM", lambda _: answer({"status_cd": "0", "error": {"error_cd": "x" * 500}}))
        )
    assert len(str(caught.value.detail)) <= 60
