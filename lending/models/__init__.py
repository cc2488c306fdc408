"""What is lent, who asked for it, and what was decided."""

from lending.models.applications import STEPS, ApplicationState, LoanApplication, Step
from lending.models.dealings import (
    Contact,
    Grievance,
    GuaranteeFee,
    Notice,
    PaymentIntention,
    PromiseState,
    Proposal,
    ProposalState,
)
from lending.models.decisions import Assessment, Decision, DecisionOutcome
from lending.models.ledger import Account, JournalEntry, JournalLine
from lending.models.letters import AdverseLetter, LetterChannel
from lending.models.loans import ClosedAs, Disbursement, Instalment, Loan, LoanState, ScheduleVersion, Tranche
from lending.models.origination import (
    ApplicationCondition,
    ApplicationDocument,
    ApplicationEvent,
    DocumentKind,
    ExposureLimit,
    KeyFactStatement,
    LimitDimension,
    LimitUsage,
    PaymentOrder,
    UsageState,
)
from lending.models.products import LoanProduct, ProductVersion, VersionStatus
from lending.models.returns import BookReturn, ReturnKind
from lending.models.seals import AgreementSeal
from lending.models.securities import Charge, Collateral, CollateralKind, StockStatement, Valuation
from lending.models.servicing import (
    AccrualRun,
    Allocation,
    ClassificationEvent,
    Due,
    LoanAct,
    ProvisionLine,
    Receipt,
    ReceiptMode,
)
from lending.models.wallet_use import WalletRule, WalletUse

__all__ = [
    "STEPS",
    "Account",
    "AccrualRun",
    "AdverseLetter",
    "AgreementSeal",
    "Allocation",
    "ApplicationCondition",
    "ApplicationDocument",
    "ApplicationEvent",
    "ApplicationState",
    "Assessment",
    "BookReturn",
    "Charge",
    "ClassificationEvent",
    "ClosedAs",
    "Collateral",
    "CollateralKind",
    "Contact",
    "Decision",
    "DecisionOutcome",
    "Disbursement",
    "DocumentKind",
    "Due",
    "ExposureLimit",
    "Grievance",
    "GuaranteeFee",
    "Instalment",
    "JournalEntry",
    "JournalLine",
    "KeyFactStatement",
    "LetterChannel",
    "LimitDimension",
    "LimitUsage",
    "Loan",
    "LoanAct",
    "LoanApplication",
    "LoanProduct",
    "LoanState",
    "Notice",
    "PaymentIntention",
    "PaymentOrder",
    "ProductVersion",
    "PromiseState",
    "Proposal",
    "ProposalState",
    "ProvisionLine",
    "Receipt",
    "ReceiptMode",
    "ReturnKind",
    "ScheduleVersion",
    "Step",
    "StockStatement",
    "Tranche",
    "UsageState",
    "Valuation",
    "VersionStatus",
    "WalletRule",
    "WalletUse",
]
