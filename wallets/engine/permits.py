"""Permissions that a wallet gave away: who may still take its tokens, and the call that ends it."""

from collections.abc import Iterable
from dataclasses import dataclass

from wallets.engine.contracts import Decoded

UNLIMITED = 1 << 128
"""Allowances from here on are more than anybody holds; wallets ask for 2²⁵⁶ − 1 or 2¹⁶⁰ − 1."""
APPROVE, APPROVE_ALL, LOCKDOWN = "095ea7b3", "a22cb465", "cc53287f"
"""Selectors of approve, setApprovalForAll and Permit2's lockdown((address,address)[])."""


@dataclass(frozen=True)
class Approval:
    """An open allowance. `amount` None: a whole collection; `through`: Permit2, where it keeps the allowance."""

    chain: str
    token: str
    owner: str
    spender: str
    amount: int | None
    through: str
    at: int

    @property
    def asset(self) -> str:
        """The asset at risk."""
        return f"{self.chain}/{self.token}"

    @property
    def unlimited(self) -> bool:
        """Whether everything may be taken."""
        return self.amount is None or self.amount >= UNLIMITED

    @property
    def revoke_to(self) -> str:
        """Contract the revoking transaction goes to."""
        return self.through or self.token

    @property
    def revoke_calldata(self) -> str:
        """Call data that ends the allowance; sent by the owner to `revoke_to` with no value.

        >>> Approval("eip155:1", "0x" + "11" * 20, "", "0x" + "22" * 20, 5, "", 0).revoke_calldata[:10]
        '0x095ea7b3'
        """
        spender = self.spender[2:].rjust(64, "0")
        if self.through:
            words = ("20".rjust(64, "0"), "1".rjust(64, "0"), self.token[2:].rjust(64, "0"), spender)
            return f"0x{LOCKDOWN}{''.join(words)}"
        selector = APPROVE_ALL if self.amount is None else APPROVE
        return f"0x{selector}{spender}{'0' * 64}"


def open_approvals(decoded: Iterable[Decoded], own: frozenset[str]) -> list[Approval]:
    """The last word on every (token, owner, spender) that still allows something, oldest first."""
    last: dict[tuple[str, str, str, str, str], Approval] = {}
    for item in decoded:
        approval = _approval(item)
        if approval is not None and approval.owner in own:
            key = (approval.chain, approval.token, approval.owner, approval.spender, approval.through)
            last[key] = approval
    kept = (approval for approval in last.values() if approval.amount is None or approval.amount > 0)
    return sorted(kept, key=lambda approval: (approval.at, approval.token, approval.spender))


def _approval(item: Decoded) -> Approval | None:
    log = item.log
    if item.key == "erc20.Approval":
        amount = item.number("amount")
        return Approval(log.chain, log.address, item.address("owner"), item.address("spender"), amount, "", log.at)
    if item.key == "erc721.ApprovalForAll":
        amount_all = None if item.values["approved"] else 0
        return Approval(log.chain, log.address, item.address("owner"), item.address("spender"), amount_all, "", log.at)
    if item.key in {"permit2.Approval", "permit2.Permit"}:
        token, owner, spender = item.address("token"), item.address("owner"), item.address("spender")
        return Approval(log.chain, token, owner, spender, item.number("amount"), log.address, log.at)
    return None
