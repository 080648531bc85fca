"""Deny by default: a route says which ability and which token scope each method needs, or it is refused."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.exceptions import MethodNotAllowed, NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from crm.core import access_log


class HasAbility(BasePermission):
    """`view.abilities` and `view.token_scopes`, both by method; a token needs both, a session the ability."""

    message = "You may not do this."

    def has_permission(self, request: Request, view: Any) -> bool:
        """401 without sign-in, 405 for a method the route has not, 403 (and a row in the access log) otherwise."""
        if not request.user or not request.user.is_authenticated:
            raise NotAuthenticated
        method = "GET" if request.method in ("HEAD", "OPTIONS") else str(request.method)
        if method.lower() not in {name.lower() for name in view.allowed_methods}:
            raise MethodNotAllowed(method)
        ability = getattr(view, "abilities", {}).get(method)
        scope = getattr(view, "token_scopes", {}).get(method)
        granted = ability is not None and request.user.access.can(ability)
        if granted and request.auth is not None:
            granted = scope is not None and scope in request.auth.scopes
        if not granted:
            rule = f"api:{ability or 'undeclared'}"
            access_log.record_request(request._request, "denied", at=timezone.now(), detail={"rule": rule})
        return granted
