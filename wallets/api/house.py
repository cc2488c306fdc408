"""What the house does on chains: contracts, transactions, gas, anchors. With ENABLE_BLOCKCHAIN off it is not there."""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.permissions import Capability, HasCapability, may_call, signed_in
from creditiq.kernel.cards import FREE_TEXT
from creditiq.kernel.clock import now
from creditiq.kernel.pages import KeyedPages
from wallets import selectors, services
from wallets.api.onchain import ChainsAreOn
from wallets.models import Anchor, ChainTransaction, DeployedContract, TransactionState

TAGS = ["chain"]


class SeesChain(HasCapability):
    """Who may look at what the house does, and, to change something, who may run it; while the chain part is on."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        ChainsAreOn().has_permission(request, view)
        looks = request.method in {"GET", "HEAD", "OPTIONS"}
        return may_call(request.user, Capability.VIEW_CHAIN if looks else Capability.RUN_CHAIN, request.method or "")


class HouseView(APIView):
    """Base of every operation here."""

    permission_classes = (SeesChain,)


class ContractIn(serializers.Serializer[object]):
    name = serializers.CharField(max_length=40, help_text="AuditAnchor, AttestationRegistry or AgreementRegistry.")
    chain = serializers.CharField(max_length=40, help_text="Key of the registry of networks.")
    fee_cap_gwei = serializers.IntegerField(min_value=1, max_value=10**6, default=200)
    spend_cap_gwei = serializers.IntegerField(min_value=1, max_value=10**12, default=100_000_000)
    day_cap_gwei = serializers.IntegerField(min_value=1, max_value=10**13, default=1_000_000_000)


class ContractOut(serializers.ModelSerializer[DeployedContract]):
    id = serializers.UUIDField(source="uuid")
    chain = serializers.CharField(source="chain.caip2")
    fee_cap_gwei = serializers.IntegerField(source="fee_cap")
    spend_cap_gwei = serializers.IntegerField(source="spend_cap")
    day_cap_gwei = serializers.IntegerField(source="day_cap")
    deployed_by = serializers.UUIDField(source="deployed_by.uuid", default=None, allow_null=True)
    approved_by = serializers.UUIDField(source="approved_by.uuid", default=None, allow_null=True)

    class Meta:
        model = DeployedContract
        fields: ClassVar = [
            "id", "name", "version", "chain", "address", "abi_hash", "code_hash", "runtime_hash", "compiler",
            "audit_status", "fee_cap_gwei", "spend_cap_gwei", "day_cap_gwei", "registered_at", "deployed_at",
            "deployed_by", "approved_by",
        ]  # fmt: skip


class ContractPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ContractOut(many=True)


class DeployIn(serializers.Serializer[object]):
    dry_run = serializers.BooleanField(default=False, help_text="Only ask the node what it would take.")
    reason = serializers.CharField(validators=FREE_TEXT, max_length=500, required=False, default="", allow_blank=True)


class DryRunOut(serializers.Serializer[object]):
    gas = serializers.IntegerField()
    most_gwei = serializers.IntegerField()
    refused = serializers.CharField(help_text="Why it would revert; empty when it would not.")


class HouseAskedOut(serializers.Serializer[object]):
    approval = serializers.UUIDField(help_text="Of the approval desk; it happens when a second person agrees.")


class TransactionsIn(serializers.Serializer[object]):
    state = serializers.ChoiceField(choices=TransactionState.choices, required=False)


class CallIn(serializers.Serializer[object]):
    contract = serializers.UUIDField()
    function = serializers.CharField(max_length=40)
    arguments = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=10, help_text="Numbers, hashes and addresses as text."
    )
    reason = serializers.CharField(validators=FREE_TEXT, max_length=500, required=False, default="", allow_blank=True)


class SpendingIn(serializers.Serializer[object]):
    gwei = serializers.IntegerField(min_value=1, max_value=10**15)
    reason = serializers.CharField(validators=FREE_TEXT, max_length=500, required=False, default="", allow_blank=True)


class ChainTransactionOut(serializers.ModelSerializer[ChainTransaction]):
    id = serializers.UUIDField(source="uuid")
    chain = serializers.CharField(source="chain.caip2")
    contract = serializers.UUIDField(source="contract.uuid")
    sender = serializers.CharField()
    max_fee_wei = serializers.IntegerField(source="max_fee", allow_null=True)
    most_gwei = serializers.IntegerField()
    replaces = serializers.SerializerMethodField()

    class Meta:
        model = ChainTransaction
        fields: ClassVar = [
            "id", "title", "chain", "contract", "function", "arguments_digest", "state", "held", "sender", "nonce",
            "gas", "max_fee_wei", "most_gwei", "hash", "block", "confirmations", "gas_used", "cost_gwei", "sends",
            "reorganisations", "error", "replaces", "prepared_at", "sent_at", "mined_at", "settled_at",
        ]  # fmt: skip
        extra_kwargs: ClassVar = {"title": {"read_only": True}}

    @extend_schema_field(serializers.CharField(allow_null=True, help_text="Hash of the attempt it took the place of."))
    def get_replaces(self, row: ChainTransaction) -> str | None:
        """By hash."""
        return row.replaces.hash if row.replaces is not None else None


class ChainTransactionPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ChainTransactionOut(many=True)


class GasLineOut(serializers.Serializer[object]):
    contract = serializers.CharField()
    chain = serializers.CharField()
    function = serializers.CharField(help_text="Empty: the deployment.")
    count = serializers.IntegerField()
    gas_average = serializers.IntegerField(source="gas")
    gas_most = serializers.IntegerField(source="most")
    gwei = serializers.IntegerField()


class GasReportOut(serializers.Serializer[object]):
    since = serializers.DateTimeField()
    count = serializers.IntegerField()
    gwei = serializers.IntegerField()
    lines = GasLineOut(many=True)


class AnchorOut(serializers.ModelSerializer[Anchor]):
    id = serializers.UUIDField(source="uuid")
    contract = serializers.UUIDField(source="contract.uuid")
    address = serializers.CharField(source="contract.address")
    merkle_root = serializers.CharField(source="root")
    previous_root = serializers.CharField(source="previous")
    count = serializers.IntegerField()

    class Meta:
        model = Anchor
        fields: ClassVar = ["id", "contract", "address", "batch", "merkle_root", "previous_root", "first", "last",
                            "count", "made_at"]  # fmt: skip


class AnchorPageOut(serializers.Serializer[object]):
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = AnchorOut(many=True)


class AnchorVerdictOut(serializers.Serializer[object]):
    holds = serializers.BooleanField(allow_null=True, help_text="null: the contract could not be read.")
    reason = serializers.CharField()
    stored_root = serializers.CharField(source="anchor.root")
    computed_root = serializers.CharField(source="computed")
    on_chain_root = serializers.CharField(source="on_chain.root")
    changed = serializers.ListField(child=serializers.IntegerField(), help_text="Checkpoints changed afterwards.")
    transaction = serializers.CharField(source="transaction.hash", default=None, allow_null=True)
    state = serializers.CharField(source="transaction.state", default=None, allow_null=True)


class NewestContractFirst(KeyedPages):
    ordering = ("-registered_at", "-pk")


class NewestTransactionFirst(KeyedPages):
    ordering = ("-prepared_at", "-pk")


class NewestAnchorFirst(KeyedPages):
    ordering = ("-made_at", "-pk")


class Contracts(HouseView):
    @extend_schema(responses=ContractPageOut, operation_id="contracts_list", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Our contracts on all chains, newest first."""
        pages = NewestContractFirst()
        rows = pages.paginate_queryset(selectors.contracts(), request, self)
        return pages.get_paginated_response(ContractOut(rows, many=True).data)

    @extend_schema(request=ContractIn, responses={201: ContractOut}, operation_id="contracts_register", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Register the next version of one of our contracts; two people deploy it."""
        asked = ContractIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        caps = services.Caps(values["fee_cap_gwei"], values["spend_cap_gwei"], values["day_cap_gwei"])
        made = services.register_contract(
            name=values["name"], chain=values["chain"], caps=caps, by=signed_in(request), at=now()
        )
        return Response(ContractOut(made).data, status=201)


class OneContract(HouseView):
    @extend_schema(responses=ContractOut, operation_id="contracts_read", tags=TAGS)
    def get(self, request: Request, contract_id: UUID) -> Response:
        """One contract."""
        return Response(ContractOut(selectors.contract_view(contract_id=contract_id).contract).data)


class DeployContract(HouseView):
    @extend_schema(
        request=DeployIn, operation_id="contracts_deploy", tags=TAGS,
        responses={200: OpenApiResponse(DryRunOut, "the dry run"), 202: OpenApiResponse(HouseAskedOut, "asked")},
    )  # fmt: skip
    def post(self, request: Request, contract_id: UUID) -> Response:
        """Rehearse (`dry_run`), or ask a second person to agree to deploying."""
        asked, by = DeployIn(data=request.data), signed_in(request)
        asked.is_valid(raise_exception=True)
        if asked.validated_data["dry_run"]:
            return Response(DryRunOut(services.rehearse_deployment(contract_id=contract_id, by=by)).data)
        reason = asked.validated_data["reason"]
        made = services.propose_deployment(contract_id=contract_id, reason=reason, by=by, at=now())
        return Response(HouseAskedOut({"approval": made}).data, status=202)


class ChainTransactions(HouseView):
    @extend_schema(
        parameters=[TransactionsIn],
        responses=ChainTransactionPageOut,
        operation_id="chain_transactions_list",
        tags=TAGS,
    )
    def get(self, request: Request) -> Response:
        """What the house sent and is to send, newest first."""
        asked, pages = TransactionsIn(data=request.query_params), NewestTransactionFirst()
        asked.is_valid(raise_exception=True)
        found = selectors.house_transactions(**asked.validated_data).select_related("replaces")
        rows = pages.paginate_queryset(found, request, self)
        return pages.get_paginated_response(ChainTransactionOut(rows, many=True).data)

    @extend_schema(request=CallIn, responses={202: HouseAskedOut}, operation_id="chain_transactions_ask", tags=TAGS)
    def post(self, request: Request) -> Response:
        """Ask a second person to agree to one call of a contract of ours. Only hashes, numbers and addresses."""
        asked = CallIn(data=request.data)
        asked.is_valid(raise_exception=True)
        values = asked.validated_data
        given = [int(text) if text.isdecimal() and text.isascii() else text for text in values["arguments"]]
        made = services.propose_call(
            contract_id=values["contract"], function=values["function"], arguments=given, reason=values["reason"],
            by=signed_in(request), at=now(),
        )  # fmt: skip
        return Response(HouseAskedOut({"approval": made}).data, status=202)


class OneChainTransaction(HouseView):
    @extend_schema(responses=ChainTransactionOut, operation_id="chain_transactions_read", tags=TAGS)
    def get(self, request: Request, transaction_id: UUID) -> Response:
        """One transaction."""
        found = selectors.transaction_view(transaction_id=transaction_id)
        return Response(ChainTransactionOut(found.transaction).data)


class Spending(HouseView):
    @extend_schema(
        request=SpendingIn, responses={202: HouseAskedOut}, operation_id="chain_transactions_spending", tags=TAGS
    )
    def post(self, request: Request, transaction_id: UUID) -> Response:
        """Ask a second person to let it cost more than the contract's caps."""
        asked = SpendingIn(data=request.data)
        asked.is_valid(raise_exception=True)
        made = services.propose_spending(
            transaction_id=transaction_id, **asked.validated_data, by=signed_in(request), at=now()
        )
        return Response(HouseAskedOut({"approval": made}).data, status=202)


class Gas(HouseView):
    @extend_schema(responses=GasReportOut, operation_id="chain_gas", tags=TAGS)
    def get(self, request: Request) -> Response:
        """What thirty days took, by function."""
        return Response(GasReportOut(selectors.gas_report(at=now())).data)


class Anchors(HouseView):
    @extend_schema(responses=AnchorPageOut, operation_id="anchors_list", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Batches of the audit trail on a chain, newest first."""
        pages = NewestAnchorFirst()
        rows = pages.paginate_queryset(selectors.anchors(), request, self)
        return pages.get_paginated_response(AnchorOut(rows, many=True).data)


class VerifyAnchor(HouseView):
    @extend_schema(responses=AnchorVerdictOut, operation_id="anchors_verify", tags=TAGS)
    def get(self, request: Request, anchor_id: UUID) -> Response:
        """Whether the root in the contract is the root of our checkpoints, computed and read now."""
        return Response(AnchorVerdictOut(selectors.anchor_view(anchor_id=anchor_id)).data)
