"""Counting: facts of measures, results of facts, sums up the tree; set-based, and only what differs is written."""

from .counts import Count, counts_ending_with, counts_of, first_open_day, open_counts
from .evidence import has_evidence, may_count, pack_evidence
from .facts import EVERYONE, Counted, Some, count_facts, rows_and_marks
from .results import hold_mark, plan_marks, settle_results

__all__ = [
    "EVERYONE",
    "Count",
    "Counted",
    "Some",
    "count_facts",
    "counts_ending_with",
    "counts_of",
    "first_open_day",
    "has_evidence",
    "hold_mark",
    "may_count",
    "open_counts",
    "pack_evidence",
    "plan_marks",
    "rows_and_marks",
    "settle_results",
]
