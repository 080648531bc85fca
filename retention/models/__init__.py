"""Tables of retention, by subject."""

from retention.models.losses import ChurnBase, ChurnCount, ChurnRecord, Competitor
from retention.models.reports import ChurnReport

__all__ = ["ChurnBase", "ChurnCount", "ChurnRecord", "ChurnReport", "Competitor"]
