"""What the clock does for retention."""

from retention.sweeps.base import count_churn_base, snapshot_churn_base
from retention.sweeps.losses import record_losses
from retention.sweeps.reports import prepare_churn_reports
from retention.sweeps.saving import follow_saves, open_analyses

__all__ = [
    "count_churn_base",
    "follow_saves",
    "open_analyses",
    "prepare_churn_reports",
    "record_losses",
    "snapshot_churn_base",
]
