"""`manage.py compute_kpi --month 2026-10 [--check]`: count a month again (KPI-4)."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.queries import names
from kpi.actions.recompute import Difference, compare, recompute, unsound


class Command(BaseCommand):
    """Count what is not frozen, compare the rest; with --check compare everything and write nothing."""

    help = "Count the figures of a month again; frozen ones are compared and never written."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The month, and whether to write."""
        parser.add_argument("--month", required=True, help="YYYY-MM; its quarter and year are counted, too")
        parser.add_argument("--check", action="store_true", help="compare only; exit with an error on any difference")

    def handle(self, *args: Any, **options: Any) -> None:
        """Count, compare, say what differs."""
        now = timezone.now()
        today = timezone.localdate(now)
        month = _month(options["month"], today)
        if not options["check"]:
            self.stdout.write(f"{recompute(month, today=today, now=now)} results written")
        broken = unsound(month, today=today)
        found = compare(month, today=today, now=now)
        for difference in (*broken, *found):
            self.stdout.write(_line(difference))
        self.stdout.write(f"{len(broken)} results beside their facts, {len(found)} figures that differ")
        if options["check"] and (broken or found):
            raise CommandError("The month does not come to the same.")


def _month(text: str, today: date) -> date:
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month has no hour
    except ValueError as wrong:
        raise CommandError("Name the month as YYYY-MM.") from wrong
    if month > today:
        raise CommandError("This month has not begun.")
    return month


def _line(row: Difference) -> str:
    who = names.staff_name(row.manager_id) if row.manager_id else "-"
    stored, counted = (f"{sums[0]}/{sums[1]}" for sums in (row.stored, row.counted))
    return f"{row.code} {row.period_on} {names.unit_name(row.unit_id)} {who}: stored {stored}, counted {counted}"
