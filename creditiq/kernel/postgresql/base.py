"""PostgreSQL as Django knows it, with the tenant wall where every query passes (decisions/0023)."""

from django.db.backends.postgresql import base
from django.db.backends.postgresql.operations import DatabaseOperations


class WalledOperations(DatabaseOperations):
    compiler_module = "creditiq.kernel.postgresql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = WalledOperations
