"""What the clock does for retention."""

from retention.sweeps.alerts import late_alerts, raise_alerts
from retention.sweeps.base import count_churn_base, snapshot_churn_base
from retention.sweeps.hard_signals import open_signal_alerts
from retention.sweeps.losses import record_losses
from retention.sweeps.reports import prepare_churn_reports
from retention.sweeps.review import review_risk_model
from retention.sweeps.saving import follow_saves, open_analyses
from retention.sweeps.scoring import rebuild_risk_facts, score_churn_risk, settle_base_rate
from retention.sweeps.snapshots import label_risk_snapshots, take_risk_snapshots

__all__ = [
    "count_churn_base",
    "follow_saves",
    "label_risk_snapshots",
    "late_alerts",
    "open_analyses",
    "open_signal_alerts",
    "prepare_churn_reports",
    "raise_alerts",
    "rebuild_risk_facts",
    "record_losses",
    "review_risk_model",
    "score_churn_risk",
    "settle_base_rate",
    "snapshot_churn_base",
    "take_risk_snapshots",
]
