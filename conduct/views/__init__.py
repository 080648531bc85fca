"""Pages of conduct."""

from .outings import outing_back, outing_cancel, outing_leave, outing_list, outing_new, reconciliation

__all__ = ["outing_back", "outing_cancel", "outing_leave", "outing_list", "outing_new", "reconciliation"]
