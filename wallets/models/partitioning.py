"""Record tables are hash-partitioned by business: one business is one partition, keys stay unique."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

PARTITIONS = 16


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel whose table is PARTITION BY HASH (business_id) with its partitions in place.

    Indexes and constraints follow as operations of their own, as makemigrations writes them.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Create the parent and its partitions."""
        model = to_state.apps.get_model(app_label, self.name)
        table = model._meta.db_table
        definition, parameters = schema_editor.table_sql(model)
        schema_editor.execute(f"{definition} PARTITION BY HASH (business_id)", parameters)
        for remainder in range(PARTITIONS):
            schema_editor.execute(
                f'CREATE TABLE "{table}_p{remainder:02}" PARTITION OF "{table}" '
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {remainder})"
            )
