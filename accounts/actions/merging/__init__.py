"""Customers that stand twice are found, looked at, and become one."""

from .deeds import MergePreview, Unmerged, merge_customers, preview_merge, undo_merge
from .forgetting import forget_merges
from .pairs import dismiss_pair, look_for_pairs

__all__ = [
    "MergePreview",
    "Unmerged",
    "dismiss_pair",
    "forget_merges",
    "look_for_pairs",
    "merge_customers",
    "preview_merge",
    "undo_merge",
]
