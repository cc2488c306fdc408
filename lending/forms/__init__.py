from lending.forms.applications import (
    WITHOUT_PEOPLE,
    AcceptForm,
    ChoiceForm,
    DecisionForm,
    NeedForm,
    NoteForm,
    PaperForm,
    PayoutForm,
    WhatIfForm,
    reason_choices,
)
from lending.forms.calculator import CalculatorForm
from lending.forms.limits import LimitForm
from lending.forms.policies import BacktestForm, PolicyForm, PublishForm
from lending.forms.products import ProductForm
from lending.forms.returns import ReturnForm, ShockForm
from lending.forms.seals import CoSignatureForm, SignerForm
from lending.forms.servicing import (
    AnswerForm,
    ContactForm,
    GrievanceForm,
    PayForm,
    ProposalForm,
    QuoteForm,
    ReceiptForm,
    ReplayForm,
)

__all__ = [
    "WITHOUT_PEOPLE",
    "AcceptForm",
    "AnswerForm",
    "BacktestForm",
    "CalculatorForm",
    "ChoiceForm",
    "CoSignatureForm",
    "ContactForm",
    "DecisionForm",
    "GrievanceForm",
    "LimitForm",
    "NeedForm",
    "NoteForm",
    "PaperForm",
    "PayForm",
    "PayoutForm",
    "PolicyForm",
    "ProductForm",
    "ProposalForm",
    "PublishForm",
    "QuoteForm",
    "ReceiptForm",
    "ReplayForm",
    "ReturnForm",
    "ShockForm",
    "SignerForm",
    "WhatIfForm",
    "reason_choices",
]
