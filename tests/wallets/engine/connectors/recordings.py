"""How the recordings under tests/data/connectors were made: `write(folder)` makes them anew.

No private key is in them: ours are drawn from the seed, those of the far ends were thrown away.
"""

from collections.abc import Mapping
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
from wallets.engine.connectors.protocol import Connector

FOLDER = Path(__file__).resolve().parents[4] / "tests" / "data" / "connectors"
KINDS = ("gst_invoices", "gst_returns", "bank_entries")


def play(connector: Connector, line: Recorder) -> None:
    begun = connector.begin(line, APPLICANT, SPAN, AT)
    kept: Mapping[str, str] = connector.complete(line, APPLICANT, begun.kept, OTP, AT).kept
    for part in connector.parts(SPAN, KINDS):
        found = connector.fetch(line, APPLICANT, kept, part, AT)
        while found.waiting:
            found = connector.fetch(line, APPLICANT, found.kept, part, AT)


def write(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    network = Recorder(GstNetwork(), ("body.app_key", "headers.txn"))
    play(gsp_connector(), network)
    (folder / "gst_network.json").write_text(network.written(gstin=GSTIN, otp=OTP))
    bank = Recorder(Aggregator(pending=0), ("headers.x-jws-signature",))
    play(aa_connector(), bank)
    theirs = public_pem("aggregator").decode()
    (folder / "account_aggregator.json").write_text(bank.written(gstin=GSTIN, key=theirs))
