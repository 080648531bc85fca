"""`manage.py demo`: the demo operator in an empty installation (decisions 31)."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from crm.demo.build import SEED, build


class Command(BaseCommand):
    """Fill an empty installation with the demo operator."""

    help = "Fill an empty installation with the demo operator; does nothing when there is data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--seed draws another operator; --migrate spares a process of its own for the tables."""
        parser.add_argument("--seed", type=int, default=SEED)
        parser.add_argument("--migrate", action="store_true", help="Make the tables first.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, or say why not."""
        if settings.SERVED:
            raise CommandError("The demo is refused where DATABASE_URL is set: real data may live there.")
        if options["migrate"]:
            call_command("migrate", interactive=False, verbosity=0)
        started = time.monotonic()
        say = self.stdout.write if options["verbosity"] else lambda _text: None
        demo = build(now=timezone.now(), seed=options["seed"], say=say)
        if demo is None:
            say("There is data already: the demo changes nothing.")
        else:
            say(f"Demo data in {time.monotonic() - started:.1f} s.")
