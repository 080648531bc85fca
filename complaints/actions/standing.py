"""Open complaints of a customer, kept on his standing in the transaction of every deed (design 4)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection

from accounts.actions.standing import write_standings
from complaints.choices import CaseKind
from complaints.rules.cases import OPEN

COUNTED_KINDS = (CaseKind.COMPLAINT.value,)
OPEN_COMPLAINTS = """
SELECT u.id AS customer_id, count(k.id)::smallint AS open_complaints FROM unnest(%s::bigint[]) AS u(id)
LEFT JOIN complaints_case k ON k.customer_id = u.id AND k.kind = ANY(%s) AND k.state = ANY(%s) GROUP BY u.id
"""
_LOCK = "SELECT 1 FROM accounts_standing WHERE customer_id = ANY(%s) ORDER BY customer_id FOR NO KEY UPDATE"


def count_open(customer_ids: Iterable[int]) -> int:
    """Write the number of open complaints of these customers; returns how many standings changed.

    The standings are locked first: of two cases of one customer written at once, the second counts both.
    """
    ids = sorted(set(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [ids])
    return write_standings(OPEN_COMPLAINTS, [ids, list(COUNTED_KINDS), list(OPEN)], columns=["open_complaints"])


def follow_merge(*, customer_ids: Iterable[int], **_more: Any) -> None:
    """Two customers became one, or apart again: the cases of each are counted anew."""
    count_open(customer_ids)
