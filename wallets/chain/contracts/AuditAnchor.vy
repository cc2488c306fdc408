# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Roots of the audit trail, each linked to the one before
@notice Hashes only; nothing about a person or a business is ever written here.
"""

struct Batch:
    root: bytes32
    count: uint64
    first: uint64
    last: uint64
    at: uint64

event Anchored:
    batch: indexed(uint256)
    root: indexed(bytes32)
    count: uint64
    first: uint64
    last: uint64
    previous: bytes32

event OwnerProposed:
    proposed: indexed(address)

event OwnerChanged:
    owner: indexed(address)

owner: public(address)
proposed: public(address)
batches: public(uint256)
batch: public(HashMap[uint256, Batch])
latest: public(bytes32)


@deploy
def __init__():
    self.owner = msg.sender


@external
def anchor(batch_id: uint256, root: bytes32, count: uint64, first: uint64, last: uint64, previous: bytes32):
    """
    @notice Write the root of one batch of entries; batches come in order and without gaps.
    """
    assert msg.sender == self.owner, "owner only"
    assert batch_id == self.batches, "batch out of order"
    assert previous == self.latest, "previous root differs"
    assert root != empty(bytes32), "root is empty"
    assert count > 0 and last >= first and last - first + 1 == count, "count differs"
    if batch_id > 0:
        assert first == self.batch[batch_id - 1].last + 1, "gap"
    self.batch[batch_id] = Batch(root=root, count=count, first=first, last=last, at=convert(block.timestamp, uint64))
    self.batches = batch_id + 1
    self.latest = root
    log Anchored(batch=batch_id, root=root, count=count, first=first, last=last, previous=previous)


@external
def propose_owner(proposed: address):
    """
    @notice First of two steps; the proposed one has to accept.
    """
    assert msg.sender == self.owner, "owner only"
    self.proposed = proposed
    log OwnerProposed(proposed=proposed)


@external
def accept_owner():
    """
    @notice Second step.
    """
    assert msg.sender == self.proposed, "not proposed"
    self.owner = msg.sender
    self.proposed = empty(address)
    log OwnerChanged(owner=msg.sender)
