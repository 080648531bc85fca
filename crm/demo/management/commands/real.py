"""`manage.py real --data FILE`: the whole way with a real file, in a database of its own that is dropped again."""

from __future__ import annotations

import json
import logging
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from crm.core.errors import DomainError
from crm.demo.real import prove

DATABASE = "crm_real"


class Command(BaseCommand):
    """Import, assign, run the nights, print one JSON line."""

    help = "The whole way with a real file: import, assign, night, 62 days ahead; prints one JSON line."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, and its mapping when none of the project's fits."""
        parser.add_argument("--data", type=Path, required=True)
        parser.add_argument("--mapping", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the database, prove, drop it."""
        path: Path = options["data"]
        if not path.is_file():
            raise CommandError(f"There is no file {path.name}: make real DATA=customers.csv")
        logging.disable(logging.INFO)
        before = str(connection.settings_dict["NAME"])
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            figures = prove(path, now=timezone.now(), mapping=options["mapping"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            connection.creation.destroy_test_db(before, verbosity=0)
        self.stdout.write(json.dumps(figures))
