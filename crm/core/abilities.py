"""Which deeds (PLT-7): what a user may do, asked by one decorator on pages and one permission class in the API.

The table role -> abilities lives in accounts; core asks for it through `SCOPE_PROVIDER` in settings (decisions 12).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.module_loading import import_string

from crm.core.scope import Scope

if TYPE_CHECKING:
    from crm.core.models import User

P = ParamSpec("P")
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


@dataclass(frozen=True)
class Access:
    """What one user may see and do today; a value, made once per request."""

    user_id: int | None = None
    staff_id: int | None = None
    abilities: frozenset[str] = frozenset()
    scopes: Mapping[str, Scope] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    all_scope: Scope = Scope.NOTHING

    def can(self, ability: str) -> bool:
        """Whether he has the ability at all."""
        return ability in self.abilities

    def can_any(self, *abilities: str) -> bool:
        """Whether he has one of the abilities."""
        return not self.abilities.isdisjoint(abilities)

    def scope_for(self, ability: str) -> Scope:
        """On which rows he has it; NOTHING when he has it not."""
        if ability not in self.abilities:
            return Scope.NOTHING
        return self.scopes.get(ability, self.all_scope)

    @property
    def scope(self) -> Scope:
        """The customers he may see."""
        return self.scope_for("view_customers")


NO_ACCESS = Access()


@lru_cache(maxsize=1)
def _provider() -> Callable[[User, date], Access]:
    provider: Callable[[User, date], Access] = import_string(settings.SCOPE_PROVIDER)
    return provider


def access_for(user: User | AnonymousUser, today: date) -> Access:
    """Ask accounts what the user may do on this day."""
    if not user.is_authenticated or not user.is_active:
        return NO_ACCESS
    return _provider()(user, today)


def _guarded(view: View, rule: str, check: Callable[[Access], bool]) -> View:
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not check(request.access):  # type: ignore[attr-defined]
            refuse(request, rule)
        return view(request, *args, **kwargs)

    guarded.access_rule = rule  # type: ignore[attr-defined]
    return guarded  # type: ignore[return-value]


def refuse(request: HttpRequest, rule: str) -> None:
    """Refuse with 403; the refusal is the only thing written (decisions 13)."""
    from crm.core import access_log

    access_log.record_request(request, "denied", at=timezone.now(), detail={"rule": rule})
    raise PermissionDenied(rule)


def person_of(request: HttpRequest) -> User:
    """Who is signed in, on a page that only signed-in people reach."""
    from crm.core.models import User

    person = request.user
    if not isinstance(person, User):
        raise PermissionDenied
    return person


def ability(*names: str) -> Callable[[View], View]:
    """A page for those who have one of these abilities: 302 without sign-in, 403 without the ability."""

    def decorate(view: View) -> View:
        return _guarded(view, "|".join(names), lambda access: access.can_any(*names))

    return decorate


def signed_in(view: View) -> View:
    """A page for anybody who is signed in."""
    return _guarded(view, "signed_in", lambda access: True)


def public(view: View) -> View:
    """One of the few pages without sign-in; listed in the route table (decisions 18)."""

    @wraps(view)
    def open_to_all(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return view(request, *args, **kwargs)

    open_to_all.access_rule = "public"  # type: ignore[attr-defined]
    return open_to_all  # type: ignore[return-value]
