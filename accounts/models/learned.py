"""Facts learned here that the customer's source does not know yet (CUS-10)."""

from django.db import models

from accounts.models.customers import OF_CUSTOMER, Customer
from crm.core.scope import ScopedModel


class LearnedFact(ScopedModel):
    """A field that a person changed here since its source last told it; gone when the source tells it again."""

    SCOPE_PATHS = OF_CUSTOMER

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="+", db_index=False)
    field = models.CharField(max_length=40)
    learned_at = models.DateTimeField()
    # Of a field that a source owns: what the source says, and what a person here put beside it (待核实).
    source_value = models.TextField(null=True, blank=True)  # noqa: DJ001 - null: nobody owns the field
    own_value = models.TextField(null=True, blank=True)  # noqa: DJ001

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "field"], name="one_learned_fact_per_field")]
        indexes = [models.Index(fields=["learned_at"], name="learned_fact_oldest")]

    def __str__(self) -> str:
        return self.field
