"""`manage.py create_director USERNAME NAME`: the first person who may sign in (decisions 21)."""

from __future__ import annotations

import getpass
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.module_loading import import_string

from crm.core.errors import DomainError
from crm.core.models import User
from crm.core.text import clean_text, narrow


class Command(BaseCommand):
    """Makes a user who is a director; the password is asked, or read from standard input when that is no terminal."""

    help = "Creates a director who can sign in and set up everything else."

    def add_arguments(self, parser: Any) -> None:
        """Staff number and name."""
        parser.add_argument("username", help="staff number (工号)")
        parser.add_argument("name", help="the person's name")

    def handle(self, *args: Any, username: str, name: str, **options: Any) -> None:
        """Check what was given, then let accounts make user, staff member and post in one transaction."""
        try:
            username = clean_text(narrow(username), field="username", max_length=64, blank=False)
            name = clean_text(name, field="name", max_length=64, blank=False)
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        if User.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is already somebody with the staff number {username}.")
        password = self._password()
        try:
            validate_password(password, User(username=username, name=name))
            import_string(settings.DIRECTOR_CREATOR)(
                username=username, name=name, password=password, now=timezone.now()
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem
        except DomainError as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"{name} ({username}) can sign in now.")

    def _password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first, second = getpass.getpass("Password: "), getpass.getpass("Again: ")
        if first != second:
            raise CommandError("The two passwords differ.")
        return first
