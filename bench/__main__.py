"""`python -m bench [name …]`: fill, measure, print, write `bench/latest.json`. Servers are started by dev/bench.py."""

from __future__ import annotations

import os
import sys

from bench.report import Figure

PARTS = ("pages", "import", "night", "plan", "desk", "kpi", "risk", "points", "feed", "bulk", "million")


def prepare() -> None:
    """Django as the owner of the tables, in this process only; the site runs as the application's role."""
    os.environ["CRM_DB_OWNER"] = "1"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    import django

    django.setup()


def fresh_database() -> None:
    """An empty, migrated database."""
    from django.core.management import call_command
    from django.db import connection

    with connection.cursor() as db:
        db.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO crm_app")
    connection.close()
    call_command("migrate", verbosity=0)


def pages() -> list[Figure]:
    """The site under gunicorn on 100,000 customers."""
    from django.core.management import call_command

    from bench import data, growth, site
    from bench.pages import measure as measure_pages
    from bench.pages import sizes

    call_command("collectstatic", interactive=False, verbosity=0)
    world = data.known() if os.environ.get("BENCH_KEEP") else None
    if world is None:
        fresh_database()
        print("filling 100,000 customers …", file=sys.stderr)
        world = data.build()
        data.live(world)
    running = site.start()
    try:
        return [*measure_pages(running, world), *growth.measure(running, world), *sizes(running, world)]
    finally:
        running.stop()


def child(what: str, *given: str) -> int:
    """What a part does in a process of its own: another database, or memory of its own."""
    from bench import growth, imports, kpi, risk

    if what == "--small":
        growth.fill(fresh_database)
    elif what == "--kpi-small":
        kpi.small(fresh_database)
    elif what == "--risk-part":
        return risk.part(*given)
    else:
        imports.peak(*given)
    return 0


def measure(part: str) -> list[Figure]:
    """The figures of one part."""
    from bench import bulk, desk, feed, imports, kpi, night, plan, points, risk

    if part == "pages":
        return pages()
    if part == "night":
        return night.measure(fresh_database)
    if part == "import":
        return imports.measure(fresh_database)
    if part == "million":
        return imports.measure_million(fresh_database)
    if part == "plan":
        return plan.measure(fresh_database)
    if part == "desk":
        return desk.measure(fresh_database)
    if part == "kpi":
        return kpi.measure(fresh_database)
    if part == "risk":
        return risk.measure(fresh_database)
    if part == "bulk":
        return bulk.measure(fresh_database)
    if part == "feed":
        return feed.measure(fresh_database)
    if part == "points":
        return points.measure()
    raise SystemExit(f"There is no part {part!r}; the parts are {', '.join(PARTS)}.")


def main(wanted: list[str]) -> int:
    """Measure the parts that were asked for, all without any."""
    prepare()
    if wanted and wanted[0] in ("--small", "--kpi-small", "--import", "--risk-part"):
        return child(*wanted)
    from bench import report

    figures: list[Figure] = []
    for part in wanted or PARTS:
        measured = measure(part)
        report.store(measured)
        figures += measured
    report.show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
