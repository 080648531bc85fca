"""Puts the change log into the database after each migrate: functions, triggers, rights. Repeating it changes nothing.

The technique is measured (mechanisms A): statement-level triggers with transition tables, the hstore difference,
`enable_nestloop=off` against the quadratic plan that an empty first firing would leave cached in the connection,
and leaving at once when nothing was touched.
"""

from __future__ import annotations

import hashlib
import secrets

from django.db import connection

from crm.core.changelog.registry import TrackSpec, tracked_tables
from crm.core.changelog.sql import FUNCTIONS

APP_ROLE = "crm_app"
EVENTS = {
    "i": ("INSERT", "REFERENCING NEW TABLE AS newt", "core_log_insert"),
    "u": ("UPDATE", "REFERENCING OLD TABLE AS oldt NEW TABLE AS newt", "core_log_update"),
    "d": ("DELETE", "REFERENCING OLD TABLE AS oldt", "core_log_delete"),
}
APPEND_ONLY = ("core_change", "core_accesslog")
PARTITIONS_AHEAD = 3


def install() -> None:
    """Create or renew everything the log needs, for the tables that exist."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('core_change') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        _install_functions(cursor)
        cursor.execute("SELECT 1 FROM core_change_key")
        if cursor.fetchone() is None:
            cursor.execute("INSERT INTO core_change_key (key) VALUES (%s)", [secrets.token_bytes(32)])
        cursor.execute("SELECT core_change_make_partitions(%s)", [PARTITIONS_AHEAD])
        _install_triggers(cursor)
        _install_rights(cursor)


def _install_functions(cursor) -> None:  # type: ignore[no-untyped-def]
    mark = hashlib.sha256(FUNCTIONS.encode()).hexdigest()
    cursor.execute("SELECT obj_description(to_regprocedure('core_log_update()'), 'pg_proc')")
    if cursor.fetchone()[0] != mark:
        cursor.execute(FUNCTIONS)
        cursor.execute("COMMENT ON FUNCTION core_log_update() IS %s", [mark])


def _arguments(spec: TrackSpec) -> tuple[str, str, str]:
    return (
        "key" if spec.key_only_for_system else "full",
        "{" + ",".join(sorted(spec.excluded)) + "}",
        "{" + ",".join(sorted(spec.secret)) + "}",
    )


def _install_triggers(cursor) -> None:  # type: ignore[no-untyped-def]
    """Compare what is there with what the apps list, and mend only the difference."""
    cursor.execute(
        "SELECT c.relname, t.tgname, obj_description(t.oid, 'pg_trigger') FROM pg_trigger t"
        " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE t.tgname LIKE 'core\\_log\\_%' AND n.nspname = 'public'"
    )
    present = {(table, trigger): mark for table, trigger, mark in cursor.fetchall()}
    existing = set(connection.introspection.table_names(cursor))
    quote = connection.ops.quote_name
    for table, spec in tracked_tables().items():
        if table not in existing:
            continue
        for letter, (event, transition, function) in EVENTS.items():
            trigger, arguments = f"core_log_{letter}", _arguments(spec)
            mark = " ".join(arguments)
            if present.pop((table, trigger), None) == mark:
                continue
            # Names come from the apps' own lists, arguments are bound.
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {quote(table)}")
            cursor.execute(
                f"CREATE TRIGGER {trigger} AFTER {event} ON {quote(table)} {transition}"
                f" FOR EACH STATEMENT EXECUTE FUNCTION {function}(%s, %s, %s)",
                arguments,
            )
            cursor.execute(f"COMMENT ON TRIGGER {trigger} ON {quote(table)} IS %s", [mark])
    for table, trigger in present:
        cursor.execute(f"DROP TRIGGER {quote(trigger)} ON {quote(table)}")


def _install_rights(cursor) -> None:  # type: ignore[no-untyped-def]
    """The application may read the logs and add to the access log; it may never alter or remove a row (SEC-23)."""
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE])
    if cursor.fetchone() is None:
        return
    for table in APPEND_ONLY:
        cursor.execute(f"REVOKE ALL ON {table} FROM PUBLIC, {APP_ROLE}")
        cursor.execute(f"GRANT SELECT ON {table} TO {APP_ROLE}")
    cursor.execute(f"GRANT INSERT ON core_accesslog TO {APP_ROLE}")
    cursor.execute(f"REVOKE ALL ON core_change_key FROM PUBLIC, {APP_ROLE}")
    cursor.execute(f"GRANT EXECUTE ON FUNCTION core_change_make_partitions(integer) TO {APP_ROLE}")
