"""Tables of retention, by subject."""

from retention.models.alerts import Alert, AlertStep, OfferLimit
from retention.models.losses import ChurnBase, ChurnCount, ChurnRecord, Competitor
from retention.models.model import ColumnValue, RiskColumn, RiskModel, RiskScore, RiskSnapshot
from retention.models.reports import ChurnReport
from retention.models.review import ModelReview
from retention.models.saving import ChurnAnalysis, CompetitorIntel, SaveCase, SaveOffer

__all__ = [
    "Alert",
    "AlertStep",
    "ChurnAnalysis",
    "ChurnBase",
    "ChurnCount",
    "ChurnRecord",
    "ChurnReport",
    "ColumnValue",
    "Competitor",
    "CompetitorIntel",
    "ModelReview",
    "OfferLimit",
    "RiskColumn",
    "RiskModel",
    "RiskScore",
    "RiskSnapshot",
    "SaveCase",
    "SaveOffer",
]
