"""`manage.py import_file FILE --kind KIND [--source NAME] [--mapping FILE] [--by NUMBER] [--dry-run]` (PLT-4)."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.delimited.openers import opener_of
from crm.core.delimited.reader import inspect
from crm.core.errors import DomainError
from crm.core.models import User
from sync.imports.guesses import guessed_mapping
from sync.imports.kinds import KINDS
from sync.imports.mapping import Mapping, parse_mapping, read_mapping
from sync.imports.outcome import Outcome
from sync.imports.results import FailedRows
from sync.imports.run import Wanted, import_file


class Command(BaseCommand):
    """Bring a file of any kind in; without a mapping its headings say what the columns mean."""

    help = "Bring a delimited file or JSON lines in; a bad row never stops good ones, the same file changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what it holds and how to go about it."""
        parser.add_argument("file", type=Path, help="CSV: UTF-8 or GB18030; comma, semicolon, tab or bar; or NDJSON")
        self.add_kind(parser)
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")
        parser.add_argument("--atomic", action="store_true", help="all rows or none (up to 10,000 rows)")
        parser.add_argument("--errors", type=Path, help="where the failed rows go; default: FILE.failed.csv")
        parser.add_argument("--json", action="store_true", help="answer with one JSON line")

    def add_kind(self, parser: ArgumentParser) -> None:
        """What the file holds."""
        parser.add_argument("--kind", choices=sorted(KINDS), required=True, help="what the file holds")
        parser.add_argument("--source", default="manual", help="the system it comes from; default: manual")
        parser.add_argument("--mapping", type=Path, help="JSON: how columns become fields; default: by their headings")
        parser.add_argument("--by", default="", help="staff number in whose name visits and cases are written")

    def mapping(self, options: dict[str, Any]) -> Mapping:
        """The mapping that was given, else what the headings say."""
        if options["mapping"]:
            return read_mapping(options["mapping"])
        layout = inspect(opener_of(options["file"]), max_bytes=sys.maxsize)
        return parse_mapping(guessed_mapping(options["source"], KINDS[options["kind"]], layout.header).as_json())

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, then say what came of it."""
        path: Path = options["file"]
        failed = FailedRows(options["errors"] or path.with_name(f"{path.name}.failed.csv"))
        by = User.objects.filter(username=options["by"]).first() if options.get("by") else None
        try:
            outcome = import_file(
                opener_of(path),
                self.mapping(options),
                by=by,
                now=timezone.now(),
                wanted=Wanted(is_dry=options["dry_run"], atomic=options["atomic"], max_bytes=sys.maxsize),
                on_progress=self._progress(),
                on_problem=failed.add,
            )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        finally:
            has_failed = failed.close()
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._tell(outcome, failed if has_failed else None)
        if outcome.is_rolled_back:
            raise CommandError(_("Nothing was imported: all or nothing was asked for, and rows failed."))

    def _progress(self) -> Callable[[int, int, Any], None]:
        def show(done: int, total: int, doing: Any) -> None:
            if self.stderr.isatty():
                self.stderr.write(f"\r{doing} {done * 100 // max(total, 1):3d} % ", ending="")

        return show

    def _tell(self, outcome: Outcome, failed: FailedRows | None) -> None:
        if outcome.is_dry:
            self.stdout.write(_("Dry run: nothing was written."))
        self.stdout.write(
            _(
                "%(rows)d rows: %(created)d created, %(updated)d updated, %(unchanged)d unchanged, %(stale)d stale,"
                " %(failed)d failed; %(proposed)d tiers proposed."
            )
            % vars(outcome)
        )
        if outcome.unused_columns:
            self.stdout.write(_("Columns not used: %(names)s.") % {"names": ", ".join(outcome.unused_columns)})
        if failed is None:
            return
        for problem in failed.first:
            where = _("Row %(row)d, %(column)s") % {"row": problem.row, "column": problem.column or "–"}
            self.stdout.write(f"  {where}: {problem.message} [{problem.code}] {problem.value}")
        self.stdout.write(_("All failed rows: %(file)s") % {"file": failed.path})
