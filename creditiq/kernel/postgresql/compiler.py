"""Django's compilers, which ask the tenant wall before a query reads, changes or deletes."""

from django.db.backends.postgresql import compiler
from django.db.models.sql.constants import GET_ITERATOR_CHUNK_SIZE, MULTI

from creditiq.kernel.wall import refuse_unnamed

SQLInsertCompiler = compiler.SQLInsertCompiler


class SQLCompiler(compiler.SQLCompiler):
    def execute_sql(
        self, result_type: str = MULTI, chunked_fetch: bool = False, chunk_size: int = GET_ITERATOR_CHUNK_SIZE
    ) -> object:
        refuse_unnamed(self.query)
        return super().execute_sql(result_type, chunked_fetch, chunk_size)


class SQLAggregateCompiler(compiler.SQLAggregateCompiler):
    def execute_sql(
        self, result_type: str = MULTI, chunked_fetch: bool = False, chunk_size: int = GET_ITERATOR_CHUNK_SIZE
    ) -> object:
        refuse_unnamed(self.query)
        return super().execute_sql(result_type, chunked_fetch, chunk_size)


class SQLDeleteCompiler(compiler.SQLDeleteCompiler):
    def execute_sql(
        self, result_type: str = MULTI, chunked_fetch: bool = False, chunk_size: int = GET_ITERATOR_CHUNK_SIZE
    ) -> object:
        refuse_unnamed(self.query)
        return super().execute_sql(result_type, chunked_fetch, chunk_size)


class SQLUpdateCompiler(compiler.SQLUpdateCompiler):
    def execute_sql(self, result_type: str) -> int:
        refuse_unnamed(self.query)
        return super().execute_sql(result_type)
