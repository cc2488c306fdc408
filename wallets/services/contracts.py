"""The registry of our contracts: a version is written down by one person and deployed by two."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts import audit
from accounts.models import User
from accounts.permissions import Capability, require
from accounts.services import Approved, approvable, request_approval
from creditiq.kernel import locks
from creditiq.kernel.errors import InvalidInput, NotVisible
from wallets.chain.artefacts import PURPOSES, artefact
from wallets.models import Chain, ChainStatus, ChainTransaction, DeployedContract
from wallets.models.outbound import AuditStatus
from wallets.services.transactions import Agreement, DryRun, Order, UnableToTransact, chains_are_on, dry_run, prepare

DEPLOYABLE = (ChainStatus.LIVE, ChainStatus.TESTNET)


@dataclass(frozen=True)
class Caps:
    """In gwei: per gas, per transaction the house sends by itself, per day of those."""

    fee: int = 200
    spend: int = 100_000_000
    day: int = 1_000_000_000


def register_contract(*, name: str, chain: str, caps: Caps, by: User, at: datetime) -> DeployedContract:
    """Write down the wish to have one of our contracts on a chain, as its next version. Raises InvalidInput."""
    require(by, Capability.RUN_CHAIN)
    if name not in PURPOSES:
        raise InvalidInput(f"Our contracts are {', '.join(PURPOSES)}.", field="name", rule="contract.name")
    found = Chain.objects.filter(key=chain, status__in=DEPLOYABLE, eip155_id__isnull=False).first()
    if found is None:
        raise InvalidInput("Name a network of the registry that runs.", field="chain", rule="contract.chain")
    if not 0 < caps.fee <= caps.spend <= caps.day:
        said = "Fee, spending and day caps are positive and each at least the one before."
        raise InvalidInput(said, field="fee_cap", rule="contract.caps")
    code = artefact(name)
    with transaction.atomic(durable=True):
        locks.hold("wallets.contract", found.pk)
        rows = DeployedContract.objects.filter(chain=found, name=name)
        waiting = rows.filter(address="", code_hash=code.code_hash).order_by("-pk").first()
        if waiting is not None:
            raise UnableToTransact(f"{waiting} is registered on {found} and not deployed yet.")
        last = rows.aggregate(last=Max("version"))["last"] or 0
        made = DeployedContract.objects.create(
            chain=found, name=name, version=last + 1, abi=code.abi, abi_hash=code.abi_hash, code_hash=code.code_hash,
            compiler=code.compiler, fee_cap=caps.fee, spend_cap=caps.spend, day_cap=caps.day, registered_at=at,
            registered_by=by,
        )  # fmt: skip
        audit.record("contract.registered", target=made, at=at, by=by, payload={"code": code.code_hash, "chain": chain})
    return made


def deployment(contract: DeployedContract) -> Order:
    """What deploying it sends."""
    return Order(contract, f"deploy:{contract.uuid}")


def rehearse_deployment(*, contract_id: UUID, by: User) -> DryRun:
    """What deploying would take. Raises NotVisible, UnableToTransact."""
    require(by, Capability.RUN_CHAIN)
    return dry_run(deployment(_to_deploy(contract_id)))


def propose_deployment(*, contract_id: UUID, reason: str, by: User, at: datetime) -> UUID:
    """Ask a second person to agree to deploying, and to the caps; the id of the request.

    Raises NotVisible, UnableToTransact.
    """
    require(by, Capability.RUN_CHAIN)
    contract = _to_deploy(contract_id)
    found = dry_run(deployment(contract))
    if found.refused:
        raise UnableToTransact(found.refused)
    payload = {
        "contract": str(contract.uuid), "name": contract.name, "version": contract.version,
        "chain": contract.chain.caip2, "code_hash": contract.code_hash, "gas": found.gas,
        "most_gwei": found.most_gwei, "fee_cap_gwei": contract.fee_cap, "spend_cap_gwei": contract.spend_cap,
        "day_cap_gwei": contract.day_cap,
    }  # fmt: skip
    summary = f"Deploy {contract} on {contract.chain}"
    return request_approval(action="chain.deploy", payload=payload, summary=summary, by=by, at=at, reason=reason).uuid


@approvable("chain.deploy", title="Deploy a contract", maker=Capability.RUN_CHAIN, checker=Capability.AGREE_TO_CHAIN)
def deploy_approved_contract(approved: Approved) -> ChainTransaction:
    """Payload: `contract`, its `code_hash`, `most_gwei` as rehearsed. Twice that may be spent: fees move."""
    contract = _to_deploy(UUID(str(approved.payload["contract"])))
    if contract.code_hash != approved.payload["code_hash"]:
        raise UnableToTransact("The code is another one than the one agreed to.")
    contract.deployed_by, contract.approved_by = approved.maker, approved.checker
    contract.save(update_fields=["deployed_by", "approved_by"])
    limit = 2 * int(str(approved.payload["most_gwei"]))
    return prepare(deployment(contract), at=approved.at, agreed=Agreement(approved.maker, approved.checker, limit))


def record_audit(*, contract_id: UUID, status: str, by: User, at: datetime) -> DeployedContract:
    """Write down who has read the source. Raises NotVisible, InvalidInput."""
    require(by, Capability.AGREE_TO_CHAIN)
    if status not in AuditStatus.values:
        raise InvalidInput("Name one of the known kinds of audit.", field="status", rule="contract.audit")
    with transaction.atomic(durable=True):
        rows = DeployedContract.objects.select_for_update(of=("self",))
        contract = rows.filter(uuid=contract_id).first()
        if contract is None:
            raise NotVisible
        contract.audit_status = status
        contract.save(update_fields=["audit_status"])
        audit.record("contract.audit_recorded", target=contract, at=at, by=by, payload={"status": status})
    return contract


def _to_deploy(contract_id: UUID) -> DeployedContract:
    if not chains_are_on():
        raise UnableToTransact("Chains are switched off here (ENABLE_BLOCKCHAIN).")
    contract = DeployedContract.objects.select_related("chain").filter(uuid=contract_id).first()
    if contract is None:
        raise NotVisible
    if contract.address:
        raise UnableToTransact(f"{contract} is deployed already, at {contract.address}.")
    if contract.code_hash != artefact(contract.name).code_hash:
        raise UnableToTransact("The source has changed since this was registered; register the new version.")
    return contract
