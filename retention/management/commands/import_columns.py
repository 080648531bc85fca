"""`manage.py import_columns --csv FILE`: columns of an operator's own that become features of the score (RET-3)."""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.core.errors import DomainError
from retention.actions.columns import take_columns


class Command(BaseCommand):
    """Take every further column of a CSV file as a feature of the risk score."""

    help = "Take every further column of a CSV file as a feature of the risk score; twice is the same as once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the column that names the customer, whose ids these are, and the day of the values."""
        parser.add_argument("--csv", required=True, type=Path)
        parser.add_argument("--customer", default="number", help="the column that names the customer")
        parser.add_argument("--source", default="", help="the system whose ids these are; empty: our customer numbers")
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, help="the day of the values; today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read the file and take it."""
        path: Path = options["csv"]
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
        try:
            done = take_columns(
                rows, customer=options["customer"], source=options["source"], by=None, now=timezone.now(),
                as_of=options["as_of"] or timezone.localdate(),
            )  # fmt: skip
        except DomainError as refused:
            raise CommandError(refused.text) from refused
        self.stdout.write(f"{done.columns} new columns, {done.values} values.")
