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


def was_manager(staff: str, day: str) -> str:
    """A condition: this person held a manager's post on the day."""
    return (
        f"EXISTS (SELECT 1 FROM accounts_post o WHERE o.staff_id = {staff} AND o.role = 'manager'"
        f" AND (o.starts_on IS NULL OR o.starts_on <= {day}) AND (o.ends_on IS NULL OR o.ends_on >= {day}))"
    )


def is_away(staff: str, day: str) -> str:
    """A condition: this person was on leave on the day."""
    return (
        f"EXISTS (SELECT 1 FROM accounts_leave w WHERE w.staff_id = {staff}"
        f" AND w.starts_on <= {day} AND w.ends_on >= {day})"
    )
