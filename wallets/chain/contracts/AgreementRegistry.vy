# pragma version ~=0.4.3
# SPDX-License-Identifier: MIT
"""
@title Fingerprints of loan agreements, with the borrower's own signature
@notice Hashes only: of the reference, the key facts statement and the agreement.
"""

struct Agreement:
    kfs: bytes32
    agreement: bytes32
    borrower: address
    registered_at: uint256
    signed_at: uint256
    closed_at: uint256
    version: uint32

event Registered:
    loan: indexed(bytes32)
    kfs: bytes32
    agreement: bytes32

event Invited:
    loan: indexed(bytes32)
    borrower: indexed(address)

event Signed:
    loan: indexed(bytes32)
    borrower: indexed(address)

event Amended:
    loan: indexed(bytes32)
    kfs: bytes32
    agreement: bytes32
    version: uint32

event Closed:
    loan: indexed(bytes32)

SIGN_TYPE: constant(bytes32) = keccak256("SignAgreement(bytes32 loan,bytes32 kfs,bytes32 agreement,uint32 version)")
DOMAIN_TYPE: constant(bytes32) = keccak256(
    "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
HALF_ORDER: constant(uint256) = 57896044618658097711785492504343953926418782139537452191302581570759080747168

owner: public(immutable(address))
agreements: public(HashMap[bytes32, Agreement])


@deploy
def __init__():
    owner = msg.sender


@external
def register(loan: bytes32, kfs: bytes32, agreement: bytes32, borrower: address):
    """
    @notice Write the fingerprints of an agreement, once per loan. Without a borrower nobody is asked to co-sign.
    """
    assert msg.sender == owner, "owner only"
    assert self.agreements[loan].registered_at == 0, "registered before"
    assert kfs != empty(bytes32) and agreement != empty(bytes32), "hash is empty"
    self.agreements[loan] = Agreement(
        kfs=kfs, agreement=agreement, borrower=borrower, registered_at=block.timestamp, signed_at=0, closed_at=0,
        version=1
    )
    log Registered(loan=loan, kfs=kfs, agreement=agreement)


@external
def invite(loan: bytes32, borrower: address):
    """
    @notice Name the account that co-signs, at its owner's wish.
    """
    assert msg.sender == owner, "owner only"
    held: Agreement = self.agreements[loan]
    assert held.registered_at != 0 and held.closed_at == 0, "not open"
    assert held.signed_at == 0, "signed before"
    assert borrower != empty(address), "borrower is empty"
    self.agreements[loan].borrower = borrower
    log Invited(loan=loan, borrower=borrower)


@view
@internal
def _digest(loan: bytes32) -> bytes32:
    held: Agreement = self.agreements[loan]
    domain: bytes32 = keccak256(
        abi_encode(DOMAIN_TYPE, keccak256("CreditIQ Agreements"), keccak256("1"), chain.id, self)
    )
    content: bytes32 = keccak256(abi_encode(SIGN_TYPE, loan, held.kfs, held.agreement, held.version))
    return keccak256(concat(b"\x19\x01", domain, content))


@view
@external
def digest(loan: bytes32) -> bytes32:
    """
    @notice What the borrower signs (EIP-712).
    """
    return self._digest(loan)


@external
def co_sign(loan: bytes32, v: uint8, r: bytes32, s: bytes32):
    """
    @notice Record the borrower's signature; anybody may bring it, only the borrower can make it.
    """
    held: Agreement = self.agreements[loan]
    assert held.registered_at != 0 and held.closed_at == 0, "not open"
    assert held.signed_at == 0, "signed before"
    assert convert(s, uint256) <= HALF_ORDER, "signature is malleable"
    signer: address = ecrecover(self._digest(loan), v, r, s)
    assert signer != empty(address) and signer == held.borrower, "not the borrower"
    self.agreements[loan].signed_at = block.timestamp
    log Signed(loan=loan, borrower=signer)


@external
def amend(loan: bytes32, kfs: bytes32, agreement: bytes32):
    """
    @notice New fingerprints; the borrower has to sign again.
    """
    assert msg.sender == owner, "owner only"
    held: Agreement = self.agreements[loan]
    assert held.registered_at != 0 and held.closed_at == 0, "not open"
    assert kfs != empty(bytes32) and agreement != empty(bytes32), "hash is empty"
    self.agreements[loan].kfs = kfs
    self.agreements[loan].agreement = agreement
    self.agreements[loan].signed_at = 0
    self.agreements[loan].version = held.version + 1
    log Amended(loan=loan, kfs=kfs, agreement=agreement, version=held.version + 1)


@external
def close(loan: bytes32):
    """
    @notice The loan is over.
    """
    assert msg.sender == owner, "owner only"
    held: Agreement = self.agreements[loan]
    assert held.registered_at != 0 and held.closed_at == 0, "not open"
    self.agreements[loan].closed_at = block.timestamp
    log Closed(loan=loan)
