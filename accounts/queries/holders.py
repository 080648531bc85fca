"""Who had a customer on a day: the joins that statements of higher apps share (decisions 6)."""

from __future__ import annotations


def holder_on(customer: str, day: str, *, alias: str = "h") -> str:
    """A join to the assignment of the day; `{alias}.staff_id` is the manager of record then, null: nobody.

    Both names are columns of the statement, never input. At most one assignment holds a day: [valid_from, valid_to).

    >>> holder_on("k.customer_id", "k.day")[:33]
    'LEFT JOIN accounts_assignment h O'
    """
    return (
        f"LEFT JOIN accounts_assignment {alias} ON {alias}.customer_id = {customer}"
        f" AND {alias}.valid_from <= {day} AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {day})"
    )


def tier_on(customer: str, day: str, *, alias: str = "th") -> str:
    """A join to the tier of the day; `{alias}.tier_id`, null: none."""
    return (
        f"LEFT JOIN accounts_tierhistory {alias} ON {alias}.customer_id = {customer}"
        f" AND {alias}.valid_from <= {day} AND ({alias}.valid_to IS NULL OR {alias}.valid_to > {day})"
    )
