# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Statements: roots of the days on which they were signed, those made public, and those taken back
@notice Names and digests are of salted messages that their holders keep; nothing here says whom or what they are about.
"""

struct Statement:
    schema: bytes32
    digest: bytes32
    issued_at: uint64
    expires_at: uint64

event RootPublished:
    epoch: indexed(uint32)
    root: indexed(bytes32)
    count: uint32

event Attested:
    uid: indexed(bytes32)
    schema: indexed(bytes32)
    digest: bytes32
    expires_at: uint64

event Revoked:
    uid: indexed(bytes32)

owner: public(immutable(address))
root: public(HashMap[uint32, bytes32])
revoked_at: public(HashMap[bytes32, uint256])
statement: public(HashMap[bytes32, Statement])


@deploy
def __init__():
    owner = msg.sender


@external
def publish(epoch: uint32, day_root: bytes32, count: uint32):
    """
    @notice Publish the root of a day, once. Days are counted from 1970.
    """
    assert msg.sender == owner, "owner only"
    assert self.root[epoch] == empty(bytes32), "published before"
    assert day_root != empty(bytes32), "root is empty"
    assert convert(epoch, uint256) < block.timestamp // 86400, "day is not over"
    self.root[epoch] = day_root
    log RootPublished(epoch=epoch, root=day_root, count=count)


@external
def attest(uid: bytes32, schema: bytes32, digest: bytes32, expires_at: uint64):
    """
    @notice Make a statement public at its holder's wish: its name, its form and the digest that was signed.
    """
    assert msg.sender == owner, "owner only"
    assert uid != empty(bytes32) and digest != empty(bytes32), "hash is empty"
    assert self.statement[uid].issued_at == 0, "attested before"
    assert self.revoked_at[uid] == 0, "revoked before"
    assert convert(expires_at, uint256) > block.timestamp, "expired"
    self.statement[uid] = Statement(
        schema=schema, digest=digest, issued_at=convert(block.timestamp, uint64), expires_at=expires_at
    )
    log Attested(uid=uid, schema=schema, digest=digest, expires_at=expires_at)


@view
@external
def holds(uid: bytes32) -> bool:
    """
    @notice Whether a public statement stands: made, not over and not taken back.
    """
    found: Statement = self.statement[uid]
    over: bool = convert(found.expires_at, uint256) <= block.timestamp
    return found.issued_at != 0 and not over and self.revoked_at[uid] == 0


@external
def revoke(uid: bytes32):
    """
    @notice Take a statement back, for good.
    """
    assert msg.sender == owner, "owner only"
    assert self.revoked_at[uid] == 0, "revoked before"
    self.revoked_at[uid] = block.timestamp
    log Revoked(uid=uid)


@view
@external
def included(epoch: uint32, uid: bytes32, path: DynArray[bytes32, 32], sides: uint256) -> bool:
    """
    @notice Whether a name is under the root of a day (RFC 6962); bit i of `sides` says that sibling i stands left.
    """
    node: bytes32 = sha256(concat(b"\x00", uid))
    place: uint256 = 0
    for sibling: bytes32 in path:
        if (sides >> place) & 1 == 1:
            node = sha256(concat(b"\x01", sibling, node))
        else:
            node = sha256(concat(b"\x01", node, sibling))
        place += 1
    return node == self.root[epoch] and node != empty(bytes32)
