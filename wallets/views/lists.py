"""The lists of evidence and of the house's chains: their columns, and their rows for the file."""

from collections.abc import Iterable

from accounts.models import FlagName
from accounts.selectors import Asked, Column, Listing, moment_cell, person_cell
from wallets import selectors
from wallets.forms import DirectoryForm
from wallets.models import Anchor, ChainTransaction, DeployedContract
from wallets.selectors.directory import Listed

Sent = tuple[Anchor, ChainTransaction | None]


def _businesses(asked: Asked) -> Iterable[Listed]:
    """The directory as filtered, by name; numbers masked as on the page."""
    sought = DirectoryForm(asked.filters).sought()
    found = selectors.sought_businesses(user=asked.user, sought=sought).order_by("trade_name", "pk")[: asked.most]
    return selectors.listed(list(found), user=asked.user, at=asked.at)


def _anchors(asked: Asked) -> Iterable[Sent]:
    """Batches with the transaction of each, newest first."""
    found = list(selectors.anchors()[: asked.most])
    sent = selectors.transactions_of(found)
    return [(anchor, sent.get(anchor.purpose)) for anchor in found]


DIRECTORY: Listing[Listed] = Listing(
    "wallets:directory",
    (
        Column("business", "Business", lambda row: str(row.business), also={"gstin": lambda row: row.masked_gstin}),
        Column("sector", "Sector", lambda row: row.business.sector),
        Column("state_code", "State", lambda row: row.business.state_code),
        Column(
            "size",
            "Size",
            lambda row: row.business.size,
            also={"constitution": lambda row: row.business.constitution},
        ),
        Column("registered_on", "Registered", lambda row: row.business.registered_on.isoformat()),
        Column(
            "kinds_shared",
            "May be read",
            lambda row: " ".join(row.kinds),
            also={"until": lambda row: moment_cell(row.until)},
        ),
    ),
    _businesses,
    filters=("q", "sector", "state", "size"),
)
TRANSACTIONS: Listing[ChainTransaction] = Listing(
    "wallets:house_transactions",
    (
        Column(
            "what",
            "What",
            lambda row: row.title,
            also={"network": lambda row: str(row.chain), "hash": lambda row: row.hash or ""},
        ),
        Column("number", "Number", lambda row: "" if row.nonce is None else row.nonce, numeric=True),
        Column("state", "State", lambda row: row.state, also={"error": lambda row: row.error or ""}),
        Column("cost_gwei", "Cost, gwei", lambda row: "" if row.cost_gwei is None else row.cost_gwei, numeric=True),
        Column(
            "prepared",
            "Prepared",
            lambda row: moment_cell(row.prepared_at),
            also={
                "asked_by": lambda row: person_cell(row.asked_by),
                "approved_by": lambda row: person_cell(row.approved_by),
            },
        ),
    ),
    lambda asked: selectors.house_transactions(state=asked.filters.get("state", "")),
    filters=("state",),
    flag=FlagName.BLOCKCHAIN,
)
CONTRACTS: Listing[DeployedContract] = Listing(
    "wallets:house_contracts",
    (
        Column("contract", "Contract", str, also={"code_hash": lambda row: row.code_hash}),
        Column("network", "Network", lambda row: str(row.chain)),
        Column("address", "Address", lambda row: row.address or ""),
        Column("read_by", "Source read by", lambda row: row.audit_status),
        Column(
            "registered",
            "Registered",
            lambda row: moment_cell(row.registered_at),
            also={"by": lambda row: person_cell(row.registered_by)},
        ),
    ),
    lambda _asked: selectors.contracts(),
    flag=FlagName.BLOCKCHAIN,
)
ANCHORS: Listing[Sent] = Listing(
    "wallets:house_anchors",
    (
        Column(
            "batch",
            "Batch",
            lambda row: row[0].batch,
            also={"network": lambda row: str(row[0].contract.chain)},
        ),
        Column("root", "Root", lambda row: row[0].root),
        Column(
            "checkpoints",
            "Checkpoints",
            lambda row: row[0].first,
            also={"last": lambda row: row[0].last},
            numeric=True,
        ),
        Column("transaction", "Transaction", lambda row: row[1].hash or "" if row[1] else ""),
        Column("made", "Made", lambda row: moment_cell(row[0].made_at)),
    ),
    _anchors,
    flag=FlagName.BLOCKCHAIN,
)
