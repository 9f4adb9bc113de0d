"""The trail: what every field of every row was before, kept by the database itself."""

from django.conf import settings
from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q


class ThisTransaction(models.Func):
    """The number of the transaction that writes: what an import wrote is known by it."""

    template = "pg_current_xact_id()::text::bigint"
    output_field: models.Field = models.BigIntegerField()
    arity = 0


class Change(models.Model):
    """One row inserted, updated or deleted. Holds the fields that changed, or the whole row when it was deleted."""

    INSERT, UPDATE, DELETE = "I", "U", "D"

    at = models.DateTimeField()
    # No database constraint: who did it stays when the person's row is gone.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    transaction = models.BigIntegerField()
    table_name = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    action = models.CharField(max_length=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="trail_of_a_row"),
            # Deleted rows are found by what they held: which item they belonged to.
            GinIndex(OpClass("before", "jsonb_path_ops"), name="trail_deleted_rows", condition=Q(action="D")),
            # Numbers grow with the rows, so a few kilobytes find a transaction among millions of changes.
            BrinIndex(fields=["transaction"], name="trail_of_a_transaction", pages_per_range=32),
        ]

    def __str__(self):
        return f"{self.action} {self.table_name} {self.row_id}"
