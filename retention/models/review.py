"""What the early warning foretold and what came of it, reckoned and kept (churn.md: back-test, drift, saved rate)."""

from django.db import models

from retention.models.model import RiskModel


class ModelReview(models.Model):
    """A look back at the model, as figures: derived from snapshots, alerts and losses; the newest is shown."""

    made_on = models.DateField(unique=True)
    made_at = models.DateTimeField()
    model = models.ForeignKey(RiskModel, models.PROTECT, related_name="+", db_index=False)
    figures = models.JSONField()

    objects = models.Manager()

    def __str__(self) -> str:
        return f"{self.made_on}"
