"""Room for a night's statement: no time limit, memory for sorts and hashes, only until the transaction's end."""

from __future__ import annotations

from django.db import connection


def make_room() -> None:
    """The limits of a worker's connection are for short work; the night's statements touch everybody."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('statement_timeout', '0', true), set_config('work_mem', '256MB', true),"
            " set_config('idle_in_transaction_session_timeout', '0', true)"
        )
