"""`manage.py import_sales FILE [--kind KIND] [--source NAME] [--dry-run]` (SAL-3, SAL-5, SAL-7, SAL-35)."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.delimited.openers import opener_of
from crm.core.delimited.problems import RowProblem
from crm.core.errors import DomainError
from crm.core.scope import Scope
from sales.imports.kinds import LABELS
from sales.imports.run import Outcome, Who, import_file

TOLD = 20


class Command(BaseCommand):
    """A file of sales, recognised by its headings; again changes nothing."""

    help = (
        "Take quotas, orders, subscriptions, usage, bills or uses of members from a delimited file; a bad row never"
        " stops good ones, the same file again changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file and how to go about it."""
        parser.add_argument("file", type=Path, help="CSV: UTF-8 or GB18030; comma, semicolon, tab or bar")
        parser.add_argument("--kind", choices=sorted(LABELS), default="", help="what it holds; default: its headings")
        parser.add_argument("--source", default="manual", help="the system the orders come from; default: manual")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
        parser.add_argument("--errors", type=Path, help="where the failed rows go; default: FILE.failed.csv")
        parser.add_argument("--json", action="store_true", help="answer with one JSON line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what came of it."""
        path: Path = options["file"]
        problems: list[RowProblem] = []
        who = Who(Scope.ALL, None, timezone.now(), options["source"])
        try:
            outcome, failed = import_file(
                opener_of(path), who, is_dry=options["dry_run"], kind=options["kind"], on_problem=problems.append
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        kept = options["errors"] or path.with_name(f"{path.name}.failed.csv")
        if failed.rows:
            kept.write_bytes(failed.as_csv())
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            return
        self._tell(outcome, problems)
        if failed.rows:
            self.stdout.write(_("All failed rows: %(file)s") % {"file": kept})

    def _tell(self, outcome: Outcome, problems: list[RowProblem]) -> None:
        if outcome.is_dry:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(
            _(
                "%(rows)d rows: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(stale)d stale,"
                " %(failed)d failed."
            )
            % outcome.as_json()
        )
        for problem in problems[:TOLD]:
            where = _("Row %(row)d, %(column)s") % {"row": problem.row, "column": problem.column or "–"}
            self.stdout.write(f"  {where}: {problem.message} [{problem.code}] {problem.value}")
