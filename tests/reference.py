"""What migrations made – tiers, channels, working days – survives a test with real transactions.

They are copied into a schema of their own once per state of the migrations, and what is missing is copied back.
"""

from django.db import connection, transaction

LEFT_OUT = ("django_migrations", "django_content_type", "auth_permission")
"""Never flushed, or made anew by Django itself."""


def applied_migrations(cursor) -> str:
    """What the state of the migrations comes to."""
    cursor.execute("SELECT md5(string_agg(app || '.' || name, ',' ORDER BY app, name)) FROM django_migrations")
    return cursor.fetchone()[0]


def kept_tables(cursor) -> list[str]:
    """The tables that were copied."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'kept' ORDER BY tablename")
    return [name for (name,) in cursor.fetchall()]


def keep() -> None:
    """Copy every row there is before the first test, unless that was done for the same migrations."""
    with transaction.atomic(), connection.cursor() as cursor:
        state = applied_migrations(cursor)
        cursor.execute("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = 'kept'")
        if cursor.fetchone() == (state,):
            return
        cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        cursor.execute("CREATE SCHEMA kept")
        cursor.execute("COMMENT ON SCHEMA kept IS %s", [state])
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            if table in LEFT_OUT:
                continue
            cursor.execute(f'SELECT EXISTS (SELECT FROM public."{table}")')
            if cursor.fetchone()[0]:
                cursor.execute(f'CREATE TABLE kept."{table}" AS TABLE public."{table}"')


def take_away() -> None:
    """Delete what a test with real transactions has committed, and put back what migrations made.

    Hundreds of empty tables are left alone: to truncate them all and to run the makers of tables again takes seconds.
    Foreign keys are deferred, so the order of the tables does not matter.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    wanted = [name for name in tables if name not in LEFT_OUT]
    with transaction.atomic(), connection.cursor() as cursor:
        kept = set(kept_tables(cursor))
        full = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM public.\"{name}\")" for name in wanted)
        cursor.execute(full)
        for (name,) in cursor.fetchall():
            made = f'(SELECT k::text FROM kept."{name}" k)' if name in kept else "('')"
            cursor.execute(f'DELETE FROM public."{name}" r WHERE r::text NOT IN {made}')
    bring_back()


def bring_back() -> None:
    """Put the copied rows where they are missing; the change log, no model's table, is emptied."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in kept_tables(cursor):
            cursor.execute(
                "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
                " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
                [table],
            )
            columns = cursor.fetchone()[0]
            cursor.execute(
                f'INSERT INTO public."{table}" ({columns}) OVERRIDING SYSTEM VALUE'
                f' SELECT {columns} FROM kept."{table}" ON CONFLICT DO NOTHING'
            )
        cursor.execute("TRUNCATE core_change")
