"""The steps of the demo. Each may run twice: what is there already stays as it is."""

import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cached_property

import polars as pl
from django.conf import settings

from accounts import selectors as accounts
from accounts.models import Business, Organisation, OrganisationStatus, User
from accounts.services import (
    ConsentTerms,
    NewPerson,
    create_organisation,
    create_user,
    grant_consents,
    join_business,
    publish_policy,
    register_businesses,
)
from accounts.services.personas import DEMO_DOMAIN, DEMO_PASSWORD, PERSONAS, STATE_BANK, Persona
from creditiq.kernel.clock import IST
from creditiq.management.demo import ledger
from creditiq.management.progress import Progress, Report
from fraud import services as fraud
from fraud.engine.policy import FraudPolicy
from lending import services as lending
from lending.engine.policy import DEFAULT_DOCUMENT
from scoring import services as scoring
from scoring.engine.policy import ScoringPolicy
from wallets import services as wallets

BUSINESSES, MONTHS, SEED = 250, 18, 20_260
ACTIVE = OrganisationStatus.ACTIVE
BANKS = (
    (STATE_BANK, ACTIVE),
    ("Canara Bank", ACTIVE),
    ("HDFC Bank", ACTIVE),
    ("Axis Bank", OrganisationStatus.SUSPENDED),
)
APPLICANTS = 24
PURPOSES = ("Raw material for a large order", "A second machine", "Stock for the season", "Supplier payments", "A van")
RECORDS = ("gst_invoices", "gst_returns", "upi_payments", "eway_bills", "bank_entries")
