"""A source's file that tells a fact learned here takes it over (CUS-10)."""

from __future__ import annotations

from django.db import connection

from sync.imports.fragments import column, new_person, new_value
from sync.imports.statements import STAGE, Statements


def take_over(statements: Statements) -> None:
    """Facts that stand now as the rows of the chunk tell them wait no more; one statement, if any fact waits at all."""
    told = [
        f"(l.field = '{entry.name}' AND s.{column(entry.name)} IS NOT NULL"
        f" AND {stored}.{entry.name} IS NOT DISTINCT FROM {value})"
        for entry, stored, value in [
            *((entry, "c", new_value(entry, "c")) for entry in statements.plain),
            *((entry, "p", new_person(entry)) for entry in statements.person),
        ]
    ]
    if statements.is_first or not told:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_learnedfact)")
        if cursor.fetchone()[0]:
            cursor.execute(
                f"DELETE FROM accounts_learnedfact l USING {statements.keys} e, accounts_customer c"
                " LEFT JOIN accounts_personprofile p ON p.customer_id = c.id,"
                f" {STAGE} s WHERE e.customer_id = l.customer_id AND c.id = l.customer_id"
                " AND e.source = %(source)s AND e.external_id = s.external_id"
                f" AND ({' OR '.join(told)})",
                statements.given,
            )
