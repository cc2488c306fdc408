# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Roots of the days on which statements were signed, and statements that were taken back
@notice Names of statements are random; a name says nothing about whom it is about.
"""

event RootPublished:
    epoch: indexed(uint32)
    root: indexed(bytes32)
    count: uint32

event Revoked:
    uid: indexed(bytes32)

owner: public(immutable(address))
root: public(HashMap[uint32, bytes32])
revoked_at: public(HashMap[bytes32, uint256])


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
