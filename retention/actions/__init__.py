"""What people do about losses and churn reports."""

from retention.actions.losses import explain_loss
from retention.actions.reports import check_report, submit_report

__all__ = ["check_report", "explain_loss", "submit_report"]
