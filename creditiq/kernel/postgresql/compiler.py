"""Django's compilers, which ask the tenant wall before a query reads, changes or deletes."""

from typing import TYPE_CHECKING

from django.db.backends.postgresql import compiler

from creditiq.kernel.wall import refuse_unnamed

SQLInsertCompiler = compiler.SQLInsertCompiler

if TYPE_CHECKING:  # the stubs tell of four ways to call `execute_sql`; ours passes each of them on
    from django.db.backends.postgresql.compiler import (
        SQLAggregateCompiler,
        SQLCompiler,
        SQLDeleteCompiler,
        SQLUpdateCompiler,
    )
else:

    class Walled:
        """Asks the wall, then does what Django does."""

        def execute_sql(self, *args: object, **kwargs: object) -> object:
            refuse_unnamed(self.query)
            return super().execute_sql(*args, **kwargs)

    class SQLCompiler(Walled, compiler.SQLCompiler):
        """Reads."""

    class SQLAggregateCompiler(Walled, compiler.SQLAggregateCompiler):
        """Counts and sums over a sub-query."""

    class SQLUpdateCompiler(Walled, compiler.SQLUpdateCompiler):
        """Changes."""

    class SQLDeleteCompiler(Walled, compiler.SQLDeleteCompiler):
        """Deletes."""


__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]
