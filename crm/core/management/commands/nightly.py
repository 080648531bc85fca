"""`manage.py nightly [--date 2026-07-01] [--step open_duties]`: the night by hand, the same call as the clock's."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone


class Command(BaseCommand):
    """Run tonight and the missed nights, one business date, or single steps of it."""

    help = "Run the night: without options tonight and every missed night before it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A date for back-fill, steps for a closer look."""
        parser.add_argument("--date", type=_a_date, help="one business date instead, for example 2026-07-01")
        parser.add_argument("--step", action="append", default=[], help="only this step (may be repeated)")

    def handle(self, *args: Any, **options: Any) -> None:
        """One line per step: date, name, rows, seconds."""
        night = import_module(settings.NIGHTLY)
        if unknown := night.unknown_steps(options["step"]):
            raise CommandError(f"No such step: {', '.join(unknown)}. Steps: {', '.join(night.STEPS)}.")
        now, today = timezone.now(), timezone.localdate()
        if options["date"] or options["step"]:
            steps = options["step"] or night.STEPS
            done = night.run_night(options["date"] or today, now=now, steps=steps, listen=self._tell)
        else:
            done = night.run_due_nights(today, now=now, listen=self._tell)
        if not done:
            self.stdout.write("Nothing to do: another process is at it, or the night is done.")

    def _tell(self, row: Any) -> None:
        differences = f", {row.differences} differences" if row.differences else ""
        self.stdout.write(f"{row.business_date} {row.step}: {row.rows} rows, {row.seconds:.2f} s{differences}")


def _a_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"This is not a date: {text}. Write it as 2026-07-01.") from error
