"""`manage.py import_customers FILE --mapping FILE [--dry-run] [--atomic]` (PLT-4)."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sync.imports.mapping import Mapping, read_mapping
from sync.management.commands import import_file


class Command(import_file.Command):
    """Create and change customers from a file, by their external id."""

    help = "Create and change customers from a delimited file, by their external id; a bad row never stops good ones."

    def add_kind(self, parser: ArgumentParser) -> None:
        """Customers, by the mapping that is given."""
        parser.add_argument("--mapping", type=Path, required=True, help="JSON: how columns become fields")

    def mapping(self, options: dict[str, Any]) -> Mapping:
        """The mapping that was given."""
        return read_mapping(options["mapping"])
