"""Deny by default: an API view says per method which ability and which token scope it needs, or it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from crm.core.abilities import NO_ACCESS, Access

if TYPE_CHECKING:  # rest_framework.views reads the settings that name this module
    from rest_framework.views import APIView

SIGNED_IN = "signed_in"


def access_of(request: Request) -> Access:
    """What the caller may see and do: his own, or (set by token sign-in) that of his client's subtree."""
    granted: Any = getattr(request.auth, "access", None)
    if granted is not None:
        return granted  # type: ignore[no-any-return]
    return request.user.access if request.user.is_authenticated else NO_ACCESS


class HasAbility(BasePermission):
    """`view.abilities = {"GET": "view_customers"}`, `view.token_scopes = {"GET": "customers:read"}`.

    "signed_in" as ability opens a method to every person who is signed in. Nothing declared means 403.
    A token needs its scope ("a|b": one of them); a person's session needs none.
    """

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Whether the method is declared and the caller has what it asks for; 405 for a method the route has not."""
        if str(request.method) not in view.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
        wanted = declared(view, "abilities").get(method)
        if wanted is None or not request.user.is_authenticated:
            return False
        scopes: Any = getattr(request.auth, "scopes", None)
        if scopes is not None:
            needed = declared(view, "token_scopes").get(method)
            if needed is None or scopes.isdisjoint(needed.split("|")):
                return False
        if wanted == SIGNED_IN:
            return True
        return access_of(request).can_any(*wanted.split("|"))


def declared(view: Any, name: str) -> Mapping[str, str]:
    """What a view declares, nothing when it does not."""
    found: Mapping[str, str] = getattr(view, name, None) or {}
    return found
