"""`manage.py churn evaluate|train|backtest`: what models of churn are worth, on any file and on our own months."""

from __future__ import annotations

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Command(BaseCommand):
    """Science in a process of its own: NumPy is loaded here and goes with it."""

    help = "Evaluate churn models on a file, train a challenger from our own months, look back at what was foretold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One word for each thing it can do."""
        deeds = parser.add_subparsers(dest="deed", required=True)
        evaluate = deeds.add_parser("evaluate", help="every model on a labelled file of any operator, as JSON")
        evaluate.add_argument("--csv", required=True, help="the file; any separator and encoding")
        evaluate.add_argument("--target", required=True, help="the column that says who was lost")
        evaluate.add_argument("--id", default="", help="the column of the customer, when he has several rows")
        evaluate.add_argument("--time", default="", help="the column of the day or month: tested on later windows")
        evaluate.add_argument("--duration", default="", help="the column of the time with us: also fits survival")
        deeds.add_parser("train", help="train a challenger from the snapshots whose outcome is known")
        deeds.add_parser("backtest", help="look back: what was foretold, and what came of it, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of them."""
        for name in ONE_THREAD:
            os.environ.setdefault(name, "1")
        getattr(self, f"_{options['deed']}")(options)

    def _evaluate(self, options: dict[str, Any]) -> None:
        from retention.science.evaluating import evaluate_file
        from retention.science.reading import Unreadable

        path = Path(options["csv"])
        try:
            found = evaluate_file(
                path, options["target"], id_name=options["id"], time_name=options["time"], duration=options["duration"]
            )
        except Unreadable as wrong:
            nothing: dict[str, Any] = {"rows": 0, "events": 0, "warnings": [str(wrong)], "models": []}
            self._say(nothing)
            raise CommandError(str(wrong)) from wrong
        self._say(found)

    def _train(self, _options: dict[str, Any]) -> None:
        from retention.science.training import train_challenger

        self._say(train_challenger(now=timezone.now(), today=timezone.localdate()))

    def _backtest(self, _options: dict[str, Any]) -> None:
        from retention.actions.review import review

        self._say(review(now=timezone.now(), today=timezone.localdate()))

    def _say(self, told: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, default=str))
