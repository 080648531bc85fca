"""One's own choices and the lock of one's own screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from crm.core.db import write
from crm.core.models import User
from crm.core.sessions import SessionStore

if TYPE_CHECKING:
    from crm.core.forms import UnlockForm

THEMES = frozenset(User.Theme.values)
KEPT = "kept."


def choose(*, by: User, language: str | None = None, theme: str | None = None) -> None:
    """Remember a choice; nothing is written when nothing changes."""
    fields = {"language": language, "theme": theme}
    wanted = {name: chosen for name, chosen in fields.items() if chosen and getattr(by, name) != chosen}
    if wanted:
        with write(by=by):
            User.objects.filter(pk=by.pk).update(**wanted)


def theme_of(request: HttpRequest) -> str:
    """The person's theme, else the browser's."""
    if request.user.is_authenticated and request.user.theme != User.Theme.AUTO:
        return str(request.user.theme)
    cookie = request.COOKIES.get("theme", "")
    return cookie if cookie in THEMES else User.Theme.AUTO.value


def lock(request: HttpRequest, *, now: datetime) -> None:
    """Cover the screen."""
    session: SessionStore = request.session  # type: ignore[assignment]
    session.lock(now)


def unlock(request: HttpRequest, form: UnlockForm, *, now: datetime) -> bool:
    """Uncover it when the password is right; a wrong one counts as a wrong sign-in."""
    try:
        is_right = get_adapter(request).reauthenticate(request.user, form.cleaned_data["password"])
    except ValidationError as refused:
        form.add_error("password", refused)
        return False
    if not is_right:
        form.add_error("password", _("The password is not right."))
        return False
    session: SessionStore = request.session  # type: ignore[assignment]
    session.unlock(now)
    return True


def kept_fields(posted: QueryDict) -> list[tuple[str, str]]:
    """What a form held when the screen turned out to be locked, carried in the locked page itself."""
    return [
        (name.removeprefix(KEPT), text) for name, texts in posted.lists() if name.startswith(KEPT) for text in texts
    ]
