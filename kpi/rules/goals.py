"""The two goals of a manager's work (ORG-32): expanding the business, and looking after relations 客情关系."""

from __future__ import annotations

from kpi.choices import Category

BUSINESS_CODES = frozenset({"Q1", "F44", "F45"})
"""Information that shows how the business grows: quality customers, the top fifth's revenue, net customers."""


def is_business(category: int, code: str) -> bool:
    """Whether an indicator shows the expansion of the business; all others show relations.

    >>> is_business(7, "F39"), is_business(8, "Q1"), is_business(3, "F14")
    (True, True, False)
    """
    return category == Category.SALES or code in BUSINESS_CODES
