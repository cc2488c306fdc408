"""Parameter 24: NFTs, without what was minted at somebody and what goes round."""

from collections import defaultdict
from dataclasses import dataclass

from wallets.engine.addresses import ZERO
from wallets.engine.ledger import Ledger
from wallets.engine.parameters.reading import Reading, Rule, judged


@dataclass(frozen=True)
class Piece:
    """One move of one NFT."""

    at: int
    hash: str
    asset: str
    token: str
    sender: str
    recipient: str


def nfts(ledger: Ledger, rule: Rule) -> Reading:
    """NFTs acquired by a transaction of one's own or sold on; a piece that came back to its sender is a wash trade."""
    moves: dict[tuple[str, str], list[Piece]] = defaultdict(list)
    for piece in _pieces(ledger):
        moves[(piece.asset, piece.token)].append(piece)
    signed = {row.hash for row in ledger.outgoing}
    counted = sum(_counts(ledger, pieces, signed) for pieces in moves.values())
    return judged(rule, {"pieces": float(counted)}, ledger.synced("nft"))


def _counts(ledger: Ledger, pieces: list[Piece], signed: set[str]) -> bool:
    """Whether the wallets took part on purpose and the piece did not return to whom it left."""
    own = [piece for piece in pieces if (piece.sender in ledger.own) != (piece.recipient in ledger.own)]
    out = {piece.recipient for piece in own if piece.sender in ledger.own}
    back = {piece.sender for piece in own if piece.recipient in ledger.own} - {ZERO}
    return any(piece.hash in signed for piece in own) and not out & back


def _pieces(ledger: Ledger) -> list[Piece]:
    positions = {address for address, contract in ledger.contracts.items() if contract.kind == "uniswap_v3_positions"}
    logged = [
        Piece(item.log.at, item.log.hash, f"{item.log.chain}/{item.log.address}", str(item.values["token"]),
              item.address("from"), item.address("to"))
        for item in ledger.decoded
        if item.key in {"erc721.Transfer", "erc1155.TransferSingle"} and item.log.address not in positions
    ]  # fmt: skip
    listed = [
        Piece(row.at, row.hash, row.asset, row.token, row.sender, row.recipient)
        for row in ledger.evidence.transfers
        if row.token
    ]
    return sorted({*logged, *listed}, key=lambda piece: (piece.at, piece.hash, piece.asset, piece.token))
