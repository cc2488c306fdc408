"""How the recordings under tests/data/connectors were made: `write(folder)` makes them anew.

No private key is in them: ours are drawn from the seed, those of the far ends were thrown away.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from tests.wallets.engine.connectors.far_ends import (
    APPLICANT,
    AT,
    GSTIN,
    OTP,
    SPAN,
    Aggregator,
    GstNetwork,
    Recorder,
    aa_connector,
    gsp_connector,
    public_pem,
)
from wallets.engine.connectors.protocol import Applicant, Connector

FOLDER = Path(__file__).resolve().parents[4] / "tests" / "data" / "connectors"
CLIENT = {"client_id": "client", "client_secret": "secret"}
HOUSE = {"fiu_id": "fiu@house", "api_key": "key", "key_id": "fiu-1"}
AT_AGGREGATOR = replace(APPLICANT, handle="asha@aa")
KINDS = ("gst_invoices", "gst_returns", "bank_entries")


def play(connector: Connector, line: Recorder, applicant: Applicant) -> None:
    begun = connector.begin(line, applicant, SPAN, AT)
    kept: Mapping[str, str] = connector.complete(line, applicant, begun.kept, OTP, AT).kept
    for part in connector.parts(SPAN, KINDS):
        found = connector.fetch(line, applicant, kept, part, AT)
        while found.waiting:
            found = connector.fetch(line, applicant, found.kept, part, AT)


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    network = Recorder(GstNetwork(), ("body.app_key", "headers.txn"))
    play(gsp_connector(), network, APPLICANT)
    (folder / "gst_network.json").write_text(network.written(gstin=GSTIN, otp=OTP, house=CLIENT))
    bank = Recorder(Aggregator(pending=0), ("headers.x-jws-signature",))
    play(aa_connector(), bank, AT_AGGREGATOR)
    theirs = public_pem("aggregator").decode()
    (folder / "account_aggregator.json").write_text(bank.written(gstin=GSTIN, key=theirs, house=HOUSE))
