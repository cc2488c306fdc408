"""A recorded conversation is played without a network, really decrypted, and stops loudly when something differs."""

import json
from dataclasses import replace

import pytest

from tests.wallets.engine.connectors.far_ends import (
    APPLICANT,
    AT,
    OTP,
    SPAN,
    aa_connector,
    gsp_connector,
)
from tests.wallets.engine.connectors.recordings import AT_AGGREGATOR, FOLDER, KINDS
from wallets.engine.connectors.protocol import Connector, Document, SourceTrouble, Trouble
from wallets.engine.connectors.recorded import NotRecorded, Recording


def recording(name: str) -> Recording:
    return Recording.read((FOLDER / name).read_bytes())


def played(connector: Connector, line: Recording, otp: str = OTP) -> list[Document]:
    applicant = AT_AGGREGATOR if "aa_deposit" in connector.formats else APPLICANT
    begun = connector.begin(line, applicant, SPAN, line.at)
    kept = connector.complete(line, applicant, begun.kept, otp, line.at).kept
    found = []
    for part in connector.parts(SPAN, KINDS):
        told = connector.fetch(line, applicant, kept, part, line.at)
        while told.waiting:
            told = connector.fetch(line, applicant, told.kept, part, line.at)
        found += told.documents
    return found


def aggregator() -> tuple[Connector, Recording]:
    line = recording("account_aggregator.json")
    told = json.loads((FOLDER / "account_aggregator.json").read_text())
    return aa_connector(theirs=told["key"].encode(), draw=line.draw), line


def test_the_recorded_network_gives_three_returns() -> None:
    line = recording("gst_network.json")
    names = [document.name for document in played(gsp_connector(draw=line.draw), line)]
    assert names == [f"{kind}-{APPLICANT.gstin}-092026.json" for kind in ("gstr1", "gstr3b", "gstr2b")]


def test_the_recorded_aggregator_gives_one_account() -> None:
    connector, line = aggregator()
    (account,) = played(connector, line)
    assert account.content.startswith(b"<?xml")


def test_a_question_that_was_not_recorded_stops_the_play_and_says_what_differs() -> None:
    line = recording("gst_network.json")
    with pytest.raises(NotRecorded, match=r"headers\.clientid"):
        played(gsp_connector(draw=line.draw, client_id="another"), line)
    with pytest.raises(NotRecorded, match=r"body\.otp"):
        played(gsp_connector(draw=line.draw), line, otp="111111")
    with pytest.raises(NotRecorded, match="nothing is recorded"):
        played(gsp_connector(), replace(line, exchanges=()))


def test_what_varies_must_be_there_all_the_same() -> None:
    line = recording("gst_network.json")
    first = json.loads(json.dumps(line.exchanges[0]))
    del first["request"]["body"]["app_key"]
    with pytest.raises(NotRecorded, match=r"body\.app_key"):
        played(gsp_connector(draw=line.draw), replace(line, exchanges=(first,)))


def test_another_seed_opens_nothing_of_a_recording() -> None:
    line = recording("gst_network.json")
    other = replace(line, seed="another")
    begun = gsp_connector(draw=other.draw).begin(line, APPLICANT, SPAN, AT)
    with pytest.raises(NotRecorded):  # the code is enciphered under another key
        gsp_connector(draw=other.draw).complete(line, APPLICANT, begun.kept, OTP, AT)


def test_a_signature_of_the_recording_is_checked_with_its_key() -> None:
    _, line = aggregator()
    with pytest.raises(SourceTrouble) as caught:
        played(aa_connector(draw=line.draw), line)
    assert caught.value.trouble is Trouble.ALTERED
